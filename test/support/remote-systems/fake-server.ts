import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver, wireAnswer, type WireAnswer } from './delivery.ts';
import { breaksDocument, isWhole, passesPrism, type Fault } from './fault.ts';
import { Passage } from './passage.ts';
import type { PrismLine } from './prism-lines.ts';
import { readBody } from './read-request.ts';

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
  /** Path and query as they came. */
  readonly url: string;
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

/** The prisms by the document that this path is in; undefined where it is in none, or where there are no prisms. */
export type LineOf = (path: string) => PrismLine | undefined;

interface FaultRule {
  readonly match: (call: SeenCall) => boolean;
  readonly fault: Fault;
  left: number;
}

/**
 * A real HTTP server on loopback around a fake's behaviour, which fails on command. With `lineOf`, everything goes
 * through prism on its way; what prism cannot hand on (see `passesPrism`) is done to the answer after it.
 */
export class FakeServer {
  /** Every request that arrived, also those that a fault answered. */
  readonly calls: SeenCall[] = [];
  readonly #behaviour: FakeBehaviour;
  readonly #server: Server;
  readonly #lineOf: LineOf;
  readonly #passage = new Passage();
  #rules: FaultRule[] = [];
  #requestCount = 0;

  constructor(behaviour: FakeBehaviour, lineOf: LineOf = () => undefined) {
    this.#behaviour = behaviour;
    this.#lineOf = lineOf;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  async start(): Promise<this> {
    await this.#passage.start();
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
    const closed = new Promise((resolve) => this.#server.close(resolve));
    await this.#passage.stop();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await seenCall(request);
    if (call === undefined) return;
    const fault = this.#faultFor(call);
    deliver(response, await this.#answered(call, fault), fault);
  }

  async #answered(call: SeenCall, fault: Fault | undefined): Promise<WireAnswer> {
    const line = this.#lineOf(call.path);
    if (line === undefined) return this.#arrived(call, fault, true);
    const passes = fault === undefined || passesPrism(fault);
    const meantToBreak = fault !== undefined && breaksDocument(fault);
    const arrive = (): WireAnswer => this.#arrived(call, fault, passes);
    const carried = await this.#passage.carry({ ...call, meantToBreak, arrive }, line);
    return passes || !isWhole(fault) ? carried : this.#faulty(this.#refusal(503), fault);
  }

  /** `faulty`: with what the fault makes of the answer; else the answer as it should be. */
  #arrived(call: SeenCall, fault: Fault | undefined, faulty: boolean): WireAnswer {
    this.calls.push(call);
    this.#requestCount += 1;
    const takesEffect = fault === undefined || fault.effect === true;
    const answer = takesEffect ? this.#behaviour.answer(call) : this.#refusal(503);
    return this.#faulty(answer, faulty ? fault : undefined);
  }

  #refusal(status: number): FakeAnswer {
    return { status, body: this.#behaviour.errorBody(status) };
  }

  #faulty(answer: FakeAnswer, fault: Fault | undefined): WireAnswer {
    const wire = wireAnswer(answer, fault, (status) => this.#behaviour.errorBody(status));
    return { ...wire, headers: { 'x-request-id': `req-${this.#requestCount}`, ...wire.headers } };
  }

  #faultFor(call: SeenCall): Fault | undefined {
    const rule = this.#rules.find(({ left, match }) => left > 0 && match(call));
    if (rule !== undefined) rule.left -= 1;
    return rule?.fault;
  }
}

async function seenCall(request: IncomingMessage): Promise<SeenCall | undefined> {
  const text = await readBody(request);
  if (text === undefined) return undefined;
  const requested = request.url ?? '/';
  const url = new URL(requested, 'http://fake');
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: jsonIn(text),
    text,
    url: requested,
  };
}

/** Undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
