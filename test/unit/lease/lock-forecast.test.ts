import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/kube/api-error.ts';
import type { ObjectAccess } from '../../../src/kube/object-access.ts';
import { foretellLock, foretoldTimeout } from '../../../src/lease/lock-forecast.ts';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import { formatMicroTime } from '../../../src/lease/micro-time.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { fingerprint, leaseOf, lockName, namespace } from './lock-rig.ts';

const skew = { skewMs: 0, errorMs: 0 };

/** Reads what `looks` say one after the other, on a clock that jumps. */
async function foretell(
  looks: readonly ((nowMs: number) => { spec: LeaseSpec; version?: string } | Error)[],
  lockWaitMs?: number,
) {
  const clock = new MockClock();
  const startMs = clock.now();
  let reads = 0;
  const get = () => {
    const look = looks[reads]?.(startMs);
    reads += 1;
    if (look === undefined) throw new RangeError('there was no third look to be made');
    if (look instanceof Error) return Promise.reject(look);
    const lease = leaseOf(look.spec);
    return Promise.resolve({
      ...lease,
      metadata: { ...lease.metadata, uid: 'u', resourceVersion: look.version ?? '7' },
    });
  };
  const objects = { get } as unknown as Pick<ObjectAccess, 'get'>;
  const asked = foretellLock(fingerprint, { objects, namespace, clock, skew: () => skew, lockWaitMs });
  await clock.advance(1_000);
  return { lock: await asked, reads };
}

function held(seconds: number, version?: string) {
  return (nowMs: number) => ({
    spec: { holderIdentity: 'gateway-1', renewTime: formatMicroTime(nowMs), leaseDurationSeconds: seconds },
    ...(version === undefined ? {} : { version }),
  });
}

function refused(httpStatus: number) {
  const resource = 'leases.coordination.k8s.io';
  return () => new ApiError({ verb: 'get', resource, httpStatus, message: 'refused' });
}
const gone = refused(404);

describe('a lock', () => {
  it('that stays as it is, and lasts longer than the wait, is foretold', async () => {
    const { lock, reads } = await foretell([held(7_200), held(7_200)]);
    expect(lock).toMatchObject({ namespace, name: lockName, holder: 'gateway-1' });
    expect(lock?.until).toMatch(/^\d{4}-.*Z$/);
    expect(reads).toBe(2);
  });

  it.each([
    ['ten tries', undefined, 6, 1],
    ['ten tries', undefined, 8, 2],
    ['a wait of its own', 20_000, 19, 1],
    ['a wait of its own', 20_000, 21, 2],
  ] as const)('is had within %s (%s ms) or not: it lasts %d s', async (_name, waitMs, seconds, looks) => {
    const { lock, reads } = await foretell([held(seconds), held(seconds)], waitMs);
    expect(reads).toBe(looks);
    expect(lock === undefined).toBe(looks === 1);
  });

  it('that names no end is taken over once it has not changed for its duration', async () => {
    const endless = () => ({ spec: { holderIdentity: 'x', leaseDurationSeconds: 30 } });
    expect((await foretell([endless, endless])).lock).toEqual({ namespace, name: lockName, holder: 'x' });
    expect((await foretell([endless], 60_000)).lock).toBeUndefined();
  });

  it('that has changed meanwhile is a living one', async () => {
    expect((await foretell([held(7_200), held(7_200, '8')])).lock).toBeUndefined();
    expect((await foretell([held(7_200), gone])).lock).toBeUndefined();
  });

  it('that is free, or cannot be read, is not foretold', async () => {
    expect((await foretell([gone])).lock).toBeUndefined();
    expect((await foretell([refused(403)])).lock).toBeUndefined();
  });

  it('is told as the time-out that it becomes', () => {
    const reason = foretoldTimeout({ namespace, name: lockName, holder: 'gateway-1', until: 'T' });
    expect(reason.code).toBe('LOCK_TIMEOUT');
    expect(reason.message).toContain(`${lockName} is held by gateway-1 until T`);
    expect(reason.hint).toContain('remedyctl lease doctor');
  });
});
