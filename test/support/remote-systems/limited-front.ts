import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './read-request.ts';
import type { RequestLimit } from './request-limit.ts';

export interface LimitedFrontOptions {
  /** Requests beyond it are answered with 429; none by default. */
  readonly limit?: RequestLimit;
  /** Awaited before a request is looked at. */
  readonly gate?: () => Promise<unknown>;
  /** The body of a 429. */
  readonly refusal?: unknown;
}

/** The gateway that stands before a system and counts its requests: what is admitted is passed on as it came. */
export class LimitedFront {
  readonly #system: URL;
  readonly #options: LimitedFrontOptions;
  readonly #server: Server;

  private constructor(system: string, options: LimitedFrontOptions) {
    this.#system = new URL(system);
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  static async before(system: string, options: LimitedFrontOptions): Promise<LimitedFront> {
    const front = new LimitedFront(system, options);
    await new Promise<void>((resolve) => {
      front.#server.listen(0, '127.0.0.1', resolve);
    });
    return front;
  }

  /** In place of the system's own, with its path. */
  get url(): string {
    const { pathname } = this.#system;
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${pathname === '/' ? '' : pathname}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === undefined) return;
    await this.#options.gate?.();
    const admission = this.#options.limit?.admit();
    if (admission?.admitted === false) {
      response.writeHead(429, { 'content-type': 'application/json', ...admission.headers });
      response.end(JSON.stringify(this.#options.refusal ?? {}));
      return;
    }
    this.#passOn({ request, body, response }, admission?.headers);
  }

  #passOn(
    { request, body, response }: { request: IncomingMessage; body: string; response: ServerResponse },
    headers: Readonly<Record<string, string>> | undefined,
  ): void {
    const { hostname, port } = this.#system;
    const { method, url, headers: asked } = request;
    const passed = ask({ hostname, port, method, path: url, headers: asked }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...headers });
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    passed.end(body);
  }
}
