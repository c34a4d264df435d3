import type { ByteSource } from './byte-source.ts';
import { ByteWindow } from './byte-window.ts';
import { wideEncodingOf, type WideEncoding } from './byte-order-mark.ts';
import { GzipSource, isGzip } from './gzip-source.ts';
import { Utf16Source } from './utf16-source.ts';

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
  /** It came packed by gzip. */
  isPacked = false;
  /** What the text is encoded in, where that is not UTF-8; UTF-16 is turned into UTF-8 in the window. */
  encoding: WideEncoding | undefined;
  /** Bytes come when somebody writes them. */
  readonly mayWait: boolean;
  readonly #signal: AbortSignal | undefined;
  #source: ByteSource;

  constructor(name: string, source: ByteSource, signal: AbortSignal | undefined) {
    this.name = name;
    this.#source = source;
    this.mayWait = source.mayWait === true;
    this.#signal = signal;
  }

  /** Reads the beginning, unpacked where it is packed, whatever the name says, and as UTF-8 where it is UTF-16. */
  async readHead(): Promise<void> {
    await this.fillTo(headBytes);
    if (isGzip(this.held)) {
      this.isPacked = true;
      await this.#readThrough((source) => new GzipSource(source));
    }
    this.encoding = wideEncodingOf(this.window);
    const { encoding } = this;
    if (encoding === 'utf-16le') await this.#readThrough((source) => new Utf16Source(source, 'le'));
    if (encoding === 'utf-16be') await this.#readThrough((source) => new Utf16Source(source, 'be'));
  }

  /** The bytes that the window holds, until it is filled again. */
  get held(): Buffer {
    return this.window.bytes.subarray(this.window.start, this.window.end);
  }

  /** Reads on until so many bytes are held, or nothing more comes. */
  async fillTo(count: number): Promise<void> {
    while (!this.ended && this.window.length < count) await this.fill();
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

  /** @throws the signal's reason. */
  throwIfStopped(): void {
    this.#signal?.throwIfAborted();
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  async #readThrough(decode: (source: ByteSource) => ByteSource): Promise<void> {
    this.#source = decode(startingWith(Buffer.from(this.held), this.#source));
    this.window.clear();
    this.ended = false;
    await this.fillTo(headBytes);
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
