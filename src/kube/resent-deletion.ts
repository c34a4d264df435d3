import type { ApiStatus, KubeObject } from '../api/objects.ts';
import { ApiError } from './api-error.ts';

/**
 * What a deletion of the object with this uid came to that failed with `thrown`: a 404 or 409 to one that was sent twice
 * may be what the first sending has done. Throws `thrown` where it is not.
 */
export async function settledDeletion<T extends KubeObject>(
  thrown: unknown,
  uid: string | undefined,
  read: () => Promise<T>,
): Promise<ApiStatus | T> {
  if (uid === undefined || !(thrown instanceof ApiError) || !thrown.resent) throw thrown;
  if (thrown.httpStatus === 404) return done;
  if (thrown.httpStatus !== 409) throw thrown;
  const found = await read().catch(undefinedIfAbsent);
  if (found?.metadata.uid !== uid) return done;
  // Finalizers hold it.
  if (found.metadata['deletionTimestamp'] !== undefined) return found;
  throw thrown;
}

const done: ApiStatus = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 200 };

function undefinedIfAbsent(thrown: unknown): undefined {
  if (thrown instanceof ApiError && thrown.httpStatus === 404) return undefined;
  throw thrown;
}
