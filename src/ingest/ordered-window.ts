/** Limits of the read-ahead: how much may be under way or finished but not yet handed on. */
export interface WindowLimits {
  items: number;
  bytes: number;
}

interface Entry<T> {
  result: Promise<T>;
  bytes: number;
}

/**
 * A channel that hands results on in the order in which their work was put in, while the work overlaps.
 * It holds a bounded number of items and bytes: `room` waits, and an item above the byte limit is let in
 * only when nothing else is there.
 */
export class OrderedWindow<T> implements AsyncIterable<T> {
  readonly #limits: WindowLimits;
  readonly #entries: Entry<T>[] = [];
  #bytes = 0;
  #ended = false;
  #failure: { cause: unknown } | undefined;
  #wakeProducer: (() => void) | undefined;
  #wakeConsumer: (() => void) | undefined;

  constructor(limits: WindowLimits) {
    this.#limits = limits;
  }

  /** No input is taken any more: it is over, or the consumer has gone. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Resolves when an item of this size may be put in, or the consumer has gone. One producer at a time. */
  async room(bytes: number): Promise<void> {
    while (!this.#ended && !this.#fits(bytes)) {
      await new Promise<void>((resolve) => {
        this.#wakeProducer = resolve;
      });
    }
  }

  push(result: Promise<T>, bytes: number): void {
    // It is awaited later, in its turn: a rejection until then must not count as unhandled.
    result.catch(() => undefined);
    this.#entries.push({ result, bytes });
    this.#bytes += bytes;
    this.#wakeConsumer?.();
  }

  /** No more input. With a cause, the iteration throws it after the results that came before. */
  end(failure?: { cause: unknown }): void {
    this.#ended = true;
    this.#failure ??= failure;
    this.#wakeConsumer?.();
    this.#wakeProducer?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        const oldest = this.#entries[0];
        if (oldest !== undefined) {
          const result = await oldest.result;
          this.#entries.shift();
          this.#bytes -= oldest.bytes;
          this.#wakeProducer?.();
          yield result;
        } else if (this.#ended) {
          break;
        } else {
          await new Promise<void>((resolve) => {
            this.#wakeConsumer = resolve;
          });
        }
      }
    } finally {
      this.end();
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  #fits(bytes: number): boolean {
    if (this.#entries.length === 0) return true;
    return this.#entries.length < this.#limits.items && this.#bytes + bytes <= this.#limits.bytes;
  }
}
