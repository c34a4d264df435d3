import { NetworkError } from './api-error.ts';

/** Bytes that may wait for the reader before the connection is paused. */
const highWaterBytes = 256 * 1024;

/** What a body needs of the connection it comes from. */
interface BodySource {
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

/**
 * A response body between a connection that pushes and a reader that pulls, with back-pressure.
 * One reader; leaving its loop early aborts the connection, a later `return` does nothing.
 */
export class ResponseBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #source: BodySource;
  readonly #chunks: Uint8Array[] = [];
  #waitingBytes = 0;
  #paused = false;
  #finished = false;
  #failure: Error | undefined;
  #waiter: (() => void) | undefined;

  constructor(source: BodySource) {
    this.#source = source;
  }

  push(chunk: Uint8Array): void {
    if (this.#finished) return;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes > highWaterBytes && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#wake();
  }

  end(): void {
    this.#finished = true;
    this.#wake();
  }

  /** Chunks that came before the failure are still read; then it is thrown, once. */
  fail(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#failure = error;
    this.#wake();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#consumed(chunk);
        return { done: false, value: chunk };
      }
      this.#throwFailure();
      if (this.#finished) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#waiter = resolve;
      });
    }
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#chunks.length = 0;
    this.#failure = undefined;
    if (!this.#finished) {
      this.#finished = true;
      this.#source.abort(new NetworkError('ABORTED', 'the reader left'));
      this.#wake();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  #throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  #consumed(chunk: Uint8Array): void {
    this.#waitingBytes -= chunk.byteLength;
    if (!this.#paused || this.#waitingBytes > highWaterBytes / 2) return;
    this.#paused = false;
    if (!this.#finished) this.#source.resume();
  }

  #wake(): void {
    this.#waiter?.();
    this.#waiter = undefined;
  }
}
