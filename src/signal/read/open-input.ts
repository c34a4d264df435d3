import type { ByteSource } from './byte-source.ts';
import { ByteWindow } from './byte-window.ts';
import { GzipSource, isGzip } from './gzip-source.ts';

/** Enough to tell gzip and wide encodings apart from text. */
const headBytes = 4;

/** One input while it is read: its window, and what became of it. */
export class OpenInput {
  readonly name: string;
  readonly window = new ByteWindow();
  /** Nothing more will come into the window. */
  ended = false;
  /** Why it ended before its end. */
  failure: unknown;
  readonly #signal: AbortSignal | undefined;
  #source: ByteSource;

  constructor(name: string, source: ByteSource, signal: AbortSignal | undefined) {
    this.name = name;
    this.#source = source;
    this.#signal = signal;
  }

  /** Reads the beginning, unpacked where it is packed, whatever the name says. */
  async readHead(): Promise<void> {
    await this.#fillTo(headBytes);
    const { bytes, start, end } = this.window;
    const head = bytes.subarray(start, end);
    if (!isGzip(head)) return;
    this.#source = new GzipSource(startingWith(Buffer.from(head), this.#source));
    this.window.clear();
    this.ended = false;
    await this.#fillTo(headBytes);
  }

  /** Reads on. @throws the signal's reason; a failure to read is kept in `failure` instead. */
  async fill(): Promise<void> {
    this.#signal?.throwIfAborted();
    try {
      this.ended = !(await this.window.fill(this.#source));
    } catch (error) {
      this.#signal?.throwIfAborted();
      this.failure = error;
      this.ended = true;
    }
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #fillTo(count: number): Promise<void> {
    while (!this.ended && this.window.length < count) await this.fill();
  }
}

/** A source of which the beginning was read already. */
function startingWith(head: Buffer, source: ByteSource): ByteSource {
  let rest = head;
  return {
    read(target) {
      if (rest.length === 0) return source.read(target);
      const count = rest.copy(target);
      rest = rest.subarray(count);
      return Promise.resolve(count);
    },
    close: () => source.close(),
  };
}
