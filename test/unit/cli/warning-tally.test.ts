import { expect, it } from 'vitest';
import { Notices } from '../../../src/cli/notices.ts';
import { WarningTally } from '../../../src/cli/render/warning-tally.ts';
import { MemoryStream } from './memory-stream.ts';

const source = { file: 'a.json', document: 1, index: 2 };

it('tells the first warning of each code with its place, and counts the others', () => {
  const tally = new WarningTally();
  tally.add({ source, warnings: [{ code: 'STALE', message: 'old' }] });
  tally.add({ source, warnings: [] });
  tally.add({
    warnings: [
      { code: 'STALE', message: 'older' },
      { code: 'OTHER', message: 'red \u001b[31m' },
    ],
  });
  tally.add({ source, warnings: [{ code: 'STALE', message: 'oldest' }] });
  const stream = new MemoryStream();
  tally.tell(new Notices(stream, 'normal'));
  expect(stream.text.split('\n')).toEqual([
    'warning: a.json:1:2: STALE: old (and 2 more like it; -o json has them all)',
    'warning: OTHER: red \\x1b[31m',
    '',
  ]);
});
