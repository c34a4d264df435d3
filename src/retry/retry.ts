import { RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { startBackoff, takeDelay } from './backoff.ts';
import { classifyFailure } from './classify.ts';
import type { Failure } from './failure.ts';
import { RetryError } from './retry-error.ts';
import { policyProblems } from './retry-policy.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** A failed attempt that will be followed by another one. */
export interface RetryEvent {
  /** The number of the failed attempt, from 0. */
  readonly attempt: number;
  readonly error: unknown;
  readonly failure: Failure;
  /** How long the wait that now begins will be. */
  readonly waitMs: number;
}

/** What a retried operation works with. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: by status, reason and error number. */
  readonly classify?: ((error: unknown) => Failure) | undefined;
  /** Called before each wait, so never for the last attempt and never for a failure that is not retried. */
  readonly observer?: ((event: RetryEvent) => void) | undefined;
  /** Ends a wait at once. An attempt under way is the operation's own to abort. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `operation` (with the number of the attempt, from 1) until it succeeds, fails for good, or the
 * policy's attempts are used up.
 *
 * - A wait is the policy's, or the server's Retry-After where that is longer.
 * - Only used-up attempts give a RetryError. A failure that is not retryable is thrown as it is; a
 *   cancellation throws the signal's reason as it is.
 * - A cancellation is noticed while waiting: an attempt that succeeds after it has still succeeded.
 */
export async function retry<T>(
  operation: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { policy, clock, random, signal } = options;
  assertRunnable(policy);
  let backoff = startBackoff(policy);
  for (;;) {
    const { attempt } = backoff;
    try {
      return await operation(attempt);
    } catch (error) {
      const failure = failureToRetry(error, attempt, options);
      const { delayMs, next } = takeDelay(backoff, random);
      backoff = next;
      const waitMs = Math.max(delayMs, failure.retryAfterMs ?? 0);
      options.observer?.({ attempt: attempt - 1, error, failure, waitMs });
      await clock.sleep(waitMs, signal);
    }
  }
}

/** Throws what ends the operation; returns only what another attempt may mend. */
function failureToRetry(error: unknown, attempt: number, options: RetryOptions): Failure {
  const { policy, signal, classify = classifyFailure } = options;
  // a deadline's reason may look like any time-out
  if (signal?.aborted === true && error === signal.reason) throw error;
  const failure = classify(error);
  if (!failure.retryable) throw error;
  if (attempt >= policy.maxAttempts) throw exhausted(error, failure, policy);
  return failure;
}

function exhausted(error: unknown, failure: Failure, policy: RetryPolicy): RetryError {
  return new RetryError({
    attempt: policy.maxAttempts,
    maxAttempts: policy.maxAttempts,
    originalError: error,
    errorType: failure.type,
    isRetryable: failure.retryable,
  });
}

function assertRunnable(policy: RetryPolicy): void {
  const problems = policyProblems(policy);
  if (problems.length > 0) throw new RemedyError('CONFIG_INVALID', `retry policy: ${problems.join('; ')}`);
}
