import { formatMicroseconds } from './micro-time.ts';
import type { Lease } from './lease-object.ts';
import { expiryOf, namedHolder } from './lease-object.ts';

/** The lock is somebody else's at this moment; trying again later can help. */
export interface LockContention {
  kind: 'contention';
  leaseName: string;
  /** `holderIdentity`; absent where the lease names nobody, or was gone when it was looked at. */
  holder?: string;
  /** RFC 3339: when the lease expires by its own fields, that is on its holder's clock. */
  until?: string;
  /** Of the lease that stands in the way. */
  uid?: string;
  resourceVersion?: string;
}

/** `acquire` was told by its caller to wait no longer. */
export interface LockWaitEnded {
  kind: 'ended';
  contention: LockContention;
  attempts: number;
}

/** What is known of whoever holds the lock; `lease`: as it was read, undefined where it is gone. */
export function contentionOf(leaseName: string, lease: Lease | undefined): LockContention {
  const contention: LockContention = { kind: 'contention', leaseName };
  if (lease === undefined) return contention;
  const expiry = expiryOf(lease);
  if (expiry !== undefined) contention.until = formatMicroseconds(expiry);
  const { uid, resourceVersion } = lease.metadata;
  const holder = namedHolder(lease);
  if (holder !== undefined) contention.holder = holder;
  if (uid !== undefined) contention.uid = uid;
  if (resourceVersion !== undefined) contention.resourceVersion = resourceVersion;
  return contention;
}
