/**
 * Connections through a proxy: an http or https one by CONNECT, a socks5 one by RFC 1928, which is given the server's
 * name to look up, as Go does it. What a proxy refuses is told as the proxy's, without its credentials.
 */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** A proxy that could not be reached, or lets no connection through; nothing of the request was sent. */
export class ProxyFailure extends Error {
  /** Of the socket to the proxy, where that failed. */
  readonly code: string | undefined;

  /** `problem` follows the proxy's name. */
  constructor(proxy: URL, problem: string, options: { code?: string; cause?: unknown } = {}) {
    super(`the proxy ${proxy.protocol}//${proxy.host} ${problem}`, { cause: options.cause });
    this.code = options.code;
  }
}

/** Where a connection is to lead. */
type ConnectOptions = Parameters<buildConnector.connector>[0];
/** Cuts a connection that is not finished. */
export interface Cuttable {
  destroy(reason: Error): unknown;
}
/** What undici's types leave out: it returns the socket at once. */
export type CuttableConnector = (options: ConnectOptions, done: buildConnector.Callback) => Cuttable;

/** `connectMs` is for the proxy's part; 0 waits for ever. `overTunnel` makes the server's TLS on what leads to it. */
export function tunnelConnector(
  proxy: URL,
  connectMs: number,
  overTunnel: CuttableConnector,
): CuttableConnector {
  return (options, done) => {
    const port = options.port === '' ? defaultPort(options.protocol) : Number(options.port);
    const tunnel = new Tunnel(proxy, { hostname: options.hostname, port });
    tunnel.open(connectMs).then(
      (socket) => {
        if (options.protocol !== 'https:') {
          done(null, socket);
          return;
        }
        overTunnel({ ...options, httpSocket: socket }, (...result) => {
          if (result[0] !== null) socket.destroy();
          done(...result);
        });
      },
      (thrown: unknown) => {
        done(thrown instanceof Error ? thrown : new Error(String(thrown)), null);
      },
    );
    return tunnel;
  };
}

/** What goes with every request to an http proxy, also where one of the two is missing, as in Go. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}

/** A proxy's own refusal by HTTP. */
export function proxyRefusal(proxy: URL, status: number): ProxyFailure {
  const isLogin = status === 407;
  const problem = isLogin ? loginProblem(proxy) : 'lets no connection to it through';
  return new ProxyFailure(proxy, `${problem} (HTTP ${status})`, { code: isLogin ? 'EPROXYLOGIN' : 'EPROXY' });
}

function loginProblem({ username, password }: URL): string {
  return username === '' && password === ''
    ? 'wants a user and a password'
    : 'does not take the user and the password that it is given';
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

interface Target {
  hostname: string;
  port: number;
}

class Tunnel implements Cuttable {
  readonly #proxy: URL;
  readonly #target: Target;
  #cut: (reason: Error) => void = () => undefined;
  #reason: Error | undefined;

  constructor(proxy: URL, target: Target) {
    this.#proxy = proxy;
    this.#target = target;
  }

  destroy(reason: Error): void {
    this.#reason = reason;
    this.#cut(reason);
  }

  async open(connectMs: number): Promise<Socket> {
    const late = connectMs === 0 ? undefined : AbortSignal.timeout(connectMs);
    const onLate = (): void => {
      this.destroy(new ProxyFailure(this.#proxy, 'made no connection in time', { code: 'ETIMEDOUT' }));
    };
    late?.addEventListener('abort', onLate);
    try {
      return await (this.#proxy.protocol === 'socks5:' ? this.#bySocks() : this.#byConnect());
    } catch (thrown) {
      throw this.#reason ?? this.#failure(thrown);
    } finally {
      late?.removeEventListener('abort', onLate);
    }
  }

  async #byConnect(): Promise<Socket> {
    const proxy = this.#proxy;
    const { hostname, port } = this.#target;
    const { request } = await (proxy.protocol === 'https:' ? import('node:https') : import('node:http'));
    this.#throwIfCut();
    const host = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
    return new Promise((resolve, reject) => {
      const asked = request(`${proxy.protocol}//${proxy.host}`, {
        method: 'CONNECT',
        path: host,
        headers: { host, ...proxyAuthorization(proxy) },
        agent: false,
      });
      this.#cut = (reason) => asked.destroy(reason);
      asked.once('error', reject);
      asked.once('response', ({ statusCode = 0 }) => {
        asked.destroy();
        reject(proxyRefusal(proxy, statusCode));
      });
      asked.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
        this.#cut = (reason) => socket.destroy(reason);
        if (statusCode === 200) {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
          return;
        }
        socket.on('error', () => undefined).destroy();
        reject(proxyRefusal(proxy, statusCode));
      });
      asked.end();
    });
  }

  async #bySocks(): Promise<Socket> {
    const { username, password, hostname, port } = this.#proxy;
    const [{ connect }, { Socks5Client }] = await Promise.all([
      import('node:net'),
      import('undici/lib/core/socks5-client.js'),
    ]);
    this.#throwIfCut();
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 1080) });
    this.#cut = (reason) => socket.destroy(reason);
    const login = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    return new Promise((resolve, reject) => {
      const client = new Socks5Client(socket, login);
      // stays: what fails later is told by the socket
      client.on('error', reject);
      client.once('close', () => {
        reject(new ProxyFailure(this.#proxy, 'closed the connection', { code: 'ECONNRESET' }));
      });
      client.once('authenticated', () => {
        client.connect(this.#target.hostname, this.#target.port);
      });
      client.once('connected', () => {
        resolve(socket);
      });
      socket.once('connect', () => {
        client.handshake();
      });
    });
  }

  #throwIfCut(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  #failure(thrown: unknown): Error {
    if (thrown instanceof ProxyFailure) return thrown;
    const { code = '', message = String(thrown) } = thrown as { code?: string; message?: string };
    if (code.startsWith('UND_ERR_SOCKS5_AUTH')) {
      return new ProxyFailure(this.#proxy, loginProblem(this.#proxy), { code: 'EPROXYLOGIN', cause: thrown });
    }
    if (code.startsWith('UND_ERR_SOCKS5')) {
      const problem = `lets no connection to it through (${message.replace('SOCKS5 connection failed: ', '')})`;
      return new ProxyFailure(this.#proxy, problem, { code: 'EPROXY', cause: thrown });
    }
    return new ProxyFailure(this.#proxy, 'cannot be reached', { code, cause: thrown });
  }
}
