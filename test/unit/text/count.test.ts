import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted } from '../../../src/text/count.ts';

describe('a number with its noun', () => {
  it('is in the singular for one only', () => {
    expect([0, 1, 2, 11, 21, 1000].map((count) => counted(count, 'signal'))).toEqual([
      '0 signals',
      '1 signal',
      '2 signals',
      '11 signals',
      '21 signals',
      '1000 signals',
    ]);
  });

  it('takes a plural that is no noun with an s', () => {
    expect([counted(1, 'try', 'tries'), counted(3, 'try', 'tries')]).toEqual(['1 try', '3 tries']);
    expect([counted(1, 'hop leads', 'hops lead'), counted(2, 'hop leads', 'hops lead')]).toEqual([
      '1 hop leads',
      '2 hops lead',
    ]);
  });

  it('never has one of many or many of one', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('signal', 'item', 'request'), (count, noun) => {
        expect(counted(count, noun)).toBe(count === 1 ? `1 ${noun}` : `${count} ${noun}s`);
      }),
    );
  });
});
