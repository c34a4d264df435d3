import { constants, open as openDescriptor } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';

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
  if (stats.isFIFO()) return openFifo(path, signal);
  const handle = await open(path);
  return {
    read: async (target) => (await handle.read(target, 0, target.length)).bytesRead,
    close: () => handle.close(),
  };
}

/**
 * A FIFO is opened without waiting for its writer and read through the event loop: a blocking open would hold a
 * thread that no Ctrl-C can free.
 */
async function openFifo(path: string, signal?: AbortSignal): Promise<ByteSource> {
  const { Socket } = await import('node:net');
  const fd = await promisify(openDescriptor)(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return readStream(new Socket({ fd, readable: true, writable: false }), signal);
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
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([pending, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
