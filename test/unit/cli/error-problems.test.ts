import { describe, expect, it } from 'vitest';
import { errorText } from '../../../src/cli/error-report.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';

const about = { version: '1', verbose: false };

describe('an error with several problems', () => {
  const problems = [
    { where: 'a.yaml:1:2', field: 'x', message: 'is missing' },
    { where: 'a.yaml:3:4', message: 'forged\n  b.yaml: line', suggestion: 'y' },
  ];

  it('has one line for each, and a line end inside of one forges none', () => {
    const message = '2 problems:\n  a.yaml:1:2: x: is missing\n  a.yaml:3:4: forged\n  b.yaml: line';
    const text = errorText(new RemedyError('INVALID_DOCUMENT', message, { details: { problems } }), about);
    expect(text.split('\n')).toStrictEqual([
      'error: 2 problems:',
      '  a.yaml:1:2: x: is missing',
      String.raw`  a.yaml:3:4: forged\n  b.yaml: line; did you mean "y"?`,
      '  code: INVALID_DOCUMENT',
      '',
    ]);
  });

  it('keeps to its message where the details are something else', () => {
    const error = new RemedyError('USAGE', 'one\ntwo', { details: { problems: ['a', 'b'] } });
    expect(errorText(error, about)).toBe('error: one\\ntwo\n  code: USAGE\n');
  });
});
