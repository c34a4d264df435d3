import type { HeldLock } from './held-lock.ts';
import type { AcquireOptions, LeaseLock } from './lease-lock.ts';

/** What work under a lock is given. */
export interface UnderLock {
  /** For what has to be sure right before a write: `stillSafe`, `token`. */
  lock: HeldLock;
  /** Aborts when the lock is lost (its reason is LOCK_LOST), or when the signal of the call does. */
  signal: AbortSignal;
}

/**
 * Runs `work` under the lock of `key`: acquired as by `acquire`, renewed every third of its duration, and given back
 * however the work ends. A lease that cannot be given back expires by itself.
 *
 * @throws LOCK_TIMEOUT, LOCK_FAILED or FORBIDDEN where the lock was not had, so that no work was done; what `work` throws;
 * LOCK_LOST where the lock was lost before the work had ended, for then somebody else may have worked beside it
 */
export async function withLock<T>(
  locks: LeaseLock,
  key: string,
  work: (under: UnderLock) => Promise<T>,
  options: Omit<AcquireOptions, 'afterWait'> = {},
): Promise<T> {
  const lock = await locks.acquire(key, options);
  if (lock.kind !== 'held') throw new Error(`nobody ended the wait for ${lock.contention.leaseName}`);
  try {
    lock.keepRenewed();
    const { signal } = options;
    const result = await work({
      lock,
      signal: signal === undefined ? lock.lost : AbortSignal.any([lock.lost, signal]),
    });
    lock.lost.throwIfAborted();
    return result;
  } finally {
    await lock.release();
  }
}
