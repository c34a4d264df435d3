import { isTransient } from './failure.ts';
import type { Failure, FailureType } from './failure.ts';

/** In the gateway's order: the first pattern that occurs in the lower-cased text decides. */
const patterns: readonly (readonly [FailureType, readonly string[]])[] = [
  ['rate_limited', ['429', 'rate limit', 'too many requests']],
  ['service_unavailable', ['503', 'service unavailable', 'api server overloaded']],
  ['gateway_timeout', ['504', 'gateway timeout']],
  ['bad_request', ['400', 'bad request']],
  ['forbidden', ['403', 'forbidden']],
  ['unprocessable_entity', ['422', 'unprocessable']],
  ['conflict', ['409', 'conflict', 'already exists']],
  ['timeout', ['timeout', 'deadline exceeded']],
  ['network_error', ['connection refused', 'connection reset']],
];

/**
 * The gateway's own classification by substring, for recorded texts of which nothing else is left.
 * It takes digits in names and ports for status codes; a live error goes to `classifyFailure`.
 */
export function classifyText(text: string): Failure {
  const lower = text.toLowerCase();
  const hit = patterns.find(([, substrings]) => substrings.some((substring) => lower.includes(substring)));
  const type = hit?.[0] ?? 'unknown';
  return { type, retryable: isTransient(type) };
}
