import { messageOf, RemedyError } from '../errors/remedy-error.ts';

interface RetryErrorFacts {
  /** How many attempts were made. */
  attempt: number;
  maxAttempts: number;
  /** What the last attempt failed with; `null` where nothing is known. */
  originalError: unknown;
  errorType: string;
  isRetryable: boolean;
}

/** Every attempt that the policy allows has failed retryably. The text is the gateway's. Code RETRIES_EXHAUSTED. */
export class RetryError extends RemedyError {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly originalError: unknown;
  readonly errorType: string;
  readonly isRetryable: boolean;

  constructor(facts: RetryErrorFacts) {
    const { attempt, maxAttempts, originalError, errorType, isRetryable } = facts;
    // Go prints a missing error as <nil>
    const original = originalError === null ? '<nil>' : messageOf(originalError);
    super(
      'RETRIES_EXHAUSTED',
      `operation failed after ${attempt}/${maxAttempts} attempts (error_type=${errorType}, retryable=${isRetryable}): ${original}`,
      {
        hint: 'The failure may pass: try again later, or allow more attempts.',
        details: { attempts: attempt, maxAttempts, type: errorType, retryable: isRetryable },
        cause: originalError ?? undefined,
      },
    );
    this.attempt = attempt;
    this.maxAttempts = maxAttempts;
    this.originalError = originalError;
    this.errorType = errorType;
    this.isRetryable = isRetryable;
  }
}
