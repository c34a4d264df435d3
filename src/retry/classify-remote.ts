import { classifyFailure } from './classify.ts';
import type { Failure } from './failure.ts';

/** A system that asks to be left alone for longer is not waited for: the program would seem to hang. */
export const longestAskedWaitMs = 10 * 60_000;

/**
 * As `classifyFailure`, for PagerDuty, OCM and Backplane: every 5xx may pass, and who asks for a wait beyond
 * `longestAskedWaitMs` has refused. By status, reason and errno only, never by a text.
 */
export function classifyRemoteFailure(error: Error & { httpStatus?: number | undefined }): Failure {
  const failure = classifyFailure(error);
  if ((failure.retryAfterMs ?? 0) > longestAskedWaitMs) return { ...failure, retryable: false };
  const isServerError = error.httpStatus !== undefined && error.httpStatus >= 500;
  return isServerError ? { ...failure, retryable: true } : failure;
}
