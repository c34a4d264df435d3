import { describe, expect, it } from 'vitest';
import { brokenRun } from '../../../src/cli/plan-run/broken-run.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';

describe('a run whose journal fails', () => {
  it('is named with the way on, which is not another store', () => {
    const full = new RemedyError('STORE_FULL', 'The store in /s has no room left', {
      hint: 'Free space on its disk, or choose another directory with --store.',
      details: { directory: '/s' },
    });
    expect(brokenRun(full, 'r1')).toMatchObject({
      code: 'STORE_FULL',
      message: 'run r1 was stopped: The store in /s has no room left',
      hint: expect.stringMatching(/^free space on its disk, plan resume r1 .* do things twice$/) as unknown,
      details: { directory: '/s', run: 'r1' },
      cause: full,
    });
  });

  it('keeps the hint of every other error, and bugs as they are', () => {
    const setting = new RemedyError('CONFIG_INVALID', 'no silent policy', { hint: 'set it' });
    expect(brokenRun(setting, 'r1')).toMatchObject({ message: 'no silent policy', hint: 'set it' });
    const bug = new TypeError('x is undefined');
    expect(brokenRun(bug, 'r1')).toBe(bug);
  });
});
