import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runTimes } from '../../../src/lease/run-times.ts';

describe('the times of a run', () => {
  it('of a lease of 30 s leave 22 s for renewals, 5 s to stop and 3 s in reserve', () => {
    expect(runTimes(30_000)).toEqual({
      durationMs: 30_000,
      heartbeatMs: 10_000,
      renewDeadlineMs: 22_000,
      killMs: 27_000,
      graceMs: 5000,
      tryMs: 3000,
      pauseMs: 500,
    });
  });

  it('give a short lease a shorter grace', () => {
    expect(runTimes(10_000)).toMatchObject({ graceMs: 2500, renewDeadlineMs: 6500, killMs: 9000 });
  });

  it.each([-1, 4001, 10_000])('refuse a grace of %i ms in a lease of 10 s', (graceMs) => {
    expect(() => runTimes(10_000, graceMs)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
    );
  });

  it('always stop before the lease expires, and always leave time for a second renewal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 3600 }),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        (s, share) => {
          const times = runTimes(s * 1000, s * 1000 * share);
          expect(times.renewDeadlineMs + times.graceMs).toBeLessThanOrEqual(times.killMs + 1e-6);
          expect(times.killMs).toBeLessThan(times.durationMs);
          expect(times.renewDeadlineMs).toBeGreaterThan(times.heartbeatMs + 4 * times.pauseMs);
        },
      ),
    );
  });
});
