import { describe, expect, it } from 'vitest';
import { receivedAnswer, retryAfterSeconds } from '../../../src/http/answer-head.ts';

const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);

describe('how long a system asks to wait', () => {
  it.each([
    [429, { 'retry-after': '3' }, 3],
    [503, { 'retry-after': '0' }, 0],
    [429, { 'retry-after': 'Sun, 22 Nov 2026 12:00:30 GMT' }, 30],
    [429, { 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, 0],
    [429, { 'retry-after': ['5', '9'] }, 5],
    [503, { 'retry-after': 'Sun, 22 Nov 2026 13:00:03 GMT', date: 'Sun, 22 Nov 2026 13:00:00 GMT' }, 3],
    [429, { 'ratelimit-reset': '12' }, 12],
    [429, { 'retry-after': '3', 'ratelimit-reset': '12' }, 3],
    [429, { 'retry-after': 'soon', 'ratelimit-reset': '12' }, 12],
    [503, { 'ratelimit-reset': '12' }, undefined],
    [429, { 'retry-after': '-1' }, undefined],
    [429, { 'retry-after': '1e9' }, undefined],
    [429, { 'retry-after': 'Infinity' }, undefined],
    [429, {}, undefined],
  ])('%i with %j: %s', (httpStatus, headers, expected) => {
    expect(retryAfterSeconds({ httpStatus, headers }, nowMs)).toBe(expected);
  });
});

describe('what is kept of the head of an answer', () => {
  it.each([
    [{ 'x-request-id': 'abc-1' }, { requestId: 'abc-1' }],
    [{ 'x-operation-id': 'op' }, { requestId: 'op' }],
    [{ 'x-request-id': 'two words' }, {}],
    [{ 'x-request-id': 'x'.repeat(129) }, {}],
    [{ 'ratelimit-remaining': '0' }, { rateLimit: { remaining: 0 } }],
    [
      { 'ratelimit-limit': '960', 'ratelimit-remaining': '3', 'ratelimit-reset': '8' },
      { rateLimit: { limit: 960, remaining: 3, resetSeconds: 8 } },
    ],
    [{ 'ratelimit-limit': 'x' }, {}],
    [{ date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, { dateMs: nowMs }],
    [{ date: '2026-11-22' }, {}],
  ])('%j', (headers, kept) => {
    expect(receivedAnswer({ httpStatus: 200, headers })).toEqual({ httpStatus: 200, ...kept });
  });
});
