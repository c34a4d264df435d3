import { describe, expect, it, vi } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { HeldLock } from '../../../src/lease/held-lock.ts';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import type { LockContention, LockWaitEnded } from '../../../src/lease/lock-contention.ts';
import { formatMicroTime } from '../../../src/lease/micro-time.ts';
import { TinyApi } from './tiny-api.ts';
import { fingerprint, leaseOf, lockName, lockProcess, namespace } from './lock-rig.ts';

const startMs = Date.parse('2026-08-22T12:00:00Z');

function heldBy(holder: string, agoMs = 1000, durationSeconds: number | null = 30): LeaseSpec {
  const time = formatMicroTime(startMs - agoMs);
  const spec = { holderIdentity: holder, acquireTime: time, renewTime: time };
  return durationSeconds === null ? spec : { ...spec, leaseDurationSeconds: durationSeconds };
}

function held(result: HeldLock | LockContention | LockWaitEnded): HeldLock {
  if (result.kind !== 'held') throw new Error(`not acquired: ${result.kind}`);
  return result;
}

function specOf(api: TinyApi): LeaseSpec | undefined {
  return api.peek('leases', namespace, lockName)?.['spec'] as LeaseSpec | undefined;
}

describe('acquiring', () => {
  it('costs one request when the lock is free', async () => {
    const api = new TinyApi();
    const { lock } = lockProcess(api.send);
    const acquired = held(await lock.tryAcquire(fingerprint));
    expect(api.log).toEqual(['POST leases']);
    expect(specOf(api)).toEqual({
      holderIdentity: acquired.holder,
      acquireTime: '2026-08-22T12:00:00.000000Z',
      renewTime: '2026-08-22T12:00:00.000000Z',
      leaseDurationSeconds: 30,
    });
    expect(acquired).toMatchObject({
      leaseName: lockName,
      takenOver: false,
      sentAtMonotonicMs: 0,
      attempts: 1,
    });
    expect(acquired.token).toBe(api.peek('leases', namespace, lockName)?.metadata.resourceVersion);
  });

  it('draws a holder id of its own every time, and tells it before the first request', async () => {
    const api = new TinyApi();
    const { lock } = lockProcess(api.send);
    const told: string[] = [];
    const onHolder = (name: string, holder: string): void => {
      told.push(`${name} ${holder} ${api.log.length}`);
    };
    const first = held(await lock.tryAcquire(fingerprint, { onHolder }));
    await first.release();
    const second = held(await lock.tryAcquire(fingerprint, { onHolder }));
    expect(first.holder).toMatch(/^bastion\/1\/[0-9a-f-]{36}$/);
    expect(second.holder).not.toBe(first.holder);
    expect(told).toEqual([`${lockName} ${first.holder} 0`, `${lockName} ${second.holder} 2`]);
  });

  it('says who holds the lock and until when', async () => {
    const api = new TinyApi();
    const { metadata } = api.plant('leases', leaseOf(heldBy('gateway-1')));
    const result = await lockProcess(api.send).lock.tryAcquire(fingerprint);
    expect(result).toEqual({
      kind: 'contention',
      leaseName: lockName,
      holder: 'gateway-1',
      until: '2026-08-22T12:00:29.000000Z',
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
    });
  });

  it('takes over an expired lease, with all its fields set and its preconditions sent', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf({ ...heldBy('gateway-1', 30_001, 15), leaseTransitions: 4 }));
    const acquired = held(await lockProcess(api.send).lock.tryAcquire(fingerprint));
    expect(acquired.takenOver).toBe(true);
    expect(specOf(api)).toEqual({
      holderIdentity: acquired.holder,
      acquireTime: '2026-08-22T12:00:00.000000Z',
      renewTime: '2026-08-22T12:00:00.000000Z',
      leaseDurationSeconds: 30,
      leaseTransitions: 5,
    });
  });

  it.each<[string, (api: TinyApi) => void]>([
    ['somebody else takes it over first', (api) => api.plant('leases', leaseOf(heldBy('other', 0)))],
    ['its holder renews it', (api) => api.plant('leases', leaseOf(heldBy('gateway-1', 0)))],
    [
      'it is deleted',
      (api) => {
        api.remove('leases', namespace, lockName);
      },
    ],
    [
      'it is deleted and made anew',
      (api) => {
        api.remove('leases', namespace, lockName);
        api.plant('leases', leaseOf(heldBy('other', 0)));
      },
    ],
  ])('is contention when %s between look and takeover', async (_, meanwhile) => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', 40_000)));
    api.inject('PUT', {
      meanwhile: () => {
        meanwhile(api);
      },
    });
    const result = await lockProcess(api.send).lock.tryAcquire(fingerprint);
    expect(result.kind).toBe('contention');
    expect(String(specOf(api)?.holderIdentity)).not.toMatch(/^bastion/);
  });

  it('does not believe a server that makes a new lease of its takeover', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', 40_000)));
    const { lock } = lockProcess(async (request) => {
      if (request.method !== 'PUT') return api.send(request);
      api.remove('leases', namespace, lockName);
      const body = JSON.parse(request.body!) as { metadata: { uid?: string } };
      delete body.metadata.uid;
      return api.send({ ...request, body: JSON.stringify(body) });
    });
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    expect(specOf(api)).toBeUndefined();
  });

  it('recognises its own lease when the answer to its POST was lost', async () => {
    const api = new TinyApi();
    api.inject('POST', { errno: 'ECONNRESET', afterwards: true });
    const acquired = held(await lockProcess(api.send).lock.tryAcquire(fingerprint));
    expect(acquired.holder).toBe(specOf(api)?.holderIdentity);
    expect(api.log).toEqual(['POST leases', `GET leases/${lockName}`]);
  });

  it('recognises its own lease when the POST was sent twice below it', async () => {
    const api = new TinyApi();
    const { lock } = lockProcess(async (request) => {
      if (request.method === 'POST') await api.send(request);
      return api.send(request);
    });
    expect(held(await lock.tryAcquire(fingerprint)).takenOver).toBe(false);
  });

  it.each([
    ['was lost', (send: Send): Send => send],
    [
      'was lost and the POST sent twice below it',
      (send: Send): Send =>
        async (request) => {
          if (request.method !== 'POST') return send(request);
          await send(request).catch(() => undefined);
          return { ...(await send(request)), resent: true };
        },
    ],
  ])('takes its own lease back when the answer %s and nobody can say whose it is', async (_, sent) => {
    const api = new TinyApi();
    api.inject('POST', { errno: 'ECONNRESET', afterwards: true });
    api.inject('GET', { code: 503, reason: 'ServiceUnavailable', message: 'not now' });
    const { lock, heldLocks } = lockProcess(sent(api.send));
    await expect(lock.tryAcquire(fingerprint)).rejects.toMatchObject({ code: 'LOCK_FAILED' });
    expect(specOf(api)).toBeUndefined();
    expect(heldLocks.left(startMs)).toEqual([]);
  });

  it('leaves alone what it could not read and knows not to be its own', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1')));
    api.inject('GET', { code: 503, reason: 'ServiceUnavailable', message: 'not now' });
    await expect(lockProcess(api.send).lock.tryAcquire(fingerprint)).rejects.toThrow('not now');
    expect(api.log).toEqual(['POST leases', `GET leases/${lockName}`]);
  });

  it('recognises its takeover when the answer to its PUT was lost', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', 40_000)));
    api.inject('PUT', { errno: 'ECONNRESET', afterwards: true });
    expect(held(await lockProcess(api.send).lock.tryAcquire(fingerprint)).takenOver).toBe(true);
  });

  it('asks once more at once when the lease went away after the POST met it', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1')));
    const release = (): void => {
      api.remove('leases', namespace, lockName);
    };
    api.inject('GET', { meanwhile: release });
    const acquired = held(await lockProcess(api.send).lock.tryAcquire(fingerprint));
    expect(acquired).toMatchObject({ takenOver: false, attempts: 1 });
    await acquired.release();

    api.plant('leases', leaseOf(heldBy('gateway-1')));
    api.inject('GET', { meanwhile: release }, { meanwhile: release });
    const takeIt = (): void => {
      api.plant('leases', leaseOf(heldBy('gateway-2')));
    };
    api.inject('POST', {}, { meanwhile: takeIt });
    const result = await lockProcess(api.send, { seed: 2 }).lock.tryAcquire(fingerprint);
    expect(result).toEqual({ kind: 'contention', leaseName: lockName });
  });

  it('takes back what an aborted POST may have created', async () => {
    const api = new TinyApi();
    const controller = new AbortController();
    api.inject('POST', {
      errno: 'ECONNRESET',
      afterwards: true,
      meanwhile: () => {
        controller.abort(new Error('stop'));
      },
    });
    const { lock, heldLocks } = lockProcess(api.send);
    await expect(lock.tryAcquire(fingerprint, { signal: controller.signal })).rejects.toThrow();
    expect(specOf(api)).toBeUndefined();
    expect(heldLocks.list()).toEqual([]);
  });

  it.each([
    ['POST', 409, 'Conflict', 'failed to create lease'],
    ['POST', 403, 'Forbidden', 'failed to create lease'],
    ['GET', 409, 'Conflict', 'failed to check for existing lease'],
    ['PUT', 409, 'AlreadyExists', 'failed to take over expired lease'],
  ] as const)(
    'a %s answered %i %s is fatal, in the words of the gateway',
    async (method, code, reason, step) => {
      const api = new TinyApi();
      if (method !== 'POST') api.plant('leases', leaseOf(heldBy('gateway-1', 40_000)));
      api.inject(method, { code, reason, message: 'no' });
      await expect(lockProcess(api.send).lock.tryAcquire(fingerprint)).rejects.toMatchObject({
        code: code === 403 ? 'FORBIDDEN' : 'LOCK_FAILED',
        message: `distributed lock acquisition failed: ${step}: no`,
      });
    },
  );

  it.each([
    ['leases "x" is forbidden: exceeded quota: q, requested: count/leases=1', 'QUOTA_EXCEEDED'],
    ['unable to create new content in namespace n because it is being terminated', 'NAMESPACE_TERMINATING'],
    ['admission webhook "w" denied the request: no', 'ADMISSION_DENIED'],
  ])('a rule of the cluster keeps its own code: %s', async (message, code) => {
    const api = new TinyApi();
    api.inject('POST', { code: 403, reason: 'Forbidden', message });
    await expect(lockProcess(api.send).lock.tryAcquire(fingerprint)).rejects.toMatchObject({
      code,
      message: `distributed lock acquisition failed: failed to create lease: ${message}`,
    });
  });

  it.each([
    ['STORE_FULL', 'STORE_FULL'],
    ['STORE_READ_ONLY', 'STORE_READ_ONLY'],
    ['UNREACHABLE', 'LOCK_FAILED'],
  ] as const)('a store that fails keeps its own code: %s is %s', async (thrown, code) => {
    const send = () => Promise.reject(new RemedyError(thrown, 'no', { hint: 'mend it' }));
    await expect(lockProcess(send).lock.tryAcquire(fingerprint)).rejects.toMatchObject({
      code,
      message: 'distributed lock acquisition failed: failed to create lease: no',
      hint: 'mend it',
    });
  });

  it('makes all requests of a lock over the access that it was asked for with', async () => {
    const api = new TinyApi();
    const paths: string[] = [];
    const objects = new ObjectAccess((request) => {
      paths.push(request.method);
      return api.send(request);
    });
    const { lock, clock } = lockProcess(() => Promise.reject(new Error('not over this one')));
    const acquired = held(await lock.tryAcquire(fingerprint, { objects }));
    await clock.advance(1);
    await acquired.renew();
    await acquired.release();
    expect(paths).toEqual(['POST', 'PUT', 'DELETE']);
  });

  it('refuses a duration that leaves no room for renewals', () => {
    for (const durationSeconds of [9, 0, -1, 10.5, Number.NaN]) {
      expect(() => lockProcess(new TinyApi().send, { durationSeconds })).toThrow(/cannot be held safely/);
    }
  });
});

describe('a lease that does not say when it expires', () => {
  it.each([
    ['no renewTime', { holderIdentity: 'x', leaseDurationSeconds: 30 }],
    ['no duration', heldBy('x', 3_600_000, null)],
    ['nothing but a holder', { holderIdentity: 'x' }],
    ['an empty spec', {}],
  ])('%s: is taken over only after it has not changed for 30 s', async (_, spec) => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(spec));
    const { lock, clock } = lockProcess(api.send);
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    await clock.advance(29_999);
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    await clock.advance(1);
    expect(held(await lock.tryAcquire(fingerprint)).takenOver).toBe(true);
  });

  it('counts anew from every change', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf({ holderIdentity: 'x' }));
    const { lock, clock } = lockProcess(api.send);
    await lock.tryAcquire(fingerprint);
    await clock.advance(20_000);
    api.plant('leases', leaseOf({ holderIdentity: 'y' }));
    await lock.tryAcquire(fingerprint);
    await clock.advance(29_999);
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
  });

  it('is not judged by the wall clock when observation is asked for', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('x', 3_600_000)));
    const { lock, clock } = lockProcess(api.send, { expiry: 'observation' });
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    clock.stepWall(10_000_000);
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    await clock.advance(30_000);
    expect(held(await lock.tryAcquire(fingerprint)).takenOver).toBe(true);
  });
});

describe('waiting for the lock', () => {
  it('gives up after ten tries, nine waits and nine looks for a duplicate', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', -3_600_000)));
    const { lock, clock } = lockProcess(api.send);
    const afterWait = vi.fn(() => Promise.resolve(false));
    await expect(clock.runUntil(lock.acquire(fingerprint, { afterWait }))).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: `lock acquisition timeout after 10 attempts (fingerprint: ${fingerprint})`,
      details: { attempts: 10, holder: 'gateway-1' },
      hint: expect.stringMatching(
        /^gw-lock-[0-9a-f]{16} is held by gateway-1 until \S+, unless it is renewed; .*: remedyctl lease doctor$/,
      ) as string,
    });
    expect(afterWait).toHaveBeenCalledTimes(9);
    // One request for each further look at a lease that was there a moment ago.
    expect(api.log).toEqual(['POST leases', ...Array<string>(10).fill(`GET leases/${lockName}`)]);
    // 100 + 200 + 400 + 800 + 5 x 1000 ms, each 10 % around and within 100 ms to 1 s
    expect(clock.monotonicMs()).toBeGreaterThan(5860);
    expect(clock.monotonicMs()).toBeLessThan(6650);
  });

  it('ends when the reason for it is gone', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1')));
    const { lock, clock } = lockProcess(api.send);
    const looks: LockContention[] = [];
    const afterWait = (contention: LockContention): Promise<boolean> =>
      Promise.resolve(looks.push(contention) === 2);
    const ended = await clock.runUntil(lock.acquire(fingerprint, { afterWait }));
    expect(ended).toMatchObject({ kind: 'ended', attempts: 2, contention: { holder: 'gateway-1' } });
  });

  it('gets the lock once it is released', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1')));
    const { lock, clock } = lockProcess(api.send);
    const acquiring = lock.acquire(fingerprint);
    await clock.advance(500);
    api.remove('leases', namespace, lockName);
    const acquired = held(await clock.runUntil(acquiring));
    expect(acquired.attempts).toBe(4);
    expect(acquired.waitedMs).toBeGreaterThan(500);
  });

  it('goes on until --lock-wait is over, and outlives a holder that died', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', 0)));
    const { lock, clock } = lockProcess(api.send);
    const acquired = held(await clock.runUntil(lock.acquire(fingerprint, { lockWaitMs: 40_000 })));
    expect(acquired.takenOver).toBe(true);
    expect(acquired.waitedMs).toBeGreaterThan(30_000);
    expect(acquired.waitedMs).toBeLessThan(31_100);
  });

  it('tries a last time when --lock-wait is over', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1', -3_600_000)));
    const { lock, clock } = lockProcess(api.send);
    await expect(clock.runUntil(lock.acquire(fingerprint, { lockWaitMs: 250 }))).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: `lock acquisition timeout after 3 attempts (fingerprint: ${fingerprint})`,
    });
    expect(clock.monotonicMs()).toBe(250);
  });

  it('stops at once when it is aborted, and leaves no timer', async () => {
    const api = new TinyApi();
    api.plant('leases', leaseOf(heldBy('gateway-1')));
    const { lock, clock } = lockProcess(api.send);
    const controller = new AbortController();
    const acquiring = lock.acquire(fingerprint, { signal: controller.signal });
    const rejected = expect(acquiring).rejects.toThrow('enough');
    await clock.advance(50);
    controller.abort(new Error('enough'));
    await rejected;
    expect(clock.sleepers).toBe(0);
  });

  it('lets one of a process ask the server at a time', async () => {
    const api = new TinyApi();
    const { lock } = lockProcess(api.send);
    const inside: string[] = [];
    let most = 0;
    const once = async (name: string): Promise<void> => {
      const acquired = held(await lock.acquire(fingerprint));
      inside.push(name);
      most = Math.max(most, inside.length);
      await Promise.resolve();
      inside.pop();
      await acquired.release();
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(once));
    expect(most).toBe(1);
    expect(api.log.filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  it('lets the next one of the process in after a failure', async () => {
    const api = new TinyApi();
    api.inject('POST', { code: 403, reason: 'Forbidden', message: 'no' });
    const { lock } = lockProcess(api.send);
    const [first, second] = await Promise.allSettled([
      lock.tryAcquire(fingerprint),
      lock.tryAcquire(fingerprint),
    ]);
    expect(first.status).toBe('rejected');
    expect(second).toMatchObject({ status: 'fulfilled', value: { kind: 'held' } });
  });
});
