import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './read-request.ts';
import type { Fault } from './fault.ts';

/** A request as a fake saw it. */
export interface SeenCall {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
  readonly text: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a fake is, beside its transport: requests in, effects on its state, answers out. */
export interface FakeBehaviour {
  answer(call: SeenCall): FakeAnswer;
  /** The body with which this system says that it failed. */
  errorBody(status: number): unknown;
}

interface FaultRule {
  readonly match: (call: SeenCall) => boolean;
  readonly fault: Fault;
  left: number;
}

/** A real HTTP server on loopback around a fake's behaviour, which fails on command. */
export class FakeServer {
  /** Every request, also those that a fault answered. */
  readonly calls: SeenCall[] = [];
  readonly #behaviour: FakeBehaviour;
  readonly #server: Server;
  #rules: FaultRule[] = [];
  #requestCount = 0;

  constructor(behaviour: FakeBehaviour) {
    this.#behaviour = behaviour;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next `times` requests that match `METHOD /path` (by its beginning, or by a pattern) meet the fault. */
  failOn(match: string | RegExp, fault: Fault, times = 1): void {
    const matches = (call: SeenCall): boolean => {
      const text = `${call.method} ${call.path}`;
      return typeof match === 'string' ? text.startsWith(match) : match.test(text);
    };
    this.#rules.push({ match: matches, fault, left: times });
  }

  /** Forgets faults and calls; the state of the system stays. */
  calmDown(): void {
    this.#rules = [];
    this.calls.length = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await seenCall(request);
    if (call === undefined) return;
    this.calls.push(call);
    this.#requestCount += 1;
    response.setHeader('x-request-id', `req-${this.#requestCount}`);
    const rule = this.#rules.find(({ left, match }) => left > 0 && match(call));
    if (rule === undefined) {
      write(response, this.#behaviour.answer(call));
      return;
    }
    rule.left -= 1;
    const answer = rule.fault.effect === true ? this.#behaviour.answer(call) : undefined;
    this.#fail(response, rule.fault, answer ?? { status: 200, body: {} });
  }

  #fail(response: ServerResponse, fault: Fault, answer: FakeAnswer): void {
    switch (fault.kind) {
      case 'status':
        write(response, {
          status: fault.status,
          headers: fault.headers ?? {},
          body: fault.body ?? this.#behaviour.errorBody(fault.status),
        });
        return;
      case 'html': {
        const status = fault.effect === true ? answer.status : fault.status;
        response.writeHead(status, { 'content-type': 'text/html', ...fault.headers });
        response.end(`<html><head><title>${status}</title></head><body>The proxy says no.</body></html>`);
        return;
      }
      case 'truncated':
      case 'stalled body':
        cut(response, answer, fault.kind === 'truncated');
        return;
      case 'wrong content type':
        response.writeHead(answer.status, { 'content-type': 'text/plain' });
        response.end(JSON.stringify(answer.body));
        return;
      case 'no body':
        response.writeHead(answer.status, { 'content-length': '0' });
        response.end();
        return;
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'stall':
        return;
    }
  }
}

function cut(response: ServerResponse, answer: FakeAnswer, ends: boolean): void {
  const text = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': String(text.length),
  });
  response.write(text.subarray(0, Math.floor(text.length / 2)), () => {
    if (ends) response.socket?.destroy();
  });
}

function write(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function seenCall(request: IncomingMessage): Promise<SeenCall | undefined> {
  const text = await readBody(request);
  if (text === undefined) return undefined;
  const url = new URL(request.url ?? '/', 'http://fake');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: jsonIn(text),
    text,
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
