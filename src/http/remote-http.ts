/**
 * HTTP to the systems that plans write to: keep-alive connections of one process, shared by its clients.
 *
 * Guarantees: one attempt per exchange; one deadline from the first byte of the connection to the last of the answer;
 * a signal ends it at once; no redirect is followed (it would carry the token elsewhere); answers are bounded; what a
 * server says about its rate limit is kept for `turn`. Non-guarantees: no retry, no caching, no HTTP/2.
 */
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Connections, type Dial, type TlsTrust } from './connections.ts';
import type { AnswerHead, ExchangeEnd } from './exchange.ts';
import { shownHeaders } from '../retry/redact.ts';
import { Exchange } from './exchange.ts';
import { RateLimitPace } from './rate-limit-pace.ts';

/** The bounds of every exchange. */
export interface RemoteHttpOptions {
  /** `remedyctl/<version>`. */
  readonly userAgent: string;
  /** Its sleep is the deadline, its time reads a Retry-After that is a date. */
  readonly clock: Clock;
  /** Spreads the requests that waited for the same reset of a rate limit. */
  readonly random: Random;
  /** For one exchange as a whole, in milliseconds; default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** For a connection, TLS included, in milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number | undefined;
  /** The largest answer, in bytes; default 8 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Hears of every exchange when it has ended. */
  readonly onExchange?: ((exchange: SeenExchange) => void) | undefined;
  /** How servers prove who they are; default: by the authorities that Node.js knows. */
  readonly tls?: TlsTrust | undefined;
  /** The proxy that a URL is reached through; none by default. */
  readonly proxyOf?: ((url: URL) => URL | undefined) | undefined;
  /** Makes the connections in place of the network, through a tunnel for example. */
  readonly dial?: Dial | undefined;
}

/** A request as it leaves, credentials included. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** The name of the system, for who listens. */
  readonly title?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onHead?: ((head: AnswerHead) => void) | undefined;
}

/** One exchange as it went, without bodies. Nothing secret is in it: no credentials, and no answer that repeats them. */
export interface SeenExchange {
  readonly method: WireRequest['method'];
  readonly url: URL;
  readonly durationMs: number;
  /** Absent when no answer came. */
  readonly httpStatus?: number;
  readonly failure?: unknown;
  /** `PagerDuty`, where one is asked by name. */
  readonly title?: string | undefined;
  readonly sentHeaders: Readonly<Record<string, string>>;
  readonly receivedHeaders: Readonly<Record<string, string>>;
}

/** Who waits for a turn, and who hears of it. */
export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** Hears of each wait of a second or more, in milliseconds. */
  readonly onWait?: ((waitMs: number) => void) | undefined;
}

/** The exchange took longer than `timeoutMs`. */
export class DeadlineExceeded extends Error {
  constructor(timeoutMs: number) {
    super(`no whole answer within ${timeoutMs / 1_000} s`);
  }
}

/** The caller's signal; its reason is the cause. */
export class CallAborted extends Error {
  constructor(reason: unknown) {
    super('the call was stopped', { cause: reason });
  }
}

const defaultTimeoutMs = 30_000;
const defaultConnectTimeoutMs = 10_000;
const defaultMaxBodyBytes = 8 * 1024 * 1024;

/** The connections of one process to all systems, until `close`. */
export class RemoteHttp {
  readonly clock: Clock;
  readonly #random: Random;
  /** By origin. */
  readonly #paces = new Map<string, RateLimitPace>();
  readonly #closing = new AbortController();
  readonly #userAgent: string;
  readonly #timeoutMs: number;
  readonly #maxBodyBytes: number;
  readonly #connections: Connections;
  readonly #onExchange: RemoteHttpOptions['onExchange'];

  constructor(options: RemoteHttpOptions) {
    this.clock = options.clock;
    this.#random = options.random;
    this.#userAgent = options.userAgent;
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
    this.#onExchange = options.onExchange;
    this.#connections = new Connections({
      connectTimeoutMs: options.connectTimeoutMs ?? defaultConnectTimeoutMs,
      proxyOf: options.proxyOf,
      tls: options.tls,
      dial: options.dial,
    });
  }

  /**
   * Resolves when the server's rate limit lets the next request through: to be awaited before a request is written down
   * as sent, and before its deadline begins. Rejects with CallAborted.
   */
  async turn(url: URL, { signal, onWait }: TurnOptions = {}): Promise<void> {
    const ends =
      signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    try {
      await this.#paceOf(url).turn(ends, onWait);
    } catch {
      throw new CallAborted(ends.reason);
    }
  }

  /** Never rejects: see ExchangeEnd. */
  async exchange(request: WireRequest): Promise<ExchangeEnd> {
    const startedMs = this.clock.monotonicMs();
    const end = await this.#exchange(request);
    if (this.#onExchange === undefined) return end;
    const mask = maskOf(request.headers);
    this.#onExchange({
      method: request.method,
      url: request.url,
      durationMs: this.clock.monotonicMs() - startedMs,
      title: request.title,
      sentHeaders: shownHeaders(request.headers, mask),
      receivedHeaders: shownHeaders(end.head?.headers ?? {}, mask),
      ...(end.head === undefined ? {} : { httpStatus: end.head.httpStatus }),
      ...(end.failure === undefined ? {} : { failure: end.failure }),
    });
    return end;
  }

  async #exchange(request: WireRequest): Promise<ExchangeEnd> {
    const exchange = new Exchange({
      maxBodyBytes: this.#maxBodyBytes,
      onHead: (head) => {
        this.#paceOf(request.url).heard(head);
        request.onHead?.(head);
      },
    });
    const release = this.#limit(exchange, request.signal);
    try {
      if (request.signal?.aborted !== true) await this.#dispatch(request, exchange);
      const end = await exchange.end;
      if (isNameMismatch(end.failure)) this.#connections.renew(request.url);
      return end;
    } catch (failure) {
      return { sent: false, body: Buffer.alloc(0), failure };
    } finally {
      release();
    }
  }

  /** Cuts what is under way and closes the connections. */
  close(): Promise<void> {
    this.#closing.abort();
    return this.#connections.close();
  }

  #paceOf({ origin }: URL): RateLimitPace {
    const known = this.#paces.get(origin);
    if (known !== undefined) return known;
    const pace = new RateLimitPace({ clock: this.clock, random: this.#random });
    this.#paces.set(origin, pace);
    return pace;
  }

  async #dispatch({ method, url, headers, body }: WireRequest, exchange: Exchange): Promise<void> {
    const connections = await this.#connections.to(url);
    connections.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers: { 'user-agent': this.#userAgent, accept: 'application/json', ...headers },
        body: body ?? null,
      },
      exchange,
    );
  }

  #limit(exchange: Exchange, signal: AbortSignal | undefined): () => void {
    const over = new AbortController();
    this.clock.sleep(this.#timeoutMs, over.signal).then(
      () => {
        exchange.stop(new DeadlineExceeded(this.#timeoutMs));
      },
      () => undefined,
    );
    const onAbort = (): void => {
      exchange.stop(new CallAborted(signal?.reason));
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
    return () => {
      over.abort();
      signal?.removeEventListener('abort', onAbort);
    };
  }
}

/** What an answer may repeat of the credentials that it was asked with is masked. */
function maskOf({ authorization = '' }: WireRequest['headers']): (text: string) => string {
  const credentials = authorization.split(/[ =]/).filter((part) => part.length >= 8);
  return (text) => credentials.reduce((shown, credential) => shown.replaceAll(credential, '…'), text);
}

function isNameMismatch(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'ERR_TLS_CERT_ALTNAME_INVALID';
}
