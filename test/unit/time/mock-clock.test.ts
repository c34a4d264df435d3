import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MockClock } from '../../../src/time/mock-clock.ts';

describe('a mock clock', () => {
  it('stands still by itself and begins where it is told to', async () => {
    const clock = new MockClock(1_000);
    await clock.advance(0);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_000, 0]);
  });

  it('moves both clocks on by exactly what it is advanced', async () => {
    const clock = new MockClock(1_000);
    await clock.advance(250);
    await clock.advance(-5);
    expect([clock.now(), clock.monotonicMs()]).toEqual([1_250, 250]);
  });

  it('wakes sleepers in the order of their due times, at their due times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_000), { maxLength: 30 }), async (waits) => {
        const clock = new MockClock(0);
        const woken: { index: number; at: number }[] = [];
        waits.forEach((ms, index) => {
          void clock.sleep(ms).then(() => woken.push({ index, at: clock.now() }));
        });
        await clock.advance(1_000);
        const expected = waits
          .map((ms, index) => ({ index, at: ms }))
          .sort((one, other) => one.at - other.at || one.index - other.index);
        expect(woken).toEqual(expected);
        expect(clock.sleepers).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('runs a chain of sleeps through within one advance', async () => {
    const clock = new MockClock(0);
    const times: number[] = [];
    const chain = (async () => {
      for (const ms of [10, 20, 30]) {
        await clock.sleep(ms);
        await Promise.resolve();
        times.push(clock.now());
      }
    })();
    await clock.advance(59);
    expect(times).toEqual([10, 30]);
    await clock.advance(1);
    await chain;
    expect(times).toEqual([10, 30, 60]);
  });

  it('does not wake anyone early', async () => {
    const clock = new MockClock();
    let awake = false;
    void clock.sleep(100).then(() => {
      awake = true;
    });
    await clock.advance(99.999);
    expect(awake).toBe(false);
    expect(clock.sleepers).toBe(1);
    await clock.advance(0.001);
    expect(awake).toBe(true);
  });

  it.each([0, -1, Number.NaN])('lets a sleep of %d pass at once', async (ms) => {
    const clock = new MockClock();
    await clock.sleep(ms);
    expect(clock.sleepers).toBe(0);
  });

  it('forgets a sleeper whose signal aborts and rejects with its reason', async () => {
    const clock = new MockClock();
    const controller = new AbortController();
    const reason = new Error('stop');
    const asleep = clock.sleep(100, controller.signal);
    controller.abort(reason);
    await expect(asleep).rejects.toBe(reason);
    expect(clock.sleepers).toBe(0);
  });

  it('rejects at once when the signal has already aborted, even for no time at all', async () => {
    const clock = new MockClock();
    await expect(clock.sleep(0, AbortSignal.abort('why'))).rejects.toBe('why');
  });

  it('lets a sleeper abort another one', async () => {
    const clock = new MockClock();
    const controller = new AbortController();
    const first = clock.sleep(10).then(() => {
      controller.abort('first');
    });
    const second = clock.sleep(10, controller.signal).catch((error: unknown) => error);
    await clock.advance(10);
    await first;
    expect(await second).toBe('first');
  });

  it('runs until a promise settles, however many sleeps that takes', async () => {
    const clock = new MockClock(0);
    const work = async (): Promise<string> => {
      for (let round = 0; round < 100; round += 1) await clock.sleep(1_000);
      return 'done';
    };
    expect(await clock.runUntil(work())).toBe('done');
    expect(clock.now()).toBe(100_000);
    await expect(clock.runUntil(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('steps the wall clock without touching the monotonic one or waking anyone', async () => {
    const clock = new MockClock(0);
    let awake = false;
    void clock.sleep(100).then(() => {
      awake = true;
    });
    clock.stepWall(3_600_000);
    await clock.advance(50);
    expect([clock.now(), clock.monotonicMs(), awake]).toEqual([3_600_050, 50, false]);
  });
});

describe.each(['events', 'promises'] as const)('a mock clock that settles %s', (settle) => {
  it('keeps the order of thousands of sleepers, of whom some leave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.integer({ min: 1, max: 50 }), leaves: fc.boolean() }), { maxLength: 60 }),
        async (plans) => {
          const clock = new MockClock(0, { settle });
          const leaving = new AbortController();
          const woken: number[] = [];
          plans.forEach(({ ms, leaves }, index) => {
            const asleep = clock.sleep(ms, leaves ? leaving.signal : undefined);
            asleep.then(
              () => woken.push(index),
              () => undefined,
            );
          });
          leaving.abort();
          await clock.advance(50);
          const expected = plans
            .map(({ ms, leaves }, index) => ({ ms, leaves, index }))
            .filter(({ leaves }) => !leaves)
            .sort((one, other) => one.ms - other.ms || one.index - other.index)
            .map(({ index }) => index);
          expect(woken).toEqual(expected);
          expect(clock.sleepers).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('lets every promise callback pass before the next one wakes', async () => {
    const clock = new MockClock(0, { settle });
    const seen: string[] = [];
    const chain = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
      seen.push(`${name} at ${clock.now()}`);
    };
    await clock.runUntil(Promise.all([chain('a', 10), chain('b', 20)]));
    expect(seen).toEqual(['a at 10', 'b at 20']);
  });
});
