import { isApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { isExpired, newLease, takenOverLease, type Claim, type Lease } from './lease-object.ts';

interface PreviewGround {
  objects: ObjectAccess;
  namespace: string;
  skew: () => ClockSkew | undefined;
  signal: AbortSignal;
}

interface AcquirePreview {
  /** What stands there now. */
  lease: Lease | undefined;
  wouldAcquire: boolean;
}

/**
 * What an acquisition would find at this moment, with nothing written. With `checkWrite` the server is asked whether
 * it would take the write (dryRun=All). Throws what ObjectAccess throws, such as FORBIDDEN.
 */
export async function previewAcquire(
  { objects, namespace, skew, signal }: PreviewGround,
  name: string,
  { claim, checkWrite }: { claim: Claim; checkWrite: boolean },
): Promise<AcquirePreview> {
  const key = { namespace, name };
  const lease = await objects.get<Lease>(leaseResource, key, { signal }).catch((thrown: unknown) => {
    if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
    throw thrown;
  });
  const options = { signal, dryRun: true };
  if (lease === undefined) {
    if (checkWrite) await objects.create(leaseResource, newLease(key, claim), options);
    return { lease, wouldAcquire: true };
  }
  const wouldAcquire =
    lease.spec?.holderIdentity === claim.holder || isExpired(lease, claim.nowMs, skew()) === true;
  if (wouldAcquire && checkWrite) await objects.replace(leaseResource, takenOverLease(lease, claim), options);
  return { lease, wouldAcquire };
}
