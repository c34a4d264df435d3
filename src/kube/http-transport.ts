/**
 * A Send over HTTP/1.1 with keep-alive connections.
 *
 * Guarantees: at most one request at a time per connection; redirects are not followed; every failure is a
 * NetworkError with the errno where there is one, and says whether the connection had been kept; a refused identity
 * (401) is refreshed and tried once more, which is the only second attempt. Non-guarantees: no retry (`repeatedSend`
 * has that), no caching, no HTTP/2.
 */
import { Duplex } from 'node:stream';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { bodyText } from './answer.ts';
import { NetworkError } from './api-error.ts';
import type { ClusterConnection } from './connection.ts';
import type { ClientCertificate, Identity } from './credentials.ts';
import type { PoolTimeouts } from './connection-pool.ts';
import { openPool } from './connection-pool.ts';
import { wireHeaders } from './header-value.ts';
import type { Connections, ConnectionWish } from './idle-first-pool.ts';
import { Exchange } from './exchange.ts';
import { masked, secretsOf } from './masked-answer.ts';
import { networkFailure } from './network-failure.ts';
import { proxyRefusal } from './proxy-tunnel.ts';
import { unzipped } from './unzipped.ts';

/** What a transport goes by. */
export interface HttpTransportOptions {
  /** `remedyctl/<version>`. */
  userAgent: string;
  /** Until headers and between pieces of a body, in milliseconds; default 30,000; 0 waits for ever. */
  requestTimeoutMs?: number | undefined;
  /** For a connection, TLS included, in milliseconds; default 10,000. */
  connectTimeoutMs?: number | undefined;
}

/** Requests to one server over kept connections. */
export interface HttpTransport {
  send: Send;
  /** Cuts what is under way and closes the connections. */
  close(): Promise<void>;
}

const defaultRequestTimeoutMs = 30_000;
const defaultConnectTimeoutMs = 10_000;

/** Opens nothing yet: the first request does, and loads undici. */
export function httpTransport(connection: ClusterConnection, options: HttpTransportOptions): HttpTransport {
  return new PooledTransport(connection, options);
}

class PooledTransport implements HttpTransport {
  readonly #connection: ClusterConnection;
  readonly #userAgent: string;
  readonly #timeouts: PoolTimeouts;
  readonly #server: string;
  readonly #prefix: string;
  #pool: Promise<Connections> | undefined;
  #certificate: ClientCertificate | undefined;
  readonly #retired: Promise<Connections>[] = [];
  readonly #upgraded = new Set<Duplex>();

  constructor(connection: ClusterConnection, options: HttpTransportOptions) {
    const url = new URL(connection.server);
    this.#connection = connection;
    this.#server = url.origin;
    this.#prefix = url.pathname.replace(/\/+$/, '');
    this.#userAgent = options.userAgent;
    this.#timeouts = {
      requestMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
      connectMs: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
    };
  }

  readonly send: Send = async (request) => {
    const { credentials } = this.#connection;
    const identity = await credentials.identity();
    const response = await this.#exchange(request, identity);
    if (response.status !== 401 || !(await credentials.refresh(identity))) return response;
    await bodyText(response);
    return this.#exchange(request, await credentials.identity());
  };

  async close(): Promise<void> {
    const pools = [...this.#retired, ...(this.#pool === undefined ? [] : [this.#pool])];
    this.#retired.length = 0;
    this.#pool = undefined;
    for (const connection of this.#upgraded) connection.destroy();
    for (const opened of await Promise.allSettled(pools)) {
      if (opened.status === 'fulfilled') await opened.value.destroy();
    }
  }

  async #exchange(request: ApiRequest, identity: Identity): Promise<ApiResponse> {
    const pool = this.#poolFor(identity.certificate);
    const connections = await pool;
    const exchange = new Exchange(this.#server, request.signal);
    const zipped = this.#connection.disableCompression !== true && takesZip(request);
    connections.dispatch(
      {
        origin: this.#server,
        path: this.#prefix + request.path,
        method: request.method,
        headers: {
          accept: 'application/json',
          'user-agent': this.#userAgent,
          ...(zipped ? { 'accept-encoding': 'gzip' } : {}),
          ...request.headers,
          ...wireHeaders(identity.headers),
        },
        body: request.body ?? null,
        ...(request.stream === true ? { bodyTimeout: 0 } : {}),
        // undici would close the connection after a DELETE with a body, which is how Kubernetes is asked for one.
        ...(request.upgrade === undefined ? { reset: false } : { upgrade: request.upgrade }),
        ...this.#headersTimeout(request),
      },
      exchange,
      connectionWish(request),
    );
    const response = await exchange.answer.catch((thrown: unknown) => {
      if (isNameMismatch(thrown)) this.#retire(pool);
      throw thrown;
    });
    if (response.connection instanceof Duplex) this.#keep(response.connection);
    this.#throwIfProxys(response);
    const plain = zipped ? unzipped(response, this.#server) : response;
    return masked(plain, secretsOf(identity, this.#connection.proxy));
  }

  /** A 407 is the proxy's, and nobody else says so: a plain http server is asked for through its proxy. */
  #throwIfProxys({ status, body }: ApiResponse): void {
    const { proxy } = this.#connection;
    if (status !== 407 || proxy === undefined) return;
    void body[Symbol.asyncIterator]().return?.();
    throw networkFailure(proxyRefusal(proxy, status), this.#server);
  }

  /** An upgraded connection is no longer the pool's: who closes the transport still expects it to end. */
  #keep(connection: Duplex): void {
    this.#upgraded.add(connection);
    connection.once('close', () => this.#upgraded.delete(connection));
  }

  #headersTimeout({ headersWithinMs }: ApiRequest): { headersTimeout?: number } {
    const { requestMs } = this.#timeouts;
    if (headersWithinMs === undefined || (requestMs > 0 && headersWithinMs >= requestMs)) return {};
    return { headersTimeout: headersWithinMs };
  }

  /** undici forgets to take a request that failed so out of its count, and would let every later one wait for ever. */
  #retire(pool: Promise<Connections> | undefined): void {
    if (pool === undefined || pool !== this.#pool) return;
    this.#retired.push(pool);
    this.#pool = undefined;
  }

  /** A plugin that hands out a new client certificate gets new connections; the old ones end when idle. */
  #poolFor(certificate: ClientCertificate | undefined): Promise<Connections> {
    if (certificate?.cert !== this.#certificate?.cert) this.#retire(this.#pool);
    this.#certificate = certificate;
    this.#pool ??= openPool(this.#connection, certificate, this.#timeouts);
    return this.#pool;
  }
}

function isNameMismatch(thrown: unknown): boolean {
  return thrown instanceof NetworkError && thrown.errno === 'ERR_TLS_CERT_ALTNAME_INVALID';
}

/** What would be in doubt after a failure goes only on a connection that has just been looked at. */
function connectionWish({ method, resendable, freshConnection }: ApiRequest): ConnectionWish {
  if (freshConnection === true) return 'fresh';
  return method === 'GET' || resendable === true ? 'any' : 'checked';
}

/** Reads only: the API server zips answers over 128 KiB, which is a page of a LIST. */
function takesZip(request: ApiRequest): boolean {
  return request.method === 'GET' && request.stream !== true;
}
