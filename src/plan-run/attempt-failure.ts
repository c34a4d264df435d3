import { RemoteError, UnknownOutcomeError } from '../http/remote-error.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import { classifyRemoteFailure } from '../retry/classify-remote.ts';
import type { Failure } from '../retry/failure.ts';
import type { RecordedError } from './journal-entry.ts';

const final: Failure = { type: 'unknown', retryable: false };

/**
 * Whether an attempt at an action is followed by another: by status and errno only. A write of unknown outcome is,
 * because the next attempt begins with a look-up.
 */
export function classifyAttempt(thrown: unknown): Failure {
  if (thrown instanceof UnknownOutcomeError) return { type: 'unknown', retryable: true };
  if (!(thrown instanceof RemoteError) || thrown.code === 'ABORTED') return final;
  return classifyRemoteFailure(thrown);
}

/** Of a write that was looked for and is not there: what is recorded is why it failed, without the doubt. */
export function refutedError(cause: RemedyError): RecordedError {
  if (!(cause instanceof UnknownOutcomeError)) return recordedError(cause);
  const { sentence, httpStatus, errno } = cause;
  const lostCode = errno === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNREACHABLE';
  return {
    code: httpStatus === undefined ? lostCode : 'REMOTE_ERROR',
    message: `${sentence}; it was looked for and is not there`,
    hint: 'Nothing of it was written: do it by a plan or command of its own once the system answers.',
  };
}

/** As a run shows it: what is open there is for `plan resume`. */
export function recordedError(error: RemedyError): RecordedError {
  const { code, message } = error;
  const isOpen = error instanceof UnknownOutcomeError;
  const hint = isOpen ? 'plan resume finds out whether it is there before it is sent again' : error.hint;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
