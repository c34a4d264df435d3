import { RemedyError } from '../errors/remedy-error.ts';
import { ApiError } from '../kube/api-error.ts';

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
