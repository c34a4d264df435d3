import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RealClock } from '../../../src/time/real-clock.ts';

describe('the real clock', () => {
  const clock = new RealClock();

  it('sleeps at least as long as asked', async () => {
    const start = clock.monotonicMs();
    await clock.sleep(20.5);
    expect(clock.monotonicMs() - start).toBeGreaterThanOrEqual(20.5);
  });

  it("agrees with the machine's wall clock", () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  it('rejects with the reason as soon as the signal aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const start = clock.monotonicMs();
    const asleep = clock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(asleep).rejects.toBe(reason);
    expect(clock.monotonicMs() - start).toBeLessThan(5_000);
  });

  it('leaves no listener on a signal that lives on', async () => {
    const controller = new AbortController();
    for (let round = 0; round < 20; round += 1) await clock.sleep(1, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  it('rejects at once when the signal has already aborted', async () => {
    await expect(clock.sleep(0, AbortSignal.abort('why'))).rejects.toBe('why');
  });

  it('does not wake at once from a sleep longer than a timer can be', async () => {
    const controller = new AbortController();
    let awake = false;
    const asleep = clock.sleep(2 ** 32, controller.signal).then(
      () => {
        awake = true;
      },
      () => undefined,
    );
    await clock.sleep(20);
    expect(awake).toBe(false);
    controller.abort();
    await asleep;
  });
});
