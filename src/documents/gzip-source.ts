import { createGunzip } from 'node:zlib';
import type { ByteSource } from './byte-source.ts';

const chunkBytes = 64 * 1024;

/** RFC 1952: the two bytes every gzip member starts with. */
export function isGzip(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks as it is read, one member after another: what a bomb unpacks to is never held.
 * `read` throws when the data is damaged or ends early; by then it has handed out what came before.
 */
export class GzipSource implements ByteSource {
  readonly #packed: ByteSource;
  readonly #unpacked = createGunzip({ chunkSize: chunkBytes });
  readonly #chunk = Buffer.allocUnsafeSlow(chunkBytes);
  #rest: Buffer | null = null;
  #writing = false;
  #ended = false;
  #failure: Error | undefined;
  #wake = (): void => undefined;

  constructor(packed: ByteSource) {
    this.#packed = packed;
    this.#unpacked.on('readable', () => {
      this.#wake();
    });
    this.#unpacked.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    this.#unpacked.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** Packed data goes in only when all that was unpacked is out: an error would throw away what still waits. */
  async read(target: Buffer): Promise<number> {
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      this.#rest ??= this.#unpacked.read() as Buffer | null;
      if (this.#rest !== null) return this.#handOut(this.#rest, target);
      if (this.#failure !== undefined) throw explain(this.#failure);
      if (this.#ended) return 0;
      if (!this.#writing) await this.#feed();
      await woken;
    }
  }

  async close(): Promise<void> {
    this.#unpacked.destroy();
    await this.#packed.close();
  }

  async #feed(): Promise<void> {
    this.#writing = true;
    const count = await this.#packed.read(this.#chunk);
    if (count === 0) {
      this.#unpacked.end();
      return;
    }
    this.#unpacked.write(this.#chunk.subarray(0, count), () => {
      this.#writing = false;
      this.#wake();
    });
  }

  #handOut(chunk: Buffer, target: Buffer): number {
    const count = chunk.copy(target);
    this.#rest = count < chunk.length ? chunk.subarray(count) : null;
    return count;
  }
}

function explain(error: NodeJS.ErrnoException): Error {
  const what =
    error.code === 'Z_BUF_ERROR' ? 'the gzip data ends early' : `damaged gzip data: ${error.message}`;
  return new Error(what, { cause: error });
}
