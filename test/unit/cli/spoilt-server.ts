import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import type { ApiRequest } from '../../../src/api/wire.ts';

/** What becomes of an answer of 2xx before it leaves; undefined: nothing. */
export type Spoil = (text: string, request: { method: string; url: string }) => string;

/** An API server over HTTP on loopback: the embedded store's answers, spoilt as asked. */
export class SpoiltServer {
  readonly url: string;
  spoil: Spoil = (text) => text;
  readonly store: EmbeddedStore;
  readonly #server: Server;

  private constructor(server: Server, store: EmbeddedStore) {
    this.#server = server;
    this.store = store;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(directory: string): Promise<SpoiltServer> {
    const store = await openEmbeddedStore({
      directory,
      clock: new RealClock(),
      random: new SystemRandom(),
      namespaces: ['kubernaut-system', 'prod'],
    });
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const own = new SpoiltServer(server, store);
    server.on('request', (request, response) => {
      void own.answer(request, response).catch(() => response.destroy());
    });
    return own;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.store.close();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString('utf8');
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    const answer = await this.store.send({
      method: method as ApiRequest['method'],
      path: url,
      headers: headers as Record<string, string>,
      signal: gone.signal,
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    const isWatch = url.includes('watch=true');
    let whole = '';
    for await (const part of answer.body) {
      const text = Buffer.from(part).toString('utf8');
      if (!isWatch) whole += text;
      else
        for (const line of text.split('\n'))
          if (line !== '') response.write(`${this.spoil(line, { method, url })}\n`);
    }
    response.end(isWatch || answer.status >= 300 ? whole : this.spoil(whole, { method, url }));
  }
}
