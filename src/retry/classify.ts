import { failureTypes, isTransient } from './failure.ts';
import type { Failure, FailureType } from './failure.ts';

const typeByStatus = new Map<number, FailureType>([
  [400, 'bad_request'],
  [403, 'forbidden'],
  [409, 'conflict'],
  [422, 'unprocessable_entity'],
  [429, 'rate_limited'],
  [503, 'service_unavailable'],
  [504, 'gateway_timeout'],
]);

/** Read where the status does not decide: a 500 ServerTimeout, or a Status event without a code. */
const typeByReason = new Map<string, FailureType>([
  ['TooManyRequests', 'rate_limited'],
  ['ServiceUnavailable', 'service_unavailable'],
  ['Timeout', 'timeout'],
  ['ServerTimeout', 'timeout'],
  ['BadRequest', 'bad_request'],
  ['Forbidden', 'forbidden'],
  ['Invalid', 'unprocessable_entity'],
  ['Conflict', 'conflict'],
  ['AlreadyExists', 'conflict'],
]);

const typeByErrno = new Map<string, FailureType>([
  ['ECONNREFUSED', 'network_error'],
  ['ECONNRESET', 'network_error'],
  // undici: the other side closed the connection in the middle of an exchange
  ['UND_ERR_SOCKET', 'network_error'],
  ['ETIMEDOUT', 'timeout'],
  ['ESOCKETTIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  // the code of remedyctl's own time-outs
  ['TIMEOUT', 'timeout'],
]);

/**
 * What kind of failure this is and whether trying again may help, from what the error carries (`httpStatus`,
 * `reason`, `errno`, `retryAfterSeconds`; one that has none of it is `unknown`):
 * the HTTP status first, then the Status' reason, then the error number, never the text.
 * An error may name its own class in `failureType` (the circuit breaker's do).
 * A 429 or 5xx that carries Retry-After is retryable whatever its type.
 */
export function classifyFailure(error: unknown): Failure {
  if (typeof error !== 'object' || error === null) return { type: 'unknown', retryable: false };
  const facts = error as Record<string, unknown>;
  const status = numberIn(facts, 'httpStatus');
  const type = typeOf(facts, status);
  const retryAfterSeconds = numberIn(facts, 'retryAfterSeconds');
  if (retryAfterSeconds === undefined || retryAfterSeconds < 0 || !isRetryAfterStatus(status))
    return { type, retryable: isTransient(type) };
  return { type, retryable: true, retryAfterMs: retryAfterSeconds * 1_000 };
}

function typeOf(facts: Record<string, unknown>, status: number | undefined): FailureType {
  return (
    ownType(facts) ??
    typeByStatus.get(status ?? 0) ??
    lookUp(typeByReason, facts['reason']) ??
    lookUp(typeByErrno, facts['errno']) ??
    lookUp(typeByErrno, facts['code']) ??
    (facts['name'] === 'TimeoutError' ? 'timeout' : 'unknown')
  );
}

function ownType(facts: Record<string, unknown>): FailureType | undefined {
  return failureTypes.find((type) => type === facts['failureType']);
}

function lookUp(table: ReadonlyMap<string, FailureType>, key: unknown): FailureType | undefined {
  return typeof key === 'string' ? table.get(key) : undefined;
}

function isRetryAfterStatus(status: number | undefined): boolean {
  return status !== undefined && (status === 429 || (status >= 500 && status <= 599));
}

function numberIn(facts: Record<string, unknown>, key: string): number | undefined {
  const value = facts[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
