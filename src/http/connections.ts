import type { Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';

/** Whom to believe who a server is. */
export interface TlsTrust {
  /** Certificates of authorities, as PEM text, in place of those that Node.js knows. */
  readonly ca?: string | undefined;
  /** False: whoever answers is believed. Default: true. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** A connection that somebody else makes, such as a tunnel: a Duplex of bytes, said without the types of Node.js. */
export type Dial = () => Promise<{ destroy(): unknown }>;

/** How servers are reached. */
export interface ConnectionOptions {
  /** For a connection, TLS included, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly tls?: TlsTrust | undefined;
  /** The proxy that a URL is reached through; none by default. */
  readonly proxyOf?: ((url: URL) => URL | undefined) | undefined;
  /** Makes the connections, in place of the network; TLS goes through them. */
  readonly dial?: Dial | undefined;
}

/** Keep-alive connections to any number of servers, one request at a time on each. Loads undici when first asked. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #byProxy = new Map<string, Promise<Dispatcher>>();
  readonly #retired: Promise<Dispatcher>[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  to(url: URL): Promise<Dispatcher> {
    const key = this.#keyOf(url);
    let dispatcher = this.#byProxy.get(key);
    if (dispatcher === undefined) {
      dispatcher = this.#open(this.#options.proxyOf?.(url), url);
      this.#byProxy.set(key, dispatcher);
    }
    return dispatcher;
  }

  /**
   * Later requests get new connections. undici forgets to take a request that failed because of the name in the
   * certificate out of its count, and would let every later one to that server wait for ever.
   */
  renew(url: URL): void {
    const key = this.#keyOf(url);
    const dispatcher = this.#byProxy.get(key);
    if (dispatcher !== undefined) this.#retired.push(dispatcher);
    this.#byProxy.delete(key);
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled([...this.#byProxy.values(), ...this.#retired.splice(0)]);
    this.#byProxy.clear();
    for (const result of opened) {
      if (result.status === 'fulfilled') await result.value.destroy();
    }
  }

  #keyOf(url: URL): string {
    return this.#options.proxyOf?.(url)?.href ?? '';
  }

  async #open(proxy: URL | undefined, server: URL): Promise<Dispatcher> {
    const { connectTimeoutMs, tls = {} } = this.#options;
    const trust = Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined));
    const connect = { timeout: connectTimeoutMs, ...trust };
    // The exchange has one deadline for everything; undici's own time-outs would come on top.
    const options = { connect, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
    const { dial } = this.#options;
    if (dial !== undefined) {
      const { Agent, buildConnector } = await import('undici');
      return new Agent({ ...options, connect: dialled(dial, buildConnector({ ...connect })) });
    }
    if (proxy === undefined) {
      const { default: Agent } = await import('undici/lib/dispatcher/agent.js');
      return new Agent(options);
    }
    const { ProxyAgent } = await import('undici');
    return new ProxyAgent({
      ...options,
      ...proxyAddress(proxy),
      requestTls: connect,
      proxyTunnel: server.protocol === 'https:',
    });
  }
}

/** undici's way to connect, over connections that somebody else makes. */
function dialled(dial: Dial, overTls: buildConnector.connector): buildConnector.connector {
  return (options, done) => {
    dial().then(
      (stream) => {
        // undici writes and reads; nothing else of a socket is asked of it
        const asSocket: unknown = stream;
        const socket = asSocket as Socket;
        if (options.protocol === 'https:') overTls({ ...options, httpSocket: socket }, done);
        else done(null, socket);
      },
      (failure: unknown) => {
        done(failure as Error, null);
      },
    );
  };
}

/** undici sends credentials only where both parts are there. */
function proxyAddress(proxy: URL): { uri: string; token?: string } {
  const { username, password } = proxy;
  if (proxy.protocol === 'socks5:' || (username === '' && password === '')) return { uri: proxy.href };
  const bare = new URL(proxy.href);
  bare.username = '';
  bare.password = '';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { uri: bare.href, token: `Basic ${Buffer.from(login).toString('base64')}` };
}
