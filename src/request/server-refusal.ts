import { RemedyError } from '../errors/remedy-error.ts';
import { ApiError, NetworkError } from '../kube/api-error.ts';

/**
 * An API error under the server's own sentence alone, as the gateway's error texts quote it. What classification
 * reads (status, reason, Retry-After) and what the user needs (hint, details) stays.
 */
class ServerRefusal extends RemedyError {
  readonly httpStatus: number;
  readonly reason: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(cause: ApiError) {
    super(cause.code, cause.serverMessage, { cause, hint: cause.hint, details: cause.details });
    this.httpStatus = cause.httpStatus;
    this.reason = cause.reason;
    this.retryAfterSeconds = cause.retryAfterSeconds;
  }
}

export function inServersWords(thrown: unknown): unknown {
  return thrown instanceof ApiError ? new ServerRefusal(thrown) : thrown;
}

/**
 * Whether a write may have taken effect, now or later, although no answer says so. A 4xx is a refusal, and so is a
 * 503 with a Status (the server answered without trying); any other 5xx may come from a proxy, or from a server
 * whose store did not answer in time.
 */
export function isIndefinite(thrown: unknown): boolean {
  if (thrown instanceof ApiError) {
    return thrown.httpStatus >= 500 && !(thrown.httpStatus === 503 && thrown.reason === 'ServiceUnavailable');
  }
  return thrown instanceof NetworkError && !neverSent.has(thrown.errno ?? '');
}

const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
