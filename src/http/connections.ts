import type { Dispatcher } from 'undici';

export interface ConnectionOptions {
  /** For a connection, TLS included, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The proxy that a URL is reached through; none by default. */
  readonly proxyOf?: ((url: URL) => URL | undefined) | undefined;
}

/** Keep-alive connections to any number of servers, one request at a time on each. Loads undici when first asked. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #byProxy = new Map<string, Promise<Dispatcher>>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  to(url: URL): Promise<Dispatcher> {
    const proxy = this.#options.proxyOf?.(url);
    const key = proxy?.href ?? '';
    let dispatcher = this.#byProxy.get(key);
    if (dispatcher === undefined) {
      dispatcher = this.#open(proxy, url);
      this.#byProxy.set(key, dispatcher);
    }
    return dispatcher;
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#byProxy.values());
    this.#byProxy.clear();
    for (const result of opened) {
      if (result.status === 'fulfilled') await result.value.destroy();
    }
  }

  async #open(proxy: URL | undefined, server: URL): Promise<Dispatcher> {
    const connect = { timeout: this.#options.connectTimeoutMs };
    // The exchange has one deadline for everything; undici's own time-outs would come on top.
    const options = { connect, pipelining: 1, allowH2: false, headersTimeout: 0, bodyTimeout: 0 };
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
