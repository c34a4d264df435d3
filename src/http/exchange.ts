import type { Dispatcher } from 'undici';

type Controller = Dispatcher.DispatchController;
/** By lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What is known of an answer before its body. */
export interface AnswerHead {
  readonly httpStatus: number;
  /** Lower-case names. */
  readonly headers: Headers;
}

/** How an exchange ended. All of `head` without `failure`: a whole answer. */
export interface ExchangeEnd {
  /** Whether a byte of the request may have left. */
  readonly sent: boolean;
  readonly head?: AnswerHead;
  /** As much of the body as came: a Buffer, said without the types of Node.js. */
  readonly body: Uint8Array & { toString(encoding: 'utf8'): string };
  readonly failure?: unknown;
}

/** The answer is longer than `maxBodyBytes`. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the answer is longer than ${maxBytes} bytes`);
  }
}

/** The bounds of an exchange, and who hears of its answer first. */
export interface ExchangeOptions {
  readonly maxBodyBytes: number;
  readonly onHead: (head: AnswerHead) => void;
}

/**
 * One request on the wire as undici's dispatch handler, with its whole answer. `end` never rejects: it tells how far
 * the exchange came, which decides whether a write may have taken effect.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly end: Promise<ExchangeEnd>;
  readonly #options: ExchangeOptions;
  readonly #chunks: Buffer[] = [];
  #resolve!: (end: ExchangeEnd) => void;
  #controller: Controller | undefined;
  #head: AnswerHead | undefined;
  #bodyBytes = 0;
  #sent = false;
  #stopped: Error | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.end = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Gives up: at once where nothing has been sent, else by cutting the connection. */
  stop(reason: Error): void {
    this.#stopped ??= reason;
    this.#finish(this.#stopped);
    this.#controller?.abort(this.#stopped);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#stopped === undefined) this.#sent = true;
    else controller.abort(this.#stopped);
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    if (status < 200 || this.#stopped !== undefined) return;
    this.#head = { httpStatus: status, headers };
    this.#options.onHead(this.#head);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#bodyBytes += chunk.byteLength;
    if (this.#bodyBytes > this.#options.maxBodyBytes) this.stop(new BodyTooLarge(this.#options.maxBodyBytes));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish(undefined);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#finish(this.#stopped ?? error);
  }

  #finish(failure: Error | undefined): void {
    this.#resolve({
      sent: this.#sent,
      body: Buffer.concat(this.#chunks),
      ...(this.#head === undefined ? {} : { head: this.#head }),
      ...(failure === undefined ? {} : { failure }),
    });
  }
}
