import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import type { HeldLock } from '../../../src/lease/held-lock.ts';
import type { Lease, LeaseSpec } from '../../../src/lease/lease-object.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { fingerprint, leaseOf, lockName, lockOn, lockProcess, namespace } from './lock-rig.ts';

const long = 60_000;

/** An API server of some kind; `kubernaut-system` exists in it. */
export interface ApiUnderTest {
  send: Send;
  close(): Promise<void>;
}

/** The lock over a real API: what its own semantics make of our requests. */
export function describeLock(open: () => Promise<ApiUnderTest>): void {
  let api: ApiUnderTest;
  let log: string[];
  const send: Send = (request: ApiRequest) => {
    log.push(request.method);
    return api.send(request);
  };

  beforeEach(async () => {
    api = await open();
    log = [];
    const key = { namespace, name: lockName };
    await new ObjectAccess(api.send).delete(leaseResource, key).catch(() => undefined);
  });

  afterEach(() => api.close());

  const read = async (): Promise<Lease | undefined> => {
    const key = { namespace, name: lockName };
    return new ObjectAccess(api.send).get<Lease>(leaseResource, key).catch(() => undefined);
  };
  const plant = (spec: LeaseSpec) => new ObjectAccess(api.send).create(leaseResource, leaseOf(spec));
  const old = '2026-08-22T11:00:00.000000Z';

  it('is had with one request and given back with one', async () => {
    const { lock } = lockProcess(send);
    const held = (await lock.tryAcquire(fingerprint)) as HeldLock;
    expect(held.kind).toBe('held');
    expect((await read())?.spec?.holderIdentity).toBe(held.holder);
    expect(await held.release()).toMatchObject({ kind: 'released' });
    expect(await read()).toBeUndefined();
    expect(log).toEqual(['POST', 'DELETE']);
  });

  it('is renewed and then still given back', async () => {
    const { lock, clock } = lockProcess(send);
    const held = (await lock.tryAcquire(fingerprint)) as HeldLock;
    await clock.advance(10_000);
    await held.renew();
    expect((await read())?.spec?.renewTime).toBe('2026-08-22T12:00:10.000000Z');
    expect((await read())?.metadata.resourceVersion).toBe(held.token);
    expect(await held.release()).toMatchObject({ kind: 'released' });
  });

  it('is taken over when it has expired', async () => {
    await plant({ holderIdentity: 'x', acquireTime: old, renewTime: old, leaseDurationSeconds: 15 });
    const held = (await lockProcess(send).lock.tryAcquire(fingerprint)) as HeldLock;
    expect(held.takenOver).toBe(true);
    expect((await read())?.spec).toEqual({
      holderIdentity: held.holder,
      acquireTime: '2026-08-22T12:00:00.000000Z',
      renewTime: '2026-08-22T12:00:00.000000Z',
      leaseDurationSeconds: 30,
      leaseTransitions: 1,
    });
  });

  it('is taken over after observation when it names no expiry', async () => {
    await plant({ holderIdentity: 'x' });
    const { lock, clock } = lockProcess(send);
    expect((await lock.tryAcquire(fingerprint)).kind).toBe('contention');
    await clock.advance(30_000);
    expect(((await lock.tryAcquire(fingerprint)) as HeldLock).takenOver).toBe(true);
  });

  it('is taken over by one of two that see it expired', async () => {
    await plant({ holderIdentity: 'x', acquireTime: old, renewTime: old, leaseDurationSeconds: 30 });
    const rivals = [1, 2, 3, 4].map((seed) => lockProcess(send, { seed }).lock.tryAcquire(fingerprint));
    const kinds = (await Promise.all(rivals)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'held')).toHaveLength(1);
  });

  it('is lost, not made anew, when it was deleted in between', async () => {
    const held = (await lockProcess(send).lock.tryAcquire(fingerprint)) as HeldLock;
    await new ObjectAccess(api.send).delete(leaseResource, { namespace, name: lockName });
    await expect(held.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect(await read()).toBeUndefined();
  });

  it('is left alone on release when another holder has it', async () => {
    const first = lockProcess(send);
    const stale = (await first.lock.tryAcquire(fingerprint)) as HeldLock;
    await first.clock.advance(31_000);
    const second = lockProcess(send, { seed: 2, clock: first.clock });
    const taken = (await second.lock.tryAcquire(fingerprint)) as HeldLock;
    expect(taken.takenOver).toBe(true);
    expect(await stale.release()).toMatchObject({ kind: 'lost' });
    expect((await read())?.spec?.holderIdentity).toBe(taken.holder);
  });

  it('says what is wrong where there is no such namespace', async () => {
    const { lock } = lockProcess(send, { namespace: 'nowhere' });
    await expect(lock.tryAcquire(fingerprint)).rejects.toMatchObject({
      code: 'LOCK_FAILED',
      message: 'distributed lock acquisition failed: failed to create lease: namespaces "nowhere" not found',
    });
  });

  it(
    'lets one of eight processes in at a time',
    async () => {
      const clock = new RealClock();
      let inside = 0;
      let most = 0;
      let entries = 0;
      const contend = async (seed: number): Promise<void> => {
        const { lock } = lockOn(clock, send, { seed });
        for (let round = 0; round < 3; round += 1) {
          const held = (await lock.acquire(fingerprint, { lockWaitMs: long })) as HeldLock;
          inside += 1;
          entries += 1;
          most = Math.max(most, inside);
          await clock.sleep(5);
          inside -= 1;
          await held.release();
        }
      };
      const processes = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => contend(seed));
      await Promise.all(processes);
      expect({ most, entries }).toEqual({ most: 1, entries: 24 });
    },
    long,
  );
}
