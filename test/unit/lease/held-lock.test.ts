import { describe, expect, it } from 'vitest';
import type { HeldLock, LockState } from '../../../src/lease/held-lock.ts';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import type { MockClock } from '../../../src/time/mock-clock.ts';
import { TinyApi } from './tiny-api.ts';
import { fingerprint, leaseOf, lockName, lockProcess, namespace } from './lock-rig.ts';

async function holding(api: TinyApi, clock?: MockClock) {
  const process = lockProcess(api.send, clock === undefined ? {} : { clock });
  const acquired = (await process.lock.tryAcquire(fingerprint)) as HeldLock;
  expect(acquired.kind).toBe('held');
  api.log.length = 0;
  return { ...process, acquired };
}

function specOf(api: TinyApi): LeaseSpec | undefined {
  return api.peek('leases', namespace, lockName)?.['spec'] as LeaseSpec | undefined;
}

describe('whether the protected write may be sent', () => {
  it('is yes until 5 s before the end, counted from when the acquisition was sent', async () => {
    const { acquired, clock } = await holding(new TinyApi());
    await clock.advance(24_999);
    expect(acquired.stillSafe()).toBe(true);
    await clock.advance(1);
    expect(acquired.stillSafe()).toBe(false);
  });

  it('is yes again after a renewal, counted from when that was sent', async () => {
    const { acquired, clock } = await holding(new TinyApi());
    await clock.advance(26_000);
    await acquired.renew();
    expect(acquired.sentAtMonotonicMs).toBe(26_000);
    expect(acquired.stillSafe()).toBe(true);
  });

  it('is not moved by a wall clock that is set', async () => {
    const { acquired, clock } = await holding(new TinyApi());
    clock.stepWall(-3_600_000);
    await clock.advance(25_000);
    expect(acquired.stillSafe()).toBe(false);
  });

  it('is no once the lock is being released', async () => {
    const { acquired } = await holding(new TinyApi());
    const releasing = acquired.release();
    expect(acquired.stillSafe()).toBe(false);
    await releasing;
  });
});

describe('a renewal', () => {
  it('writes renewTime alone, and moves the token on', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    const before = specOf(api);
    const token = acquired.token;
    await clock.advance(10_000);
    await acquired.renew();
    expect(specOf(api)).toEqual({ ...before, renewTime: '2026-08-22T12:00:10.000000Z' });
    expect(acquired.token).not.toBe(token);
  });

  it.each<[string, (api: TinyApi) => void]>([
    ['somebody has taken the lease over', (api) => api.plant('leases', leaseOf({ holderIdentity: 'other' }))],
    [
      'the lease is gone',
      (api) => {
        api.remove('leases', namespace, lockName);
      },
    ],
    [
      'the lease was made anew',
      (api) => {
        api.remove('leases', namespace, lockName);
        api.plant('leases', leaseOf({ holderIdentity: 'other' }));
      },
    ],
  ])('finds the lock lost when %s', async (_, meanwhile) => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    const states: LockState[] = [];
    acquired.onEnd((state) => states.push(state));
    meanwhile(api);
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(acquired.state).toBe('lost');
    expect(acquired.lost.aborted).toBe(true);
    expect(acquired.lost.reason).toMatchObject({ code: 'LOCK_LOST' });
    expect(acquired.stillSafe()).toBe(false);
    expect(states).toEqual(['lost']);
  });

  it('finds the lock lost when a server makes a new lease of it', async () => {
    const api = new TinyApi();
    const process = lockProcess(async (request) => {
      if (request.method !== 'PUT') return api.send(request);
      api.remove('leases', namespace, lockName);
      const body = JSON.parse(request.body!) as { metadata: { uid?: string } };
      delete body.metadata.uid;
      return api.send({ ...request, body: JSON.stringify(body) });
    });
    const acquired = (await process.lock.tryAcquire(fingerprint)) as HeldLock;
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
  });

  it('without an answer is neither a renewal nor a loss', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    await clock.advance(10_000);
    api.inject('PUT', { code: 503, reason: 'ServiceUnavailable', message: 'later' });
    await expect(acquired.renew()).rejects.toMatchObject({
      code: 'LOCK_FAILED',
      message: `failed to renew lease ${lockName}: later`,
    });
    expect(acquired.state).toBe('held');
    expect(acquired.sentAtMonotonicMs).toBe(0);
  });

  it('goes on from one that took effect although its answer was lost', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    api.inject('PUT', { errno: 'ECONNRESET', afterwards: true });
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_FAILED' });
    await clock.advance(2000);
    await acquired.renew();
    expect(acquired.state).toBe('held');
    expect(acquired.sentAtMonotonicMs).toBe(2000);
    expect(acquired.token).toBe(api.peek('leases', namespace, lockName)?.metadata.resourceVersion);
    expect(api.log).toEqual(['PUT', 'PUT', 'GET', 'PUT'].map((method) => `${method} leases/${lockName}`));
  });

  it('after one without an answer still finds the lock lost to somebody else', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    api.inject('PUT', { errno: 'ECONNRESET', afterwards: true });
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_FAILED' });
    const spec = { ...specOf(api), holderIdentity: 'other' };
    api.plant('leases', { ...api.peek('leases', namespace, lockName)!, spec });
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(acquired.state).toBe('lost');
    expect(specOf(api)?.holderIdentity).toBe('other');
  });

  it('is one request when asked for twice at once', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    await clock.advance(1);
    await Promise.all([acquired.renew(), acquired.renew()]);
    expect(api.log).toEqual([`PUT leases/${lockName}`]);
  });

  it('of a lock that has ended is refused without a request', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    acquired.abandon();
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(api.log).toEqual([]);
  });
});

describe('kept renewed', () => {
  it('is renewed every third of the duration until it is released', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    acquired.keepRenewed();
    await clock.advance(35_000);
    expect(api.log).toHaveLength(3);
    expect(acquired.stillSafe()).toBe(true);
    await acquired.release();
    await clock.advance(60_000);
    expect(api.log).toHaveLength(4);
    expect(clock.sleepers).toBe(0);
  });

  it('tries again soon when a renewal got no answer', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    acquired.keepRenewed();
    api.inject('PUT', { errno: 'ECONNREFUSED' });
    await clock.advance(12_000);
    expect(acquired.sentAtMonotonicMs).toBe(12_000);
    expect(acquired.state).toBe('held');
  });

  it('is given up when no renewal was acknowledged for the whole duration', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    acquired.keepRenewed();
    api.inject('PUT', ...Array.from({ length: 50 }, () => ({ errno: 'ECONNREFUSED' })));
    await clock.advance(29_000);
    expect(acquired.state).toBe('held');
    await clock.advance(2000);
    expect(acquired.state).toBe('lost');
    expect(clock.sleepers).toBe(0);
  });
});

describe('letting go', () => {
  it('deletes the lease, once, with its preconditions', async () => {
    const api = new TinyApi();
    const { acquired, heldLocks } = await holding(api);
    expect(heldLocks.list()).toEqual([acquired]);
    const [first, second] = await Promise.all([acquired.release(), acquired.release()]);
    expect(first).toEqual({ kind: 'released', leaseName: lockName });
    expect(second).toBe(first);
    expect(api.log).toEqual([`DELETE leases/${lockName}`]);
    expect(heldLocks.list()).toEqual([]);
  });

  it('leaves a lease alone that is somebody else\u2019s by now', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    api.plant('leases', leaseOf({ holderIdentity: 'other' }));
    expect(await acquired.release()).toEqual({ kind: 'lost', leaseName: lockName });
    expect(specOf(api)).toEqual({ holderIdentity: 'other' });
  });

  it('leaves a lease alone that somebody has made anew', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    api.remove('leases', namespace, lockName);
    api.plant('leases', leaseOf({ holderIdentity: 'other' }));
    expect(await acquired.release()).toEqual({ kind: 'lost', leaseName: lockName });
    expect(specOf(api)).toEqual({ holderIdentity: 'other' });
  });

  it('says lost where somebody takes it over while the first DELETE hangs', async () => {
    const api = new TinyApi();
    let deletions = 0;
    const { lock, clock } = lockProcess((request) => {
      if (request.method !== 'DELETE' || (deletions += 1) > 1) return api.send(request);
      api.plant('leases', leaseOf({ holderIdentity: 'other' }));
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => {
          reject(request.signal?.reason as Error);
        });
      });
    });
    const acquired = (await lock.tryAcquire(fingerprint)) as HeldLock;
    expect(await clock.runUntil(acquired.release())).toEqual({ kind: 'lost', leaseName: lockName });
    expect(specOf(api)).toEqual({ holderIdentity: 'other' });
  });

  it('deletes its lease although the answer to its last renewal was lost', async () => {
    const api = new TinyApi();
    const { acquired, clock } = await holding(api);
    await clock.advance(1);
    api.inject('PUT', { errno: 'ECONNRESET', afterwards: true });
    await expect(acquired.renew()).rejects.toMatchObject({ code: 'LOCK_FAILED' });
    expect(await acquired.release()).toEqual({ kind: 'released', leaseName: lockName });
    expect(specOf(api)).toBeUndefined();
  });

  it('is done when the lease is gone', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    api.remove('leases', namespace, lockName);
    expect(await acquired.release()).toEqual({ kind: 'gone', leaseName: lockName });
  });

  it('says what went wrong, and does not throw', async () => {
    const api = new TinyApi();
    const { acquired } = await holding(api);
    api.inject('DELETE', { code: 500, reason: 'InternalError', message: 'boom' });
    expect(await acquired.release()).toMatchObject({
      kind: 'failed',
      error: { code: 'LOCK_FAILED', message: 'failed to delete lease: boom' },
    });
    expect(acquired.state).toBe('released');
  });

  it('gives a server that hangs 5 s, whatever became of the caller', async () => {
    const api = new TinyApi();
    const controller = new AbortController();
    const { lock, clock } = lockProcess((request) => {
      if (request.method !== 'DELETE') return api.send(request);
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => {
          reject(request.signal?.reason as Error);
        });
      });
    });
    const acquired = (await lock.tryAcquire(fingerprint, { signal: controller.signal })) as HeldLock;
    controller.abort();
    const outcome = await clock.runUntil(acquired.release());
    expect(outcome.kind).toBe('failed');
    expect(clock.monotonicMs()).toBe(5000);
  });

  it.each([
    ['is lost', false, () => undefined, undefined],
    ['has arrived', true, () => undefined, undefined],
    [
      'has arrived, and somebody holds it since',
      true,
      (api: TinyApi) => api.plant('leases', leaseOf({ holderIdentity: 'gateway-1' })),
      'gateway-1',
    ],
  ] as const)(
    'goes out once more where the first DELETE %s without an answer',
    async (_, arrives, then, left) => {
      const api = new TinyApi();
      let deletions = 0;
      const { lock, clock } = lockProcess(async (request) => {
        if (request.method !== 'DELETE' || (deletions += 1) > 1) return api.send(request);
        if (arrives) await api.send(request);
        then(api);
        return new Promise((__, reject) => {
          request.signal?.addEventListener('abort', () => {
            reject(request.signal?.reason as Error);
          });
        });
      });
      const acquired = (await lock.tryAcquire(fingerprint)) as HeldLock;
      expect(await clock.runUntil(acquired.release())).toEqual({ kind: 'released', leaseName: lockName });
      expect(clock.monotonicMs()).toBe(2000);
      expect(specOf(api)?.holderIdentity).toBe(left);
    },
  );

  it('by abandoning leaves the lease where it is, and this process out of its way', async () => {
    const api = new TinyApi();
    const { acquired, lock, clock } = await holding(api);
    acquired.keepRenewed();
    acquired.abandon();
    await clock.advance(20_000);
    expect(api.log).toEqual([]);
    expect(await acquired.release()).toEqual({ kind: 'abandoned', leaseName: lockName });
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
  });

  it('tells a listener that comes too late at once', async () => {
    const { acquired } = await holding(new TinyApi());
    await acquired.release();
    const states: LockState[] = [];
    acquired.onEnd((state) => states.push(state));
    expect(states).toEqual(['released']);
  });
});

describe('all locks of a process', () => {
  it('are released together, those under way included', async () => {
    const api = new TinyApi();
    const { lock, heldLocks } = lockProcess(api.send);
    await lock.tryAcquire(fingerprint);
    await lock.tryAcquire('d5'.repeat(32));
    const pending = lock.tryAcquire('e6'.repeat(32));
    await Promise.resolve();
    await Promise.resolve();
    const outcomes = await heldLocks.releaseAll();
    expect((await pending).kind).toBe('held');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['released', 'released', 'released']);
    expect(api.all('leases')).toEqual([]);
  });

  it('do not include those that were lost or abandoned', async () => {
    const api = new TinyApi();
    const { lock, heldLocks } = lockProcess(api.send);
    const lost = (await lock.tryAcquire(fingerprint)) as HeldLock;
    const abandoned = (await lock.tryAcquire('d5'.repeat(32))) as HeldLock;
    lost.markLost('a watch showed another holder');
    abandoned.abandon();
    expect(await heldLocks.releaseAll()).toEqual([]);
    expect(api.all('leases')).toHaveLength(2);
  });
});
