import { ApiError, NetworkError } from './api-error.ts';

/**
 * Whether a write may have taken effect, now or later, although no answer says so. A 4xx is a refusal, and so is a
 * 503 with a Status (the server answered without trying); any other 5xx may come from a proxy, or from a server
 * whose store did not answer in time. One rule for requests and leases: where it is wrong about a lease's 503, the
 * lease is found by others as somebody's and expires, or the next renewal meets a conflict and the lock counts as
 * lost; nobody enters beside a holder.
 */
export function isIndefinite(thrown: unknown): boolean {
  if (thrown instanceof ApiError) {
    // a success that cannot be read: it says that something was done, and not what
    if (thrown.httpStatus < 300) return true;
    return thrown.httpStatus >= 500 && !(thrown.httpStatus === 503 && thrown.reason === 'ServiceUnavailable');
  }
  return thrown instanceof NetworkError && !neverSent.has(thrown.errno ?? '');
}

const neverSent: ReadonlySet<string> = new Set([
  'EPROXY',
  'EPROXYLOGIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
