import { open, stat } from 'node:fs/promises';
import { openFifo } from '../files/open-fifo.ts';

/** Bytes by pull: nothing is read ahead of what is asked for. */
export interface ByteSource {
  /** Reads into `target` and says how many bytes; 0 at the end. */
  read(target: Buffer): Promise<number>;
  close(): Promise<void>;
  /** Bytes come when somebody writes them. */
  readonly mayWait?: boolean;
}

/** Opens a file, a device or a FIFO. @throws what the file system says: ENOENT, EACCES, … */
export async function openFile(path: string, signal?: AbortSignal): Promise<ByteSource> {
  const stats = await stat(path);
  if (stats.isFIFO()) return readStream(await openFifo(path), signal);
  const handle = await open(path);
  return {
    read: async (target) => (await handle.read(target, 0, target.length)).bytesRead,
    close: () => handle.close(),
  };
}

const chunkBytes = 256 * 1024;

/** What is left of a source, each piece in memory of its own. @throws the signal's reason, before each of them */
export async function* chunksOf(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Buffer, void> {
  const window = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    // an abort that came before the read wakes nobody
    signal?.throwIfAborted();
    const length = await source.read(window);
    if (length === 0) return;
    yield Buffer.from(window.subarray(0, length));
  }
}

/** All chunks in one. @throws what `tooLarge` makes, as soon as there are more than `largestBytes` */
export async function joinChunks(
  chunks: AsyncIterable<Buffer>,
  { largestBytes, tooLarge }: { largestBytes: number; tooLarge: () => Error },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > largestBytes) throw tooLarge();
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

/** A stream such as stdin; one that can be destroyed is, when reading stops before its end. */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  destroy?(): unknown;
}

/** Reads a stream such as stdin; `close` ends it. Aborting wakes a read that waits. */
export function readStream(stream: ByteStream, signal?: AbortSignal): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  return {
    mayWait: true,
    async read(target) {
      while (rest.length === 0) {
        const next = await abortable(iterator.next(), signal);
        if (next.done === true) return 0;
        rest = next.value;
      }
      const count = Math.min(rest.length, target.length);
      target.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    async close() {
      // A read that still waits would keep return() waiting too.
      if (stream.destroy === undefined) await iterator.return?.();
      else stream.destroy();
    },
  };
}

async function abortable<T>(pending: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return pending;
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    // one that came before is told to no listener any more
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
