import type { Notice } from '../errors/reason.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isRuleRefusal } from '../kube/refusal.ts';
import { creationFailure } from '../request/create-request.ts';
import { CRDCreationError } from '../request/operation-error.ts';
import { classifyFailure } from '../retry/classify.ts';
import type { IngestItem, ItemError } from './ingest-item.ts';

/**
 * A failed signal's error and reason. Throws what is no RemedyError: an error that nobody raised on purpose is a
 * bug, and must end the run as one.
 */
export function failureOf(thrown: unknown): Required<Pick<IngestItem, 'error' | 'reason'>> {
  if (!(thrown instanceof RemedyError)) throw thrown;
  const { code, message, hint } = thrown;
  const reason = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { error: { code, message, ...classOf(thrown), attempts: attemptsOf(thrown) }, reason };
}

function classOf(error: RemedyError): Pick<ItemError, 'type' | 'retryable'> {
  if (error instanceof CRDCreationError) {
    const { type, retryable } = creationFailure(error);
    return { type, retryable };
  }
  if (error.code === 'LOCK_TIMEOUT' || error.code === 'TIMEOUT') return { type: 'timeout', retryable: true };
  const own = classifyFailure(error);
  if (own.type !== 'unknown' || error.cause === undefined)
    return { type: own.type, retryable: own.retryable };
  const { type, retryable } = classifyFailure(error.cause);
  return { type, retryable };
}

function attemptsOf(error: RemedyError): number {
  const attempts = error.details?.['attempts'];
  return typeof attempts === 'number' ? attempts : 0;
}

/** Of a request that was not created; a lock that a rule of the cluster refused has no attempts to create behind it. */
export function isCreationError({ code, attempts }: ItemError): boolean {
  return code === 'CREATION_FAILED' || (isRuleRefusal(code) && attempts > 0);
}

/** Of a create without a definite answer. */
export function doubtNotice(name: string): Notice {
  const message = `whether ${name} was created is not known; its lock is left to expire, and the next signal of this resource looks again`;
  return { code: 'CREATION_UNCERTAIN', message };
}
