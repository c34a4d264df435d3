import { describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { CircuitOpenError } from '../../../src/retry/circuit-breaker.ts';
import { classifyFailure } from '../../../src/retry/classify.ts';
import { classifyText } from '../../../src/retry/classify-text.ts';
import { isTransient } from '../../../src/retry/failure.ts';
import type { FailureType } from '../../../src/retry/failure.ts';
import { hasShared } from '../../support/shared.ts';
import { hasFacts, raise, readRetryVectors } from './gateway-vectors.ts';

const recorded = hasShared ? readRetryVectors().errors : [];

describe.skipIf(!hasShared)("the gateway's recorded errors", () => {
  it.each(recorded)('$id $note: by its text', ({ text, errorType, retryable }) => {
    expect(classifyText(text)).toEqual({ type: errorType, retryable });
  });

  it.each(recorded.filter(hasFacts))('$id $note: by what it carries', (error) => {
    const failure = classifyFailure(raise(error));
    const seconds = error.status?.retryAfterSeconds;
    expect(failure).toEqual({
      type: error.byCode,
      retryable: isTransient(error.byCode as FailureType),
      ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1_000 }),
    });
  });

  it('has a reading by code for every error that carries something', () => {
    expect(recorded.filter(hasFacts).filter(({ byCode }) => byCode === undefined)).toEqual([]);
  });
});

describe('classification by what an error carries', () => {
  const named = (name: string): Error => Object.assign(new Error('x'), { name });
  const cases: [string, unknown, FailureType, boolean, number?][] = [
    ['nothing at all', undefined, 'unknown', false],
    ['a text', '503 service unavailable', 'unknown', false],
    ['an error with a telling message only', new Error('503 too many requests'), 'unknown', false],
    ['503', { httpStatus: 503 }, 'service_unavailable', true],
    ['a status without a class', { httpStatus: 418 }, 'unknown', false],
    ['500 with Retry-After', { httpStatus: 500, retryAfterSeconds: 1 }, 'unknown', true, 1_000],
    ['507 with Retry-After 0', { httpStatus: 507, retryAfterSeconds: 0 }, 'unknown', true, 0],
    ['429 with Retry-After', { httpStatus: 429, retryAfterSeconds: 2.5 }, 'rate_limited', true, 2_500],
    ['403 with Retry-After', { httpStatus: 403, retryAfterSeconds: 1 }, 'forbidden', false],
    ['a Retry-After that is none', { httpStatus: 500, retryAfterSeconds: Number.NaN }, 'unknown', false],
    ['a negative Retry-After', { httpStatus: 500, retryAfterSeconds: -1 }, 'unknown', false],
    ['the status before the reason', { httpStatus: 504, reason: 'Timeout' }, 'gateway_timeout', true],
    ['the reason without a status', { reason: 'AlreadyExists' }, 'conflict', false],
    ['500 ServerTimeout', { httpStatus: 500, reason: 'ServerTimeout' }, 'timeout', true],
    ['an errno', { errno: 'ECONNRESET' }, 'network_error', true],
    ["Node's own error", Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'network_error', true],
    ["undici's closed socket", { code: 'UND_ERR_SOCKET' }, 'network_error', true],
    ["undici's header time-out", { errno: 'UND_ERR_HEADERS_TIMEOUT' }, 'timeout', true],
    ['an unknown errno beside a known code', { errno: 'EWHAT', code: 'TIMEOUT' }, 'timeout', true],
    ['a time-out of ours', new RemedyError('TIMEOUT', 'x'), 'timeout', true],
    ['a cancellation of ours', new RemedyError('ABORTED', 'x'), 'unknown', false],
    ['a deadline', named('TimeoutError'), 'timeout', true],
    ['a cancellation', named('AbortError'), 'unknown', false],
    ['the open breaker', new CircuitOpenError('open'), 'unknown', false],
    ['the half-open breaker', new CircuitOpenError('half-open'), 'rate_limited', true],
    [
      'a class of its own that does not exist',
      { failureType: 'funny', httpStatus: 503 },
      'service_unavailable',
      true,
    ],
  ];

  it.each(cases)('%s', (_name, error, type, retryable, retryAfterMs) => {
    expect(classifyFailure(error)).toEqual({
      type,
      retryable,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  });
});
