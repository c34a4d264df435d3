import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, type ExpectedResult } from '../../../src/send/align.ts';

const a: ExpectedResult = { fingerprint: 'a', resourceText: 'ns:Deployment:a' };
const b: ExpectedResult = { fingerprint: 'b', resourceText: 'ns:Deployment:b' };
const gone: ExpectedResult = { isDropped: true };
const unknown: ExpectedResult = {};
const of = (fingerprint: string): { fingerprint: string; text: string } => ({ fingerprint, text: '' });
const rejected = { text: 'Signal rejected: resource ns:Deployment:a is not managed by Kubernaut' };

describe('whose a result of a batch is', () => {
  it.each([
    ['as many results as alerts: by place, whatever we expected', [a, b], [of('x'), of('y')], [0, 1]],
    ['what is foretold to be dropped is', [a, gone, b], [of('a'), of('b')], [0, 'dropped', 1]],
    ['the others are found by their fingerprints', [a, b, a], [of('b'), of('a')], ['dropped', 0, 1]],
    ['two of one fingerprint and one result: either', [a, a], [of('a')], ['unknown', 'unknown']],
    ['beside those another is certain', [a, a, b], [of('a'), of('b')], ['unknown', 'unknown', 1]],
    ['a rejection is found by its resource', [b, a, gone], [rejected], ['dropped', 0, 'dropped']],
    ['one that cannot be foretold may be any', [unknown, b], [of('b')], ['unknown', 'unknown']],
    ['what nobody expected: nothing is certain', [a, b], [of('x')], ['unknown', 'unknown']],
    ['no result at all', [a, b], [], ['dropped', 'dropped']],
  ])('%s', (_, expected, given, aligned) => {
    expect(align(expected, given)).toEqual(aligned);
  });

  it('is never certain of another result than the true one', () => {
    const alerts = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), isDropped: fc.boolean() }), {
      maxLength: 7,
    });
    fc.assert(
      fc.property(alerts, (input) => {
        const expected = input.map(({ name }) => ({ fingerprint: name }));
        const given = input.filter(({ isDropped }) => !isDropped).map(({ name }) => of(name));
        let next = 0;
        const truth = input.map(({ isDropped }) => (isDropped ? 'dropped' : next++));
        for (const [index, place] of align(expected, given).entries()) {
          if (place !== 'unknown') expect(place).toBe(truth[index]);
        }
      }),
    );
  });
});
