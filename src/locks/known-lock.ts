import type { Lease } from '../lease/lease-object.ts';
import type { ResolvedLock } from '../lease/lock-key.ts';
import { describeLock, type LockRecord } from '../lease/lock-record.ts';
import type { LockGround } from './lock-ground.ts';

/** A lock as results show it, whether or not there is a lease of it. */
export type KnownLock = Partial<LockRecord> & Pick<LockRecord, 'name'>;

/** What is known of a lock: of its lease as it was read, or that there is none and where it would be. */
export function knownLock(
  { clock, skew, settings }: Pick<LockGround, 'clock' | 'skew' | 'settings'>,
  { leaseName: name, fingerprint }: ResolvedLock,
  lease: Lease | undefined,
): KnownLock {
  if (lease !== undefined) return describeLock(lease, { nowMs: clock.now(), skew: skew(), fingerprint });
  const namespace = settings.leaseNamespace;
  return { name, namespace, ...(fingerprint === undefined ? {} : { fingerprint }) };
}
