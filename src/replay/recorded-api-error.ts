import { ApiError, NetworkError } from '../kube/api-error.ts';
import { classifyText } from '../retry/classify-text.ts';
import type { FailureType } from '../retry/failure.ts';
import type { FailureFacts } from '../retry/recorded-failure.ts';

interface Code {
  status: number;
  reason: string;
}

/** What stands for a class where a record holds no status. */
const codes: Partial<Record<FailureType, Code>> = {
  bad_request: { status: 400, reason: 'BadRequest' },
  forbidden: { status: 403, reason: 'Forbidden' },
  unprocessable_entity: { status: 422, reason: 'Invalid' },
  rate_limited: { status: 429, reason: 'TooManyRequests' },
  service_unavailable: { status: 503, reason: 'ServiceUnavailable' },
  gateway_timeout: { status: 504, reason: 'Timeout' },
};

/** A recorded failure as the API client throws it: what the lock and the status write tell failures apart by. */
export function recordedApiError(facts: FailureFacts, request: string): Error {
  const [verb = '', resource = ''] = request.split(' ');
  const message = facts.message ?? 'failed';
  const code = codeOf(facts, verb);
  if (code === undefined) {
    const type = facts.errno === undefined ? (facts.type ?? classifyText(message).type) : undefined;
    return new NetworkError(type === 'timeout' ? 'TIMEOUT' : 'UNREACHABLE', message, { errno: facts.errno });
  }
  const { status, reason } = code;
  return new ApiError({
    verb,
    resource,
    httpStatus: status,
    status: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      code: status,
    },
    message,
    retryAfterSeconds: facts.retryAfterSeconds,
  });
}

/** Undefined for a failure without an answer. */
function codeOf({ status, reason, errno, type, message = '' }: FailureFacts, verb: string): Code | undefined {
  if (status !== undefined) return { status, reason: reason ?? usualReason(status, verb) };
  if (errno !== undefined) return undefined;
  const code = codeOfType(type ?? classifyText(message).type, verb);
  return code === undefined || reason === undefined ? code : { ...code, reason };
}

function codeOfType(type: FailureType, verb: string): Code | undefined {
  if (type === 'conflict') return { status: 409, reason: usualReason(409, verb) };
  return type === 'unknown' ? { status: 500, reason: 'InternalError' } : codes[type];
}

function usualReason(status: number, verb: string): string {
  if (status === 404) return 'NotFound';
  if (status !== 409) return Object.values(codes).find((code) => code.status === status)?.reason ?? '';
  return verb === 'create' ? 'AlreadyExists' : 'Conflict';
}
