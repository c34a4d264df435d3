import { describe, expect, it } from 'vitest';
import { PassLimits } from '../../../src/ingest/pass-limits.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

function start() {
  const clock = new MockClock();
  const stop = new AbortController();
  const grace = new AbortController();
  const ended = new AbortController();
  const run = { stop: stop.signal, graceOver: grace.signal, ended: ended.signal };
  return { clock, stop, grace, ended, limits: new PassLimits(clock, 1_000, run) };
}

describe('the time limits of passes', () => {
  it('end the waits and requests of a pass whose time is up, each pass at its own time', async () => {
    const { clock, limits } = start();
    const first = limits.begin();
    await clock.advance(400);
    const second = limits.begin();
    await clock.advance(599);
    expect(first.requests.aborted).toBe(false);
    await clock.advance(1);
    expect(first.overdue).toMatchObject({ code: 'TIMEOUT', message: 'not finished within 1 s' });
    expect([first.waiting.reason, first.requests.reason]).toEqual([first.overdue, first.overdue]);
    expect(second.waiting.aborted).toBe(false);
    await clock.advance(400);
    expect(second.overdue).toMatchObject({ code: 'TIMEOUT' });
  });

  it('leave a pass alone that has ended', async () => {
    const { clock, stop, grace, limits } = start();
    const done = limits.begin();
    limits.end(done);
    await clock.advance(5_000);
    stop.abort('stopped');
    grace.abort('over');
    expect([done.waiting.aborted, done.requests.aborted, done.overdue]).toEqual([false, false, undefined]);
  });

  it('limit a pass that begins long after all others have ended', async () => {
    const { clock, limits } = start();
    limits.end(limits.begin());
    await clock.advance(5_000);
    const later = limits.begin();
    await clock.advance(999);
    expect(later.overdue).toBeUndefined();
    await clock.advance(1);
    expect(later.overdue).toBeDefined();
  });

  it('hold one timer for any number of passes, and none once the run has ended', async () => {
    const { clock, ended, limits } = start();
    for (let count = 0; count < 100; count += 1) limits.begin();
    await clock.advance(0);
    expect(clock.sleepers).toBe(1);
    ended.abort();
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });

  it('end the waits with the stop and the requests with the time after it, of passes under way and of new ones', () => {
    const { stop, grace, limits } = start();
    const before = limits.begin();
    stop.abort('stopped');
    const between = limits.begin();
    for (const pass of [before, between]) {
      expect(pass.waiting.reason).toBe('stopped');
      expect(pass.requests.aborted).toBe(false);
    }
    grace.abort('over');
    for (const pass of [before, between, limits.begin()]) {
      expect(pass.requests.reason).toBe('over');
      expect(pass.overdue).toBeUndefined();
    }
  });
});
