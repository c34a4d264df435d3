/**
 * Releases locks whose holders are provably gone, and no others.
 *
 * Guarantee: a lease is deleted only if it has not changed for its whole duration on our monotonic clock. The proof
 * is the server's: the DELETE names the uid and resourceVersion of a look that is at least that long ago.
 */
import type { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import type { Lease } from './lease-object.ts';
import { releaseError } from './lock-error.ts';
import { neededDurationMs } from './observe-lock.ts';

/** What became of one lock. */
export interface ProvenRelease {
  lease: Lease;
  /** `alive`: it has changed, so somebody renews it; `gone`: somebody else released it. */
  outcome: 'released' | 'gone' | 'alive' | 'failed';
  /** `failed` only. */
  error?: RemedyError;
}

interface ProofGround {
  objects: ObjectAccess;
  clock: Clock;
  signal: AbortSignal;
}

/** `seenMonotonicMs`: when the answer with these leases had come, monotonic milliseconds. Rejects with the signal's reason during the wait. */
export async function releaseProven(
  { objects, clock, signal }: ProofGround,
  leases: readonly Lease[],
  seenMonotonicMs: number,
): Promise<ProvenRelease[]> {
  const byDuration = [...leases].sort((a, b) => neededDurationMs(a) - neededDurationMs(b));
  const releases: ProvenRelease[] = [];
  for (const lease of byDuration) {
    await clock.sleep(seenMonotonicMs + neededDurationMs(lease) - clock.monotonicMs(), signal);
    releases.push(await releaseUnchanged(objects, lease, signal));
  }
  return releases;
}

async function releaseUnchanged(
  objects: ObjectAccess,
  lease: Lease,
  signal: AbortSignal,
): Promise<ProvenRelease> {
  const { name, namespace, uid, resourceVersion } = lease.metadata;
  const preconditions = { uid, resourceVersion };
  try {
    await objects.delete(leaseResource, { namespace, name }, { preconditions, signal });
    return { lease, outcome: 'released' };
  } catch (thrown) {
    if (isApiError(thrown) && thrown.httpStatus === 404) return { lease, outcome: 'gone' };
    if (isApiError(thrown, 'Conflict')) return { lease, outcome: 'alive' };
    return { lease, outcome: 'failed', error: releaseError('failed to delete lease', thrown) };
  }
}
