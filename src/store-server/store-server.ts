/**
 * A `Send` behind a socket: HTTP/1.1 over TLS on loopback, for who holds the token. It decides nothing that a Kubernetes
 * API decides, but who may ask, how long a body may be, and what is said when the store itself fails.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import { carriesToken, makeToken } from './bearer-token.ts';
import { makeCertificate } from './certificate.ts';
import { urlOf } from './loopback.ts';
import { MalformedBody } from './malformed-body.ts';
import { refusePlainHttp } from './plain-http.ts';
import { BodyTooLarge, readRequestBody } from './request-body.ts';
import {
  methodNotAllowed,
  requestTooLarge,
  storeFailure,
  unauthorized,
  unrecognized,
  type ServerRefusal,
} from './server-refusals.ts';

export interface StoreServerOptions {
  send: Send;
  clock: Clock;
  /** One of loopback's. */
  address: string;
  /** 0: any that is free. */
  port: number;
  /** Told of every answer. */
  onAnswer: (answer: ServedAnswer) => void;
  /** Told of everything that the store failed with. */
  onFailure: (failure: unknown) => void;
}

export interface ServedAnswer {
  method: string;
  /** As it was asked for, query included: anything may be in it. */
  path: string;
  status: number;
  durationMs: number;
}

export interface StoreServer {
  readonly url: string;
  readonly token: string;
  /** PEM, its own authority. */
  readonly certificate: string;
  /** Takes no more connections, ends the watches, lets what is being answered be answered, writes for longer. */
  close(): Promise<void>;
}

/** An idle connection is kept longer than clients keep theirs, so that it is they who close it. */
const keepAliveMs = 180_000;
const headersWithinMs = 15_000;
const requestWithinMs = 60_000;
const handshakeWithinMs = 10_000;
const mostConnections = 512;
/** For answers that are on their way when the server ends: to what was read, then to what was written. */
const readsGraceMs = 1_000;
const writesGraceMs = 4_000;

const methods = new Set<string>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** @throws ADDRESS_UNAVAILABLE where it cannot be listened on */
export async function startStoreServer(options: StoreServerOptions): Promise<StoreServer> {
  const { key, certificate } = makeCertificate(options.address, options.clock.now());
  const token = makeToken();
  const closing = new AbortController();
  const exchanges = new Exchanges(options, token, closing.signal);
  const server = createServer(
    {
      key,
      cert: certificate,
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeWithinMs,
      keepAliveTimeout: keepAliveMs,
      headersTimeout: headersWithinMs,
      requestTimeout: requestWithinMs,
    },
    (asked, reply) => {
      void exchanges.answer(asked, reply);
    },
  );
  server.maxConnections = mostConnections;
  refusePlainHttp(server, { withinMs: handshakeWithinMs });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: urlOf(options.address, port),
    token,
    certificate,
    close: () => closeServer(server, { closing, exchanges, clock: options.clock }),
  };
}

function listen(server: Server, { address, port }: StoreServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = explanations[cause.code ?? ''] ?? cause.message;
      const hint = `choose another with ${optionName('port')}, or leave it out for a free one`;
      reject(new RemedyError('ADDRESS_UNAVAILABLE', `port ${port} of ${address}: ${why}`, { hint, cause }));
    });
    server.listen({ host: address, port }, resolve);
  });
}

const explanations: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'ports below 1024 are not for every user',
  EADDRNOTAVAIL: 'this machine does not have that address',
};

async function closeServer(
  server: Server,
  { closing, exchanges, clock }: { closing: AbortController; exchanges: Exchanges; clock: Clock },
): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  closing.abort();
  // who does not read a watch is not waited for, but a write that was done is to be known of
  await within(readsGraceMs, clock, exchanges.idle());
  await within(writesGraceMs, clock, exchanges.written());
  server.closeAllConnections();
  await closed;
}

async function within(ms: number, clock: Clock, work: Promise<void>): Promise<void> {
  const given = new AbortController();
  await Promise.race([work, clock.sleep(ms, given.signal).catch(() => undefined)]);
  given.abort();
}

/** Every request that is being answered. */
class Exchanges {
  readonly #options: StoreServerOptions;
  readonly #token: string;
  readonly #closing: AbortSignal;
  readonly #reads = new Set<Promise<void>>();
  readonly #writes = new Set<Promise<void>>();

  constructor(options: StoreServerOptions, token: string, closing: AbortSignal) {
    this.#options = options;
    this.#token = token;
    this.#closing = closing;
  }

  /** Resolves when nothing is being answered. */
  async idle(): Promise<void> {
    while (this.#reads.size + this.#writes.size > 0) await Promise.all([...this.#reads, ...this.#writes]);
  }

  /** Resolves when no write is being answered. */
  async written(): Promise<void> {
    while (this.#writes.size > 0) await Promise.all(this.#writes);
  }

  /** Never rejects. */
  async answer(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { clock, onAnswer } = this.#options;
    const startedMs = clock.monotonicMs();
    const done = this.#exchange(asked, reply).catch(() => {
      reply.destroy();
    });
    const open = asked.method === 'GET' ? this.#reads : this.#writes;
    open.add(done);
    await done;
    open.delete(done);
    onAnswer({
      method: asked.method ?? '',
      path: asked.url ?? '',
      status: reply.statusCode,
      durationMs: clock.monotonicMs() - startedMs,
    });
  }

  async #exchange(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const left = new AbortController();
    reply.once('close', () => {
      left.abort();
    });
    const answer = await this.#ask(asked, left.signal);
    if (this.#closing.aborted) reply.shouldKeepAlive = false;
    if ('refused' in answer) refuse(reply, answer.refused);
    else await stream(reply, answer, this.#options.onFailure);
  }

  async #ask(asked: IncomingMessage, left: AbortSignal): Promise<ApiResponse | { refused: ServerRefusal }> {
    if (!carriesToken(asked.headers.authorization, this.#token)) return { refused: unauthorized() };
    if (!methods.has(asked.method ?? '')) return { refused: methodNotAllowed() };
    const method = asked.method as ApiRequest['method'];
    try {
      const { text, contentType } = await readRequestBody(asked);
      return await this.#options.send({
        method,
        path: asked.url ?? '/',
        headers: headersOf(asked, contentType),
        ...(text === '' ? {} : { body: text }),
        // a write that was begun is answered also when the server ends; what reads may be a watch, which has no end
        signal: method === 'GET' ? AbortSignal.any([left, this.#closing]) : left,
      });
    } catch (failure) {
      const refused = bodyRefusal(failure);
      if (refused !== undefined) return { refused };
      if (left.aborted) throw failure;
      this.#options.onFailure(failure);
      return { refused: storeFailure(failure) };
    }
  }
}

function bodyRefusal(failure: unknown): ServerRefusal | undefined {
  if (failure instanceof BodyTooLarge) return requestTooLarge(failure.limitBytes);
  if (failure instanceof MalformedBody) return unrecognized(failure.message);
  return undefined;
}

/** The token is for the server alone, and no further. */
function headersOf(asked: IncomingMessage, contentType: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(asked.headers)) {
    if (name !== 'authorization' && value !== undefined) headers[name] = [value].flat().join(', ');
  }
  if (contentType !== undefined) headers['content-type'] = contentType;
  return headers;
}

function refuse(reply: ServerResponse, { status, headers, body }: ServerRefusal): void {
  // what is left of the request is not read
  reply.writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' });
  reply.end(body);
}

/** At the client's pace: what it has not taken is not read. */
async function stream(
  reply: ServerResponse,
  { status, headers, body }: ApiResponse,
  onFailure: (failure: unknown) => void,
): Promise<void> {
  reply.writeHead(status, headers);
  reply.flushHeaders();
  try {
    await pipeline(Readable.from(body, { objectMode: false }), reply);
  } catch (failure) {
    // half an answer has no other end than a broken connection
    reply.destroy();
    if (failure instanceof RemedyError) onFailure(failure);
  }
}
