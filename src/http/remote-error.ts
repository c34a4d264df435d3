import type { ErrorCode } from '../errors/error-codes.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { RateLimit, RemoteSystem } from './remote-request.ts';

/** What is known of a failure. */
export interface RemoteErrorOptions {
  readonly system: RemoteSystem;
  readonly httpStatus?: number | undefined;
  /** Upper-case errno such as ECONNREFUSED, ECONNRESET, ETIMEDOUT. */
  readonly errno?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly rateLimit?: RateLimit | undefined;
  readonly requestId?: string | undefined;
  readonly remoteCode?: string | undefined;
  readonly remoteMessages?: readonly string[] | undefined;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * PagerDuty, OCM, its SSO or Backplane refused, or could not be asked. What was to be written has not been.
 * Codes: CREDENTIALS_FAILED (401, a refused token grant), FORBIDDEN (403), NOT_FOUND (404), REMOTE_ERROR (every
 * other answer: branch on `httpStatus`), UNREACHABLE, TIMEOUT, ABORTED (the caller's signal; `cause` is its reason).
 */
export class RemoteError extends RemedyError {
  readonly system: RemoteSystem;
  readonly httpStatus: number | undefined;
  readonly errno: string | undefined;
  /** Seconds the system asks to wait: Retry-After, else `ratelimit-reset` of a 429. Never on an unknown outcome. */
  readonly retryAfterSeconds: number | undefined;
  readonly rateLimit: RateLimit | undefined;
  /** What the system calls this request in its logs. */
  readonly requestId: string | undefined;
  /** The system's own error code: `2001` of PagerDuty, `CLUSTERS-MGMT-400` of OCM. */
  readonly remoteCode: string | undefined;
  /** The system's own sentences, redacted: PagerDuty's message and errors, OCM's reason, Backplane's message. */
  readonly remoteMessages: readonly string[];

  constructor(code: ErrorCode, message: string, options: RemoteErrorOptions) {
    super(code, message, { hint: options.hint, cause: options.cause, details: detailsOf(options) });
    this.system = options.system;
    this.httpStatus = options.httpStatus;
    this.errno = options.errno;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.rateLimit = options.rateLimit;
    this.requestId = options.requestId;
    this.remoteCode = options.remoteCode;
    this.remoteMessages = options.remoteMessages ?? [];
  }
}

/**
 * A write has left and nobody can tell whether it took effect: the answer was lost or unreadable, or it was a 5xx
 * other than 503. Look the object up before sending it again. Code: OUTCOME_UNKNOWN. `httpStatus` and `errno` as
 * they were; a caller that classifies must test for this class first.
 */
export class UnknownOutcomeError extends RemoteError {
  /** Keeps `classifyFailure` from calling it transient by its status or errno. */
  readonly failureType = 'unknown';
  /** What happened, without the doubt about it. */
  readonly sentence: string;

  constructor(sentence: string, options: Omit<RemoteErrorOptions, 'retryAfterSeconds'>) {
    super('OUTCOME_UNKNOWN', `${sentence}; it may have been written`, options);
    this.sentence = sentence;
  }
}

function detailsOf(options: RemoteErrorOptions): Record<string, unknown> {
  const { system, httpStatus, errno, retryAfterSeconds, requestId, remoteCode } = options;
  const all = { system, httpStatus, errno, retryAfterSeconds, requestId, remoteCode };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
