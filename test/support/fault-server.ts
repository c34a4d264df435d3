import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { Agent, RequestOptions } from 'node:https';
import { Agent as HttpsAgent, createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TlsFiles } from '../unit/kube/api-server.ts';

/** A request as the server has read it, its body whole. */
export interface FaultyRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** On which connection it came, and as which of it; both from 1. */
  readonly connection: number;
  readonly nthOnConnection: number;
  /** `Date.now()` when it was read. */
  readonly atMs: number;
  /** What was done to it; absent where it was answered as the server behind answers. */
  fault?: Fault['kind'] | 'idle-closed';
  /** Of the server behind, where it was asked. */
  status?: number;
}

/** What becomes of a request. `lost`, `half-dead`, `cut` and `slow` ask the server behind; the others do not. */
export type Fault =
  /** An answer in the server's place. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** The server behind answers, and the connection ends before a byte of it: with a FIN, or with a reset. */
  | { kind: 'lost'; by?: 'fin' | 'reset' }
  /** The connection is reset before anybody has looked at the request. */
  | { kind: 'reset' }
  /** The request is read, and nothing is said. */
  | { kind: 'silent' }
  /** The answer begins so much later. */
  | { kind: 'slow'; ms: number }
  /** The headers and so many lines of the answer, then nothing, and no FIN. */
  | { kind: 'half-dead'; afterLines: number }
  /** The headers and so many lines of the answer, or so much time, then the connection is reset. */
  | { kind: 'cut'; afterLines?: number; afterMs?: number };

/** Which requests a fault meets. The first rule that takes a request counts; `nth` counts those that the rest of it takes. */
export interface FaultRule {
  methods?: readonly string[];
  /** Held against path and query. */
  path?: RegExp;
  /** Only watches, or all but them. */
  watch?: boolean;
  /** From 1. Default: all of them. */
  nth?: number | readonly number[] | ((nth: number, request: FaultyRequest) => boolean);
  fault: Fault;
}

export interface FaultServerOptions {
  tls: TlsFiles;
  /** The server behind: `https://…`, whose certificate is not looked at; or an answer of its own. */
  behind: string | ((request: FaultyRequest, response: ServerResponse) => void);
  rules?: readonly FaultRule[];
  /** A connection on which nothing is asked for so long gets a FIN, as of a balancer. Default: none does. */
  idleCloseMs?: number | (() => number);
  /** Of the port that it listens to. Default: any. */
  port?: number;
}

export interface FaultServer {
  readonly url: string;
  readonly port: number;
  /** What it was asked, in the order of arrival. */
  readonly requests: FaultyRequest[];
  /** Connections that there have been. */
  readonly connections: number;
  /** May be changed at any time; counts of `nth` belong to the rule. */
  rules: readonly FaultRule[];
  idleCloseMs: FaultServerOptions['idleCloseMs'];
  /** A kubeconfig for it, as JSON. */
  kubeconfig(token?: string, namespace?: string): string;
  /** Ends every connection: with a FIN where nothing is asked on it, and a reset otherwise. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** A Status as kube-apiserver answers, with the header that asks for patience where `retryAfter` (seconds or a date) is given. */
export function statusFault(code: number, retryAfter?: number | string): Fault {
  const [reason, message] = statusTexts[code] ?? ['InternalError', 'an error on the server'];
  return {
    kind: 'answer',
    status: code,
    headers: {
      'content-type': 'application/json',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason,
      code,
      ...(typeof retryAfter === 'number' ? { details: { retryAfterSeconds: retryAfter } } : {}),
    }),
  };
}

/** A page as of a log-in (200) or of a balancer that finds nobody (502, 503, 504). */
export function htmlFault(status: number, headers: Record<string, string> = {}): Fault {
  const body = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>page of a balancer</h1></body></html>`;
  return { kind: 'answer', status, headers: { 'content-type': 'text/html', ...headers }, body };
}

export function redirectFault(location: string): Fault {
  return { kind: 'answer', status: 302, headers: { location }, body: '' };
}

const statusTexts: Record<number, readonly [reason: string, message: string]> = {
  429: ['TooManyRequests', 'Too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within the allotted timeout'],
};

/** A TLS server on loopback that stands before an API server, or answers alone, and misbehaves as its rules say. */
export async function startFaultServer(options: FaultServerOptions): Promise<FaultServer> {
  const running = new RunningFaultServer(options);
  await running.listen(options.port ?? 0);
  return running;
}

/** One connection of a client: the TCP socket under TLS, which alone can be reset. */
interface ClientConnection {
  readonly number: number;
  readonly tcp: Socket;
  asked: number;
  underWay: number;
  idleTimer?: NodeJS.Timeout;
  /** A FIN was sent: what arrives from now on is answered as by a machine that knows the connection no more. */
  closed: boolean;
}

class RunningFaultServer implements FaultServer {
  url = '';
  port = 0;
  connections = 0;
  readonly requests: FaultyRequest[] = [];
  rules: readonly FaultRule[];
  idleCloseMs: FaultServerOptions['idleCloseMs'];
  readonly #options: FaultServerOptions;
  readonly #agent: Agent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  readonly #server;
  /** By the client's port. */
  readonly #open = new Map<number, ClientConnection>();
  readonly #met = new WeakMap<FaultRule, number>();
  readonly #closing = new AbortController();

  constructor(options: FaultServerOptions) {
    const { cert, key } = options.tls;
    this.#options = options;
    this.rules = options.rules ?? [];
    this.idleCloseMs = options.idleCloseMs;
    const files = { cert: readFileSync(cert), key: readFileSync(key) };
    this.#server = createServer({ ...files, keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      void this.#onRequest(request, response).catch(() => response.destroy());
    });
    this.#server.on('connection', (tcp: Socket) => {
      this.#onConnection(tcp);
    });
    this.#server.on('secureConnection', (socket) => socket.on('error', () => undefined));
    this.#server.on('tlsClientError', () => undefined);
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.port = (this.#server.address() as AddressInfo).port;
    this.url = `https://127.0.0.1:${this.port}`;
  }

  kubeconfig(token?: string, namespace?: string): string {
    const authority = readFileSync(this.#options.tls.ca).toString('base64');
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'faulty',
      contexts: [{ name: 'faulty', context: { cluster: 'faulty', user: 'faulty', namespace } }],
      clusters: [{ name: 'faulty', cluster: { server: this.url, 'certificate-authority-data': authority } }],
      users: [{ name: 'faulty', user: token === undefined ? {} : { token } }],
    });
  }

  dropConnections(): void {
    for (const connection of this.#open.values()) {
      if (connection.underWay === 0) sendFin(connection);
      else connection.tcp.resetAndDestroy();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const { tcp, idleTimer } of this.#open.values()) {
      clearTimeout(idleTimer);
      tcp.destroy();
    }
    this.#agent.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #onConnection(tcp: Socket): void {
    const port = tcp.remotePort ?? 0;
    const connection = { number: (this.connections += 1), tcp, asked: 0, underWay: 0, closed: false };
    this.#open.set(port, connection);
    tcp.on('error', () => undefined);
    tcp.once('close', () => {
      clearTimeout((connection as ClientConnection).idleTimer);
      this.#open.delete(port);
    });
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const connection = this.#open.get(request.socket.remotePort ?? 0);
    if (connection === undefined) return;
    clearTimeout(connection.idleTimer);
    connection.underWay += 1;
    response.once('close', () => {
      connection.underWay -= 1;
      this.#waitIdle(connection);
    });
    const seen = await readRequest(request, connection);
    this.requests.push(seen);
    if (connection.closed) {
      seen.fault = 'idle-closed';
      connection.tcp.resetAndDestroy();
      return;
    }
    const fault = this.#faultFor(seen);
    if (fault !== undefined) seen.fault = fault.kind;
    await this.#answer({ seen, response, connection, fault });
  }

  #waitIdle(connection: ClientConnection): void {
    const ms = typeof this.idleCloseMs === 'function' ? this.idleCloseMs() : this.idleCloseMs;
    if (ms === undefined || connection.underWay > 0 || this.#closing.signal.aborted) return;
    connection.idleTimer = setTimeout(() => {
      sendFin(connection);
    }, ms);
  }

  #faultFor(request: FaultyRequest): Fault | undefined {
    for (const rule of this.rules) {
      if (!isMeant(rule, request)) continue;
      const nth = (this.#met.get(rule) ?? 0) + 1;
      this.#met.set(rule, nth);
      if (isNth(rule.nth, nth, request)) return rule.fault;
    }
    return undefined;
  }

  async #answer(exchange: FaultyExchange): Promise<void> {
    const { response, connection, fault, seen } = exchange;
    switch (fault?.kind) {
      case 'answer':
        response.writeHead(fault.status, { date: new Date().toUTCString(), ...fault.headers });
        response.end(fault.body ?? '');
        return;
      case 'reset':
        connection.tcp.resetAndDestroy();
        return;
      case 'silent':
        return;
      case 'slow':
        await pause(fault.ms, undefined, { signal: this.#closing.signal });
        break;
      default:
    }
    const { behind } = this.#options;
    if (typeof behind === 'string') this.#forward(behind, exchange);
    else if (fault?.kind === 'lost') endWithoutAnswer(connection, fault.by);
    else behind(seen, fault === undefined ? response : withFaultyLines(exchange));
  }

  #forward(server: string, exchange: FaultyExchange): void {
    const { seen, response, connection, fault } = exchange;
    const headers = { ...seen.headers };
    // Lines are counted in the text.
    if (fault?.kind === 'half-dead' || fault?.kind === 'cut') delete headers['accept-encoding'];
    const asked: RequestOptions = { method: seen.method, headers, agent: this.#agent };
    const upstream = httpsRequest(new URL(seen.url, server), asked);
    response.once('close', () => upstream.destroy());
    upstream.on('error', () => connection.tcp.destroy());
    upstream.on('response', (answer) => {
      seen.status = answer.statusCode ?? 0;
      answer.on('error', () => connection.tcp.destroy());
      if (fault?.kind === 'lost') {
        answer.resume().once('end', () => {
          endWithoutAnswer(connection, fault.by);
        });
        return;
      }
      response.writeHead(seen.status, answer.headers);
      response.flushHeaders();
      const out = withFaultyLines(exchange);
      answer.on('data', (chunk: Buffer) => out.write(chunk)).once('end', () => out.end());
    });
    upstream.end(seen.body);
  }
}

const readWithinMs = 20;

interface FaultyExchange {
  seen: FaultyRequest;
  response: ServerResponse;
  connection: ClientConnection;
  fault: Fault | undefined;
}

/** The same response, which falls silent or breaks off where the fault says so. */
function withFaultyLines({ response, connection, fault }: FaultyExchange): ServerResponse {
  if (fault?.kind !== 'half-dead' && fault?.kind !== 'cut') return response;
  const reset = (): void => {
    if (fault.kind === 'cut') connection.tcp.resetAndDestroy();
  };
  // What was written is read before the reset drops it.
  const breakOff = (): void => void setTimeout(reset, readWithinMs);
  if (fault.kind === 'cut' && fault.afterMs !== undefined) {
    const timer = setTimeout(reset, fault.afterMs);
    response.once('close', () => {
      clearTimeout(timer);
    });
  }
  let left = fault.afterLines ?? Infinity;
  const write = response.write.bind(response) as (text: string, done?: () => void) => boolean;
  const end = response.end.bind(response) as (text?: string) => ServerResponse;
  const take = (chunk: unknown): void => {
    if (left <= 0) return;
    const lines = String(chunk).split(/(?<=\n)/);
    const kept = lines.slice(0, left);
    left -= kept.filter((line) => line.endsWith('\n')).length;
    const text = kept.join('');
    if (left <= 0) write(text, breakOff);
    else write(text);
  };
  if (left <= 0) breakOff();
  return Object.assign(response, {
    write: (chunk: unknown) => {
      take(chunk);
      return true;
    },
    end: (chunk: unknown = '') => {
      if (chunk !== '') take(chunk);
      return left > 0 ? end() : response;
    },
  });
}

export function isMeant({ methods, path, watch }: FaultRule, { method, url }: FaultyRequest): boolean {
  if (methods !== undefined && !methods.includes(method)) return false;
  if (watch !== undefined && watch !== /[?&]watch=(?:true|1)/.test(url)) return false;
  return path === undefined || path.test(url);
}

export function isNth(wanted: FaultRule['nth'], nth: number, request: FaultyRequest): boolean {
  if (wanted === undefined) return true;
  if (typeof wanted === 'function') return wanted(nth, request);
  return typeof wanted === 'number' ? wanted === nth : wanted.includes(nth);
}

async function readRequest(request: IncomingMessage, connection: ClientConnection): Promise<FaultyRequest> {
  connection.asked += 1;
  const nthOnConnection = connection.asked;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    connection: connection.number,
    nthOnConnection,
    atMs: Date.now(),
  };
}

function endWithoutAnswer({ tcp }: ClientConnection, by: 'fin' | 'reset' = 'reset'): void {
  if (by === 'fin') tcp.destroySoon();
  else tcp.resetAndDestroy();
}

function sendFin(connection: ClientConnection): void {
  if (connection.closed) return;
  connection.closed = true;
  connection.tcp.end();
}
