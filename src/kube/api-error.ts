import type { ApiStatus } from '../api/objects.ts';
import type { ApiResponse } from '../api/wire.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { refusalCode, refusalHint } from './refusal.ts';

/** What was asked of the API server, for the sentence of an error. */
export interface ApiCall {
  /** An RBAC verb: get, list, watch, create, update, patch, delete. */
  verb: string;
  /** Plural with group, as in RBAC messages: `leases.coordination.k8s.io`; with `/status` for a subresource. */
  resource: string;
  namespace?: string | undefined;
  objectName?: string | undefined;
  /** The answer's own: what goes from it into an error has no secrets of the request in it. */
  mask?: ApiResponse['mask'] | undefined;
}

interface ApiErrorOptions extends ApiCall {
  httpStatus: number;
  /** The Status body, where the answer carried one. */
  status?: ApiStatus | undefined;
  /** Text in place of the Status' own message. */
  message?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** See `ApiError.resent`. */
  resent?: boolean | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * An API server answered, and the answer was an error. Codes: QUOTA_EXCEEDED, ADMISSION_DENIED, NAMESPACE_TERMINATING
 * (whatever the status), FORBIDDEN (any other 403 of the server's own), NOT_FOUND (404), CREDENTIALS_FAILED (401),
 * API_ERROR (everything else: branch on `httpStatus` and `reason`).
 */
export class ApiError extends RemedyError {
  readonly httpStatus: number;
  /** Status.reason, such as AlreadyExists, Conflict, Expired. */
  readonly reason: string | undefined;
  readonly status: ApiStatus | undefined;
  /** Seconds the server asks to wait: the Retry-After header, else details.retryAfterSeconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The request had been sent before, and may have taken effect then: a 404 or 409 may be about itself. */
  readonly resent: boolean;
  /** The server's own sentence, exactly: what client-go's `err.Error()` gives. */
  readonly serverMessage: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly objectName: string | undefined;

  constructor(given: ApiErrorOptions) {
    const options = { ...given, ...maskedTexts(given) };
    const serverMessage = options.message ?? options.status?.message ?? `HTTP status ${options.httpStatus}`;
    super(codeOf(options, serverMessage), `cannot ${describeCall(options)}: ${serverMessage}`, {
      hint: options.hint ?? hintFor(options, serverMessage),
      cause: options.cause,
      details: detailsOf(options),
    });
    this.httpStatus = options.httpStatus;
    this.reason = options.status?.reason;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.resent = options.resent === true;
    this.serverMessage = serverMessage;
    this.verb = options.verb;
    this.resource = options.resource;
    this.namespace = options.namespace;
    this.objectName = options.objectName;
  }
}

interface NetworkErrorOptions {
  /** Upper-case errno such as ECONNREFUSED, ECONNRESET, ETIMEDOUT, ENOTFOUND, or a TLS error's code. */
  errno?: string | undefined;
  /** See `NetworkError.wasKept`. */
  wasKept?: boolean | undefined;
  hint?: string | undefined;
  cause?: unknown;
}

/**
 * No answer, or not all of it: UNREACHABLE (refused, reset, unknown host, TLS, proxy), TIMEOUT
 * (one of the transport's time-outs), ABORTED (the caller's signal; `cause` is its reason).
 */
export class NetworkError extends RemedyError {
  declare readonly code: 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED';
  readonly errno: string | undefined;
  /** The connection broke before a byte of an answer, and had been kept from an earlier request. */
  readonly wasKept: boolean;

  constructor(
    code: 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED',
    message: string,
    options: NetworkErrorOptions = {},
  ) {
    super(code, message, {
      hint: options.hint,
      cause: options.cause,
      details: options.errno === undefined ? undefined : { errno: options.errno },
    });
    this.errno = options.errno;
    this.wasKept = options.wasKept === true;
  }
}

/** `create leases.coordination.k8s.io "a" in namespace "b"`. */
export function describeCall(call: ApiCall): string {
  const name = call.objectName === undefined || call.objectName === '' ? '' : ` "${call.objectName}"`;
  const place =
    call.namespace === undefined || call.namespace === '' ? '' : ` in namespace "${call.namespace}"`;
  return `${call.verb} ${call.resource}${name}${place}`;
}

/** Whether the server answered with an error; `reason`: with this one, such as `NotFound`. */
export function isApiError(thrown: unknown, reason?: string): thrown is ApiError {
  return thrown instanceof ApiError && (reason === undefined || thrown.reason === reason);
}

function maskedTexts({
  mask,
  message,
  status,
}: ApiErrorOptions): Pick<ApiErrorOptions, 'message' | 'status'> {
  if (mask === undefined) return {};
  return {
    message: message === undefined ? undefined : mask(message),
    status: status === undefined ? undefined : (JSON.parse(maskedJson(status, mask)) as ApiStatus),
  };
}

/** The JSON of a value; texts are masked before they are escaped. */
export function maskedJson(value: unknown, mask: (text: string) => string): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? mask(part) : part));
}

function codeOf(options: ApiErrorOptions, text: string): ErrorCode {
  const refusal = refusalCode({ ...options, text });
  if (refusal !== undefined) return refusal;
  if (options.httpStatus === 401) return 'CREDENTIALS_FAILED';
  return options.httpStatus === 404 ? 'NOT_FOUND' : 'API_ERROR';
}

function detailsOf(options: ApiErrorOptions): Record<string, unknown> {
  const { verb, resource, namespace, objectName, httpStatus, retryAfterSeconds } = options;
  const all = {
    httpStatus,
    reason: options.status?.reason,
    verb,
    resource,
    namespace,
    name: objectName,
    retryAfterSeconds,
    causes: options.status?.details?.causes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function hintFor(options: ApiErrorOptions, text: string): string | undefined {
  const code = codeOf(options, text);
  if (code === 'CREDENTIALS_FAILED') {
    return 'Check the credentials of the kubeconfig user; `kubectl auth whoami` shows who the server sees.';
  }
  return refusalHint({ ...options, text });
}
