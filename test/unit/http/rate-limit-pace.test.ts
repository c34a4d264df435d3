import { describe, expect, it } from 'vitest';
import type { AnswerHead } from '../../../src/http/exchange.ts';
import { RateLimitPace } from '../../../src/http/rate-limit-pace.ts';
import { longestAskedWaitMs } from '../../../src/retry/classify-remote.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import type { Random } from '../../../src/time/random.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

const usedUp = (reset: string, httpStatus = 200): AnswerHead => ({
  httpStatus,
  headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': reset },
});

function drawing(value: number): Random {
  return { next: () => value, uuid: () => '' };
}

function paceWith(random: Random = drawing(0)): { pace: RateLimitPace; clock: MockClock } {
  const clock = new MockClock();
  return { pace: new RateLimitPace({ clock, random }), clock };
}

/** How long the next request waits, in milliseconds; the clock stands behind that wait afterwards. */
async function waited({ pace, clock }: ReturnType<typeof paceWith>): Promise<number> {
  const fromMs = clock.monotonicMs();
  await clock.runUntil(pace.turn(undefined));
  return clock.monotonicMs() - fromMs;
}

describe('the next request after an answer', () => {
  const limited = (httpStatus: number, headers: AnswerHead['headers']): AnswerHead => ({
    httpStatus,
    headers,
  });
  it.each<[string, AnswerHead, number]>([
    [
      'that leaves some of the allowance',
      limited(200, { 'ratelimit-remaining': '1', 'ratelimit-reset': '5' }),
      0,
    ],
    ['without such headers', limited(200, {}), 0],
    ['that uses the allowance up', usedUp('5'), 5_000],
    ['that refuses and uses the allowance up', usedUp('5', 404), 5_000],
    [
      'that uses the allowance up and does not say until when',
      limited(200, { 'ratelimit-remaining': '0' }),
      0,
    ],
    ['429 with a reset alone', limited(429, { 'ratelimit-reset': '7' }), 7_000],
    ['429 with Retry-After', limited(429, { 'retry-after': '3', 'ratelimit-reset': '7' }), 3_000],
    ['429 without either', limited(429, {}), 0],
    ['503 with Retry-After, which is about no allowance', limited(503, { 'retry-after': '3' }), 0],
    ['that asks for the longest wait', usedUp(String(longestAskedWaitMs / 1_000)), longestAskedWaitMs],
    ['that asks for more than anybody waits', usedUp(String(longestAskedWaitMs / 1_000 + 1)), 0],
  ])('%s', async (_name, head, expectedMs) => {
    const bench = paceWith();
    bench.pace.heard(head);
    expect(await waited(bench)).toBe(expectedMs);
  });
});

describe('the pace of requests', () => {
  it('counts from the answer, not from the next request', async () => {
    const bench = paceWith();
    bench.pace.heard(usedUp('5'));
    await bench.clock.advance(4_000);
    expect(await waited(bench)).toBe(1_000);
    expect(await waited(bench)).toBe(0);
  });

  it('holds every request until the reset, and spreads them over a little while after it', async () => {
    const { pace, clock } = paceWith(new SeededRandom(3));
    pace.heard(usedUp('20', 429));
    const leftAtMs: number[] = [];
    const leaving = Array.from({ length: 200 }, async () => {
      await pace.turn(undefined);
      leftAtMs.push(clock.monotonicMs());
    });
    await clock.advance(19_999);
    expect(leftAtMs).toHaveLength(0);
    await clock.runUntil(Promise.all(leaving));
    expect(Math.min(...leftAtMs)).toBeGreaterThanOrEqual(20_000);
    expect(Math.max(...leftAtMs)).toBeLessThan(22_000);
    expect(Math.max(...leftAtMs) - Math.min(...leftAtMs)).toBeGreaterThan(1_800);
  });

  it.each([
    ['half a second at least', '1', 500],
    ['a tenth of the wait', '20', 2_000],
    ['five seconds at most', '600', 5_000],
  ])('spreads over %s', async (_name, reset, spreadMs) => {
    const bench = paceWith(drawing(1));
    bench.pace.heard(usedUp(reset));
    expect(await waited(bench)).toBe(Number(reset) * 1_000 + spreadMs);
  });

  it('spreads a request that has waited elsewhere for the same reset, too', async () => {
    const bench = paceWith(drawing(0.5));
    bench.pace.heard(usedUp('20', 429));
    await bench.clock.advance(20_000);
    expect(await waited(bench)).toBe(1_000);
    expect(await waited(bench)).toBe(0);
  });

  it('goes on waiting where an answer in between says that it takes longer', async () => {
    const { pace, clock } = paceWith();
    pace.heard(usedUp('2'));
    let leftAtMs = 0;
    const waits: number[] = [];
    const leaving = pace
      .turn(undefined, (waitMs) => waits.push(waitMs))
      .then(() => {
        leftAtMs = clock.monotonicMs();
      });
    await clock.advance(1_000);
    pace.heard(usedUp('4'));
    await clock.runUntil(leaving);
    expect(leftAtMs).toBe(5_000);
    expect(waits).toEqual([2_000, 3_000]);
  });

  it('tells no wait of less than a second', async () => {
    const { pace, clock } = paceWith();
    const waits: number[] = [];
    pace.heard(usedUp('2'));
    await clock.advance(1_001);
    await clock.runUntil(pace.turn(undefined, (waitMs) => waits.push(waitMs)));
    expect([waits, clock.monotonicMs()]).toEqual([[], 2_000]);
  });

  it('keeps to the longer of two waits that crossed each other', async () => {
    const bench = paceWith();
    bench.pace.heard(usedUp('9', 429));
    bench.pace.heard(usedUp('2', 429));
    expect(await waited(bench)).toBe(9_000);
  });

  it('lets go of a wait at once when the signal aborts, and leaves no timer', async () => {
    const { pace, clock } = paceWith();
    pace.heard(usedUp('9'));
    const stop = new AbortController();
    const leaving = pace.turn(stop.signal);
    expect(clock.sleepers).toBe(1);
    stop.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    expect(clock.sleepers).toBe(0);
  });
});
