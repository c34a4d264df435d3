import { describe, expect, it } from 'vitest';
import { ApiError, NetworkError } from '../../../src/kube/api-error.ts';
import { isIndefinite } from '../../../src/kube/indefinite-answer.ts';

function answered(httpStatus: number, reason?: string): ApiError {
  const call = { verb: 'create', resource: 'pods', httpStatus };
  if (reason === undefined) return new ApiError(call);
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' } as const;
  return new ApiError({ ...call, status: { ...status, reason, code: httpStatus } });
}

const lost = (errno?: string): NetworkError => new NetworkError('UNREACHABLE', 'no answer', { errno });

describe('a write', () => {
  it.each([
    ['a 500 of a server whose store gave no answer', answered(500, 'InternalError')],
    ['a 504', answered(504, 'Timeout')],
    ['a 502 of a proxy', answered(502)],
    ['a 503 of a proxy', answered(503)],
    ['a connection that was reset', lost('ECONNRESET')],
    ['a time-out', new NetworkError('TIMEOUT', 'no answer')],
    ['a stop', new NetworkError('ABORTED', 'stopped')],
  ])('may have taken effect after %s', (_what, thrown) => {
    expect(isIndefinite(thrown)).toBe(true);
  });

  it.each([
    ['a 409', answered(409, 'Conflict')],
    ['a 429', answered(429, 'TooManyRequests')],
    ['a 503 of the server itself', answered(503, 'ServiceUnavailable')],
    ['a connection that was refused', lost('ECONNREFUSED')],
    ['a host without an address', lost('ENOTFOUND')],
    ['an error of our own', new TypeError('bug')],
  ])('did not take effect after %s', (_what, thrown) => {
    expect(isIndefinite(thrown)).toBe(false);
  });
});
