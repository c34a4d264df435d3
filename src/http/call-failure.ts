import { messageOf } from '../errors/remedy-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { BodyTooLarge } from './exchange.ts';
import { CallAborted, DeadlineExceeded } from './remote-http.ts';

/** Why there is no whole answer, for an error. */
export interface CallFailure {
  readonly code: Extract<ErrorCode, 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED' | 'REMOTE_ERROR'>;
  readonly errno?: string;
  readonly text: string;
  readonly hint?: string;
  readonly cause: unknown;
}

/** undici's own codes as the errno that a socket would have given, so that one classification serves all. */
const errnoOfUndici: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CLOSED: 'ECONNABORTED',
  UND_ERR_DESTROYED: 'ECONNABORTED',
  UND_ERR_PRX_TLS: 'EPROTO',
};

const texts: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ECONNABORTED: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'no connection in time',
};

const reachHint = 'Check the network, the proxy and the configured base URL.';

/** The failure of an exchange by code and errno, in words. */
export function callFailure(thrown: unknown): CallFailure {
  if (thrown instanceof DeadlineExceeded) {
    return { code: 'TIMEOUT', errno: 'ETIMEDOUT', text: thrown.message, hint: reachHint, cause: thrown };
  }
  if (thrown instanceof CallAborted) return { code: 'ABORTED', text: thrown.message, cause: thrown.cause };
  if (thrown instanceof BodyTooLarge) return { code: 'REMOTE_ERROR', text: thrown.message, cause: thrown };
  const code = codeOf(thrown);
  const errno = errnoOfUndici[code] ?? code;
  const text = texts[errno] ?? messageOf(thrown);
  return {
    code: errno === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNREACHABLE',
    ...(errno === '' ? {} : { errno }),
    text: errno === '' ? text : `${text} (${errno})`,
    hint: reachHint,
    cause: thrown,
  };
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  const { errno, code, cause } = thrown as { errno?: unknown; code?: unknown; cause?: unknown };
  // our own errors have a code of another kind; of Node.js' own the errno is a number
  if (typeof errno === 'string') return errno;
  return typeof code === 'string' ? code : codeOf(cause);
}
