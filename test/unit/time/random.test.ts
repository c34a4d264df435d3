import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../../src/time/random.ts';
import { SeededRandom, stepXoshiro128 } from '../../../src/time/seeded-random.ts';
import type { Xoshiro128State } from '../../../src/time/seeded-random.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

/** The C source, line by line, in 64-bit arithmetic. */
function reference(start: Xoshiro128State, count: number): number[] {
  const mask = 0xffffffffn;
  const rotl = (word: bigint, bits: bigint): bigint => ((word << bits) | (word >> (32n - bits))) & mask;
  const s = start.map((word) => BigInt(word) & mask) as [bigint, bigint, bigint, bigint];
  return Array.from({ length: count }, () => {
    const result = (rotl((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
    return Number(result);
  });
}

describe('xoshiro128**', () => {
  it('gives the published numbers', () => {
    let state: Xoshiro128State = [1, 2, 3, 4];
    const values: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const { value, next } = stepXoshiro128(state);
      values.push(value);
      state = next;
    }
    expect(values).toEqual([11520, 0, 5927040, 70819200]);
  });

  it('follows its source from any state', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (start) => {
        let state: Xoshiro128State = start;
        const values = Array.from({ length: 20 }, () => {
          const { value, next } = stepXoshiro128(state);
          state = next;
          return value;
        });
        expect(values).toEqual(reference(start, 20));
      }),
    );
  });
});

describe('seeded randomness', () => {
  it('gives the same run for the same seed, and another one for its neighbour', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const run = draws(new SeededRandom(seed), 10);
        expect(draws(new SeededRandom(seed), 10)).toEqual(run);
        expect(draws(new SeededRandom(seed + 1), 10)).not.toEqual(run);
      }),
    );
  });

  it('does not change from release to release', () => {
    const random = new SeededRandom(1);
    expect({ next: random.next(), uuid: random.uuid() }).toMatchInlineSnapshot(`
      {
        "next": 0.5686059948349658,
        "uuid": "e3af522f-7d71-4b05-b878-16c2fbbe0c00",
      }
    `);
  });

  it('spreads over the whole range', () => {
    const counts = new Array<number>(10).fill(0);
    for (const draw of draws(new SeededRandom(7), 100_000)) counts[Math.floor(draw * 10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe.each([
  ['seeded', new SeededRandom(3)],
  ['system', new SystemRandom()],
] as const)('%s randomness', (_name, random) => {
  it('is uniform in [0, 1)', () => {
    const values = draws(random, 20_000);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0.5, 1);
  });

  it('makes version 4 UUIDs, each once', () => {
    const ids = Array.from({ length: 2_000 }, () => random.uuid());
    expect(ids.filter((id) => !uuid4.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.charAt(19)))).toEqual(new Set(['8', '9', 'a', 'b']));
  });
});
