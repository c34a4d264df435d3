import type { ErrorCode } from '../errors/error-codes.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { ApiError } from '../kube/api-error.ts';
import { isRuleRefusal } from '../kube/refusal.ts';
import type { LockContention } from './lock-contention.ts';

/** One step of the lock that failed, in the gateway's words. */
export type LockStep =
  'failed to check for existing lease' | 'failed to create lease' | 'failed to take over expired lease';

/** Before the lock was had: anything but contention ends the acquisition. LOCK_FAILED, FORBIDDEN, or of the store. */
export function acquisitionError(step: LockStep, cause: unknown): RemedyError {
  return wrapped(`distributed lock acquisition failed: ${step}`, cause);
}

/** LOCK_FAILED, FORBIDDEN, or of the store: whether the lock was renewed is not known. */
export function renewalError(leaseName: string, cause: unknown): RemedyError {
  return wrapped(`failed to renew lease ${leaseName}`, cause);
}

/** LOCK_FAILED, FORBIDDEN, or of the store: the lock stays until it expires. */
export function releaseError(
  step: 'failed to get lease for release' | 'failed to delete lease',
  cause: unknown,
): RemedyError {
  return wrapped(step, cause);
}

/** LOCK_LOST: the lease is not ours any more. */
export function lockLost(leaseName: string, why: string): RemedyError {
  return new RemedyError('LOCK_LOST', `the lock ${leaseName} was lost: ${why}`, {
    hint: 'Nothing was created under the lost lock; run the command again.',
    details: { lease: leaseName },
  });
}

/** LOCK_TIMEOUT, with the gateway's text: somebody else held the lock at every try. */
export function lockTimeout(fingerprint: string, attempts: number, contention: LockContention): RemedyError {
  return new RemedyError(
    'LOCK_TIMEOUT',
    `lock acquisition timeout after ${attempts} attempts (fingerprint: ${fingerprint})`,
    {
      hint: contentionHint(contention),
      details: { attempts, ...contention, kind: undefined },
    },
  );
}

/** Who holds it until when, in one clause. */
export function heldText({ leaseName, holder = 'another writer', until }: LockContention): string {
  return `${leaseName} is held by ${holder}${until === undefined ? '' : ` until ${until}, unless it is renewed`}`;
}

/** What to do about a lock that is somebody else's. */
export function contentionHint(contention: LockContention): string {
  return `${heldText(contention)}; ${optionName('lockWaitMs')} waits longer. Whether its holder lives, and what mends it: remedyctl lease doctor`;
}

/** A cause that is no error on purpose is a bug, and passes as it is. */
function wrapped(what: string, cause: unknown): RemedyError {
  if (!(cause instanceof RemedyError)) throw cause;
  const text = cause instanceof ApiError ? cause.serverMessage : cause.message;
  return new RemedyError(tellsMore(cause.code) ? cause.code : 'LOCK_FAILED', `${what}: ${text}`, {
    cause,
    hint: cause.hint,
    details: cause.details,
  });
}

/** A full disk, a quota or a missing permission is mended in its own way, whatever step of whatever command met it. */
function tellsMore(code: ErrorCode): boolean {
  return code === 'FORBIDDEN' || isRuleRefusal(code) || code.startsWith('STORE_');
}
