import { describe, expect, it } from 'vitest';
import { withLock } from '../../../src/lease/with-lock.ts';
import { fingerprint, lockName, lockProcess, namespace } from './lock-rig.ts';
import { TinyApi } from './tiny-api.ts';

describe('work under a lock', () => {
  it('holds the lease while it lasts, renewed however long that is, and gives it back', async () => {
    const api = new TinyApi();
    const { lock, clock } = lockProcess(api.send);
    const done = withLock(lock, fingerprint, async ({ lock: held }) => {
      await clock.sleep(95_000);
      return held.stillSafe();
    });
    await clock.advance(94_000);
    expect(api.peek('leases', namespace, lockName)).toBeDefined();
    expect(await clock.runUntil(done)).toBe(true);
    expect(api.peek('leases', namespace, lockName)).toBeUndefined();
  });

  it('gives the lease back when the work fails, and says why it failed', async () => {
    const api = new TinyApi();
    const { lock } = lockProcess(api.send);
    const failing = withLock(lock, fingerprint, () => Promise.reject(new Error('the runbook is wrong')));
    await expect(failing).rejects.toThrow('the runbook is wrong');
    expect(api.peek('leases', namespace, lockName)).toBeUndefined();
  });

  it('is not begun while somebody else holds the lease', async () => {
    const api = new TinyApi();
    const { lock, clock } = lockProcess(api.send);
    await lockProcess(api.send, { clock, seed: 2 }).lock.acquire(fingerprint);
    let begun = false;
    const waiting = withLock(lock, fingerprint, () => {
      begun = true;
      return Promise.resolve();
    });
    await expect(clock.runUntil(waiting)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' });
    expect(begun).toBe(false);
  });

  it('is told of a lock that is lost, and does not count as done', async () => {
    const api = new TinyApi();
    const { lock, clock } = lockProcess(api.send);
    let told: unknown;
    const done = withLock(lock, fingerprint, async ({ lock: held, signal }) => {
      held.markLost('a watch has shown another holder');
      told = signal.reason;
      await clock.sleep(1);
    });
    await expect(clock.runUntil(done)).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(told).toMatchObject({ code: 'LOCK_LOST' });
  });

  it('is stopped by the signal of the call', async () => {
    const { lock, clock } = lockProcess(new TinyApi().send);
    const stop = new AbortController();
    const done = withLock(lock, fingerprint, ({ signal }) => clock.sleep(60_000, signal), {
      signal: stop.signal,
    });
    await clock.advance(1000);
    stop.abort(new Error('enough'));
    await expect(done).rejects.toThrow('enough');
  });
});
