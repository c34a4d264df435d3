import type { Send } from '../../../src/api/wire.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { HeldLocks } from '../../../src/lease/held-locks.ts';
import type { LeaseLockOptions } from '../../../src/lease/lease-lock.ts';
import { LeaseLock } from '../../../src/lease/lease-lock.ts';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

export const namespace = 'kubernaut-system';
export const fingerprint = 'c4'.repeat(32);
export const lockName = 'gw-lock-c4c4c4c4c4c4c4c4';

/** A process: its lock, its clock and what it holds. */
export function lockProcess(
  send: Send,
  options: Partial<LeaseLockOptions> & { clock?: MockClock; seed?: number } = {},
) {
  const { clock = new MockClock(), ...rest } = options;
  return { clock, ...lockOn(clock, send, rest) };
}

/** As `lockProcess`, by any clock. */
export function lockOn(
  clock: Clock,
  send: Send,
  options: Partial<LeaseLockOptions> & { seed?: number } = {},
) {
  const { seed = 1, ...rest } = options;
  const heldLocks = new HeldLocks();
  const lock = new LeaseLock({
    objects: new ObjectAccess(send),
    namespace,
    clock,
    random: new SeededRandom(seed),
    identity: { host: 'bastion', pid: seed },
    heldLocks,
    ...rest,
  });
  return { lock, heldLocks };
}

export function leaseOf(spec: LeaseSpec) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: lockName, namespace },
    spec,
  };
}
