import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ApiResponse } from '../api/wire.ts';
import { abortedBySignal, networkFailure } from './network-failure.ts';
import { ResponseBody } from './response-body.ts';

type Controller = Dispatcher.DispatchController;

/**
 * One request on the wire, as undici's dispatch handler: resolves with the answer at its headers, then feeds
 * the body. The signal counts until the body has ended; an abort while the request still waits for a
 * connection rejects at once.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<ApiResponse>;
  /** The connection is free again. */
  onDone: () => void = () => undefined;
  /** The connection has brought an answer before. */
  isKept = false;
  readonly #server: string;
  readonly #signal: AbortSignal | undefined;
  #resolve!: (response: ApiResponse) => void;
  #reject!: (error: Error) => void;
  #controller: Controller | undefined;
  #body: ResponseBody | undefined;
  #aborted: Error | undefined;

  constructor(server: string, signal: AbortSignal | undefined) {
    this.#server = server;
    this.#signal = signal;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (signal === undefined) return;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The headers have come. */
  get isAnswered(): boolean {
    return this.#body !== undefined;
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) controller.abort(this.#aborted);
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#body = new ResponseBody({
      pause: () => {
        controller.pause();
      },
      resume: () => {
        controller.resume();
      },
      abort: (reason) => {
        this.#settle();
        controller.abort(reason);
      },
    });
    this.#resolve({ status, headers: headers as ApiResponse['headers'], body: this.#body });
  }

  onRequestUpgrade(
    _controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    connection: Duplex,
  ): void {
    this.#settle();
    this.onDone();
    const body = new ResponseBody({ pause: nothing, resume: nothing, abort: nothing });
    body.end();
    this.#resolve({ status, headers: headers as ApiResponse['headers'], body, connection });
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#settle();
    this.onDone();
    this.#body?.end();
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#settle();
    this.onDone();
    this.#fail(this.#aborted ?? networkFailure(error, this.#server, this.isKept && !this.isAnswered));
  }

  readonly #onAbort = (): void => {
    if (this.#signal === undefined) return;
    this.#aborted = abortedBySignal(this.#signal, this.#server);
    this.#settle();
    this.#fail(this.#aborted);
    this.#controller?.abort(this.#aborted);
  };

  #fail(error: Error): void {
    this.#reject(error);
    this.#body?.fail(error);
  }

  #settle(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}

function nothing(): void {
  // there is no body to hold back or to cut
}
