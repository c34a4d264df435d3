/**
 * The way of a fake's requests and answers through prism. The listener that the client talks to hands the request to
 * prism, which holds it against the published document and sends it, over the relay, to a second listener of the same
 * fake; the answer goes back the same way and is held against the document too.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { reportBreach } from './breaches.ts';
import type { WireAnswer } from './delivery.ts';
import { jsonIn } from './fake-server.ts';
import { passageHeader, relayHeader, type PrismLine } from './prism-lines.ts';
import { readBody } from './read-request.ts';
import { breachesIn, violationsIn } from './violations.ts';

export interface Traveller {
  readonly method: string;
  /** As it came: path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The answer is meant to break the document: it goes past the prism that lets it through. */
  readonly meantToBreak: boolean;
  /** What the fake makes of the request when it has arrived; called once, or never where prism refuses the request. */
  readonly arrive: () => WireAnswer;
}

export class Passage {
  readonly #server: Server;
  readonly #waiting = new Map<string, Traveller>();
  #count = 0;
  #stopped = false;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#arrived(request, response);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The answer as prism hands it on. Breaches that nobody meant are reported. */
  async carry(traveller: Traveller, line: PrismLine): Promise<WireAnswer> {
    this.#count += 1;
    const passage = String(this.#count);
    this.#waiting.set(passage, traveller);
    const answer = await this.#exchange(traveller, passage, line).catch((error: unknown) => {
      if (!this.#stopped) reportBreach(`${nameOf(traveller)}: prism gives no answer: ${String(error)}`);
      return { status: 500, headers: {}, text: '' };
    });
    const arrived = !this.#waiting.delete(passage);
    const breaches = breachesIn(violationsIn(answer.headers), traveller.meantToBreak);
    for (const { location, message } of breaches) {
      reportBreach(`${nameOf(traveller)}: ${location.join('.')}: ${message}`);
    }
    if (!arrived && breaches.length === 0 && !this.#stopped) {
      reportBreach(`${nameOf(traveller)}: prism itself answers ${answer.status}: ${answer.text}`);
    }
    return { ...answer, headers: ownHeaders(answer.headers) };
  }

  async #exchange(
    { method, url, headers, text, meantToBreak }: Traveller,
    passage: string,
    { strictPort, lenientPort }: PrismLine,
  ): Promise<WireAnswer & { headers: IncomingHttpHeaders & Record<string, string> }> {
    const { port } = this.#server.address() as AddressInfo;
    const given = { [relayHeader]: String(port), [passageHeader]: passage };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest(
        {
          host: '127.0.0.1',
          port: meantToBreak ? lenientPort : strictPort,
          method,
          path: url,
          headers: { ...withoutHops(headers), ...given },
          agent: false,
        },
        resolve,
      );
      request.on('error', reject);
      request.end(text);
    });
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers as Record<string, string>,
      text: (await readBody(answer)) ?? '',
    };
  }

  async #arrived(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await readBody(request)) ?? '';
    const passage = String(request.headers[passageHeader]);
    const traveller = this.#waiting.get(passage);
    if (traveller === undefined) {
      reportBreach(`${request.method ?? ''} ${request.url ?? ''} arrived twice, or from nowhere`);
      response.destroy();
      return;
    }
    this.#waiting.delete(passage);
    if (!isUnchanged(traveller, request, text)) {
      reportBreach(`${nameOf(traveller)}: prism made another request of it: ${request.url ?? ''} ${text}`);
    }
    const { status, headers, text: body } = traveller.arrive();
    response.writeHead(status, headers);
    response.end(body);
  }
}

function isUnchanged(sent: Traveller, arrived: IncomingMessage, text: string): boolean {
  const [was, is] = [sent.url, arrived.url ?? ''].map((url) => new URL(url, 'http://fake'));
  return (
    sent.method === arrived.method &&
    was?.pathname === is?.pathname &&
    isDeepStrictEqual(queryOf(was), queryOf(is)) &&
    isDeepStrictEqual(jsonIn(sent.text), jsonIn(text)) &&
    ['authorization', 'accept', 'content-type', 'from', 'user-agent'].every(
      (name) => sent.headers[name] === arrived.headers[name],
    )
  );
}

function queryOf(url: URL | undefined): unknown {
  return [...(url?.searchParams ?? [])];
}

function nameOf({ method, url }: Traveller): string {
  return `${method} ${url}`;
}

function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => name !== 'connection' && name !== 'host');
  return Object.fromEntries(kept);
}

/** Those of the fake: without prism's own and those that only hold for the way from prism. */
function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const others = /^(?:access-control-|sl-violations$|connection$|keep-alive$|content-length$|date$)/;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !others.test(name)));
}
