import { longestAskedWaitMs } from '../../http/rate-limit-pace.ts';
import { RemoteError, UnknownOutcomeError } from '../../http/remote-error.ts';
import type { RemedyError } from '../../errors/remedy-error.ts';
import { classifyFailure } from '../../retry/classify.ts';
import type { Failure } from '../../retry/failure.ts';
import type { RecordedError } from './journal-entry.ts';

const final: Failure = { type: 'unknown', retryable: false };

/**
 * Whether an attempt at an action is followed by another: by status and errno only. A write of unknown outcome is,
 * because the next attempt begins with a look-up.
 */
export function classifyAttempt(thrown: unknown): Failure {
  if (thrown instanceof UnknownOutcomeError) return { type: 'unknown', retryable: true };
  if (!(thrown instanceof RemoteError) || thrown.code === 'ABORTED') return final;
  const failure = classifyFailure(thrown);
  if ((failure.retryAfterMs ?? 0) > longestAskedWaitMs) return { ...failure, retryable: false };
  const isServerError = thrown.httpStatus !== undefined && thrown.httpStatus >= 500;
  return isServerError ? { ...failure, retryable: true } : failure;
}

export function recordedError({ code, message, hint }: RemedyError): RecordedError {
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
