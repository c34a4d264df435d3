/** What the server itself answers, as an API server words it. */
import type { ApiStatus } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';

export interface ServerRefusal {
  status: number;
  headers: Record<string, string>;
  body: string;
}

function refusal(
  code: number,
  reason: string,
  rest: { message: string; headers?: Record<string, string>; retryAfterSeconds?: number },
): ServerRefusal {
  const { message, headers = {}, retryAfterSeconds } = rest;
  const status: ApiStatus = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } }),
    code,
  };
  return { status: code, headers, body: JSON.stringify(status) };
}

export function unauthorized(): ServerRefusal {
  return refusal(401, 'Unauthorized', { message: 'Unauthorized' });
}

export function methodNotAllowed(): ServerRefusal {
  const message = 'the server does not allow this method on the requested resource';
  return refusal(405, 'MethodNotAllowed', { message, headers: { allow: 'GET, POST, PUT, PATCH, DELETE' } });
}

export function unrecognized(why: string): ServerRefusal {
  return refusal(400, 'BadRequest', { message: `the object provided is unrecognized: ${why}` });
}

export function requestTooLarge(limitBytes: number): ServerRefusal {
  return refusal(413, 'RequestEntityTooLarge', {
    message: `Request entity too large: limit is ${limitBytes}`,
  });
}

/** A busy store is worth another attempt, and clients make one; any other failure is told by its code. */
export function storeFailure(failure: unknown): ServerRefusal {
  if (!(failure instanceof RemedyError)) {
    return refusal(500, 'InternalError', { message: 'Internal error occurred: the store failed' });
  }
  const message = `${failure.code}: ${failure.message}`;
  if (failure.code !== 'STORE_BUSY') {
    return refusal(500, 'InternalError', { message: `Internal error occurred: ${message}` });
  }
  return refusal(503, 'ServiceUnavailable', {
    message,
    headers: { 'retry-after': '1' },
    retryAfterSeconds: 1,
  });
}
