import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  delayAfter,
  delayBounds,
  nominalDelay,
  startBackoff,
  takeDelay,
} from '../../../src/retry/backoff.ts';
import type { BackoffShape } from '../../../src/retry/backoff.ts';
import { creationRetry, statusUpdate } from '../../../src/retry/retry-policy.ts';
import type { Random } from '../../../src/time/random.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared } from '../../support/shared.ts';
import { readRetryVectors } from './gateway-vectors.ts';

const vectors = hasShared ? readRetryVectors() : undefined;

/** Always the same draw, at the edges of [0, 1). */
function always(draw: number): Random {
  return { next: () => draw, uuid: () => '' };
}

const lowest = always(0);
const highest = always(1 - 2 ** -53);
const toNs = (ms: number): number => Math.round(ms * 1e6);

describe.skipIf(vectors === undefined)("the gateway's backoff", () => {
  it.each(vectors?.backoff ?? [])('$config attempt $attempt', ({ config, attempt, minNs, maxNs }) => {
    const shape: BackoffShape = {
      initialMs: config.basePeriodNs / 1e6,
      // the gateway reads 0 as "no limit" here and as "twice" there
      maxMs: config.maxPeriodNs === 0 ? Number.POSITIVE_INFINITY : config.maxPeriodNs / 1e6,
      multiplier: config.multiplier === 0 ? 2 : config.multiplier,
      jitter: config.jitterPercent / 100,
    };
    expect(toNs(delayAfter(shape, attempt, lowest))).toBe(minNs);
    expect(toNs(delayAfter(shape, attempt, highest))).toBe(maxNs);
  });

  it("waits between status updates as client-go's DefaultBackoff does", () => {
    const expected = vectors!.statusUpdaterBackoff;
    expect(statusUpdate).toMatchObject({
      maxAttempts: expected.steps,
      initialMs: expected.durationNs / 1e6,
      multiplier: expected.factor,
      jitter: expected.jitter,
    });
    expected.sleepsNs.forEach(({ minNs, maxNs }, index) => {
      expect(toNs(delayAfter(statusUpdate, index + 1, lowest))).toBe(minNs);
      // the last nanosecond is approached, not reached
      expect(toNs(delayAfter(statusUpdate, index + 1, highest))).toBe(maxNs - 1);
    });
  });
});

const shapes = fc
  .record({
    initialMs: fc.integer({ min: 0, max: 5_000 }),
    beyondMs: fc.integer({ min: 0, max: 30_000 }),
    capped: fc.boolean(),
    multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
    jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    growth: fc.constantFrom('exponential' as const, 'quadratic' as const, 'constant' as const),
    spread: fc.constantFrom('around' as const, 'above' as const),
  })
  .map(({ beyondMs, capped, ...rest }): BackoffShape => ({
    ...rest,
    maxMs: capped ? rest.initialMs + beyondMs : Number.POSITIVE_INFINITY,
  }));

const attempts = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 }));

describe('a wait of any valid policy', () => {
  it('lies within the policy and within the bounds that are announced for it', () => {
    fc.assert(
      fc.property(shapes, attempts, fc.integer(), (shape, attempt, seed) => {
        const delay = delayAfter(shape, attempt, new SeededRandom(seed));
        const { minMs, nominalMs, maxMs } = delayBounds(shape, attempt);
        expect(delay).toBeGreaterThanOrEqual(minMs);
        expect(delay).toBeLessThanOrEqual(maxMs);
        expect(minMs).toBeGreaterThanOrEqual(shape.initialMs);
        expect(maxMs).toBeLessThanOrEqual(shape.maxMs);
        expect(nominalMs).toBeGreaterThanOrEqual(minMs);
        expect(nominalMs).toBeLessThanOrEqual(maxMs);
        expect(Number.isFinite(delay)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('nominally never shrinks, and stays at the cap once there', () => {
    fc.assert(
      fc.property(shapes, attempts, (shape, attempt) => {
        const now = nominalDelay(shape, attempt);
        const next = nominalDelay(shape, attempt + 1);
        expect(next).toBeGreaterThanOrEqual(now);
        if (now === shape.maxMs) expect(next).toBe(now);
      }),
    );
  });

  it('is never below the nominal one where jitter only lengthens', () => {
    fc.assert(
      fc.property(shapes, attempts, fc.integer(), (shape, attempt, seed) => {
        const above = { ...shape, spread: 'above' as const };
        expect(delayAfter(above, attempt, new SeededRandom(seed))).toBeGreaterThanOrEqual(
          nominalDelay(above, attempt),
        );
      }),
    );
  });

  it('comes out the same for the same seed', () => {
    const run = (shape: BackoffShape, seed: number): number[] => {
      const random = new SeededRandom(seed);
      let backoff = startBackoff(shape);
      return Array.from({ length: 8 }, () => {
        const { delayMs, next } = takeDelay(backoff, random);
        backoff = next;
        return delayMs;
      });
    };
    fc.assert(
      fc.property(shapes, fc.integer(), (shape, seed) => {
        expect(run(shape, seed)).toEqual(run(shape, seed));
      }),
    );
  });
});

describe('a backoff', () => {
  it('is a value: taking a delay changes nothing of it', () => {
    const backoff = Object.freeze(startBackoff(creationRetry));
    const { next } = takeDelay(backoff, lowest);
    expect(backoff.attempt).toBe(1);
    expect(next).toEqual({ shape: creationRetry, attempt: 2 });
    expect(takeDelay(backoff, lowest)).toEqual(takeDelay(backoff, lowest));
  });

  it.each([
    ['exponential', [100, 200, 400, 800, 1_000]],
    ['quadratic', [100, 400, 900, 1_000, 1_000]],
    ['constant', [100, 100, 100, 100, 100]],
  ] as const)('grows %s up to its cap', (growth, expected) => {
    const shape: BackoffShape = { initialMs: 100, maxMs: 1_000, multiplier: 2, jitter: 0, growth };
    expect([1, 2, 3, 4, 5].map((attempt) => nominalDelay(shape, attempt))).toEqual(expected);
  });
});
