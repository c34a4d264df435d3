import { optionName } from '../errors/option-name.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { NetworkError } from './api-error.ts';
import { ProxyFailure } from './proxy-tunnel.ts';

/** undici's own codes as the errno that a socket would have given, so that one classification serves both. */
const errnoOfUndici: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CLOSED: 'ECONNABORTED',
  UND_ERR_DESTROYED: 'ECONNABORTED',
  UND_ERR_PRX_TLS: 'EPROTO',
};

const timeoutTexts: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  ETIMEDOUT: 'the connection timed out',
};

const failureTexts: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_SOCKET: 'the connection was closed by the other side',
  UND_ERR_CLOSED: 'the client has been closed',
  UND_ERR_DESTROYED: 'the client has been closed',
};

const certificateHint =
  "Check the cluster's certificate-authority, tls-server-name and server in the kubeconfig.";

/** The other side ended a connection that had been open. */
export function isBroken(errno: string | undefined): boolean {
  return errno === 'ECONNRESET' || errno === 'EPIPE';
}

const proxyHint =
  'Check that the proxy is up and its address is right: proxy-url of the kubeconfig cluster, else HTTPS_PROXY or HTTP_PROXY; NO_PROXY goes around it.';
const loginHint =
  'Check user and password in the URL of the proxy: proxy-url of the kubeconfig cluster, else HTTPS_PROXY or HTTP_PROXY.';
const refusalHint =
  'Ask whoever keeps the proxy to let the connection through, or go around it with NO_PROXY or without proxy-url.';

/**
 * Whatever undici, a socket or TLS threw, as a NetworkError whose sentence names the server. `isKept`: it came before a
 * byte of an answer, on a connection that had brought one before.
 */
export function networkFailure(thrown: unknown, server: string, isKept = false): NetworkError {
  if (thrown instanceof NetworkError) return thrown;
  if (thrown instanceof ProxyFailure) return proxyFailed(thrown, server);
  const code = codeOf(thrown);
  const errno = errnoOf(code);
  const late = timeoutTexts[code];
  if (late !== undefined) {
    const hint = `Check that the server can be reached, or raise ${optionName('requestTimeout')}.`;
    return new NetworkError('TIMEOUT', `${server}: ${late} (${errno ?? code})`, {
      errno,
      hint,
      cause: thrown,
    });
  }
  const known = failureTexts[code];
  const text = known === undefined ? messageOf(thrown) : `${known} (${errno ?? code})`;
  return new NetworkError('UNREACHABLE', `${server}: ${text}`, {
    errno,
    wasKept: isKept && isBroken(errno),
    hint: isCertificateCode(code) ? certificateHint : 'Check that the server is up and its address is right.',
    cause: thrown,
  });
}

/** Nothing of the request was sent; the sentence names the proxy beside the server. */
function proxyFailed(failure: ProxyFailure, server: string): NetworkError {
  const { code = '', cause, message } = failure;
  const isRefusal = code.startsWith('EPROXY');
  const why = isRefusal || cause === undefined ? '' : `: ${failureTexts[code] ?? messageOf(cause)} (${code})`;
  return new NetworkError(code === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNREACHABLE', `${server}: ${message}${why}`, {
    errno: code === '' ? undefined : code,
    hint: code === 'EPROXYLOGIN' ? loginHint : isRefusal ? refusalHint : proxyHint,
    cause: failure,
  });
}

/** The caller's signal aborted; its reason stays as the cause. */
export function abortedBySignal(signal: AbortSignal, server: string): NetworkError {
  return new NetworkError('ABORTED', `${server}: the request was stopped: ${messageOf(signal.reason)}`, {
    cause: signal.reason,
  });
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return '';
  const code = (thrown as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}

function errnoOf(code: string): string | undefined {
  return errnoOfUndici[code] ?? (code === '' ? undefined : code);
}

/** The two could not agree on TLS, or one does not believe who the other is. */
export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/.test(code);
}
