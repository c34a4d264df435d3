import { parseHttpDate, retryAfterIn } from '../time/retry-after.ts';
import type { AnswerHead, Headers } from './exchange.ts';
import { known } from './json-fields.ts';
import type { RateLimit, ReceivedAnswer } from './remote-request.ts';

const requestIdHeaders = ['x-request-id', 'x-operation-id', 'x-correlation-id'];
const longestRequestId = 128;

/** What a journal and an error keep of an answer's head. */
export function receivedAnswer(head: AnswerHead): ReceivedAnswer {
  const { headers, httpStatus } = head;
  const dateMs = parseHttpDate(oneOf(headers, 'date'), undefined);
  return {
    httpStatus,
    ...known({ dateMs, requestId: requestIdIn(headers), rateLimit: rateLimitIn(headers) }),
  };
}

/**
 * Seconds that the system asks to wait: Retry-After (seconds or a date, which counts from the answer's own), else, of a
 * 429, the reset of its rate limit. `nowMs` is the wall clock.
 */
export function retryAfterSeconds({ httpStatus, headers }: AnswerHead, nowMs: number): number | undefined {
  const times = { retryAfter: oneOf(headers, 'retry-after'), date: oneOf(headers, 'date') };
  const seconds = retryAfterIn(times, nowMs);
  return seconds ?? (httpStatus === 429 ? rateLimitIn(headers)?.resetSeconds : undefined);
}

/**
 * Seconds for which no further request has a chance: until the reset of an allowance that is used up, or what a 429 asks
 * for. Undefined while there is some left, and where the answer does not say.
 */
export function allowanceEndSeconds(head: AnswerHead, nowMs: number): number | undefined {
  if (head.httpStatus === 429) return retryAfterSeconds(head, nowMs);
  const limit = rateLimitIn(head.headers);
  return limit?.remaining === 0 ? limit.resetSeconds : undefined;
}

function requestIdIn(headers: Headers): string | undefined {
  const id = requestIdHeaders.map((name) => oneOf(headers, name)).find((value) => value !== undefined);
  return id !== undefined && /^[\x21-\x7e]+$/.test(id) && id.length <= longestRequestId ? id : undefined;
}

function rateLimitIn(headers: Headers): RateLimit | undefined {
  const limit = secondsIn(oneOf(headers, 'ratelimit-limit'));
  const remaining = secondsIn(oneOf(headers, 'ratelimit-remaining'));
  const resetSeconds = secondsIn(oneOf(headers, 'ratelimit-reset'));
  if (limit === undefined && remaining === undefined && resetSeconds === undefined) return undefined;
  return known({ limit, remaining, resetSeconds });
}

function secondsIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}

function oneOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first?.trim();
}
