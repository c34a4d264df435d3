/**
 * Whole files that a user names, UTF-8 or marked UTF-16. Through the callbacks of `node:fs`: `node:fs/promises` would cost every start
 * two milliseconds.
 */
import { isUtf8 } from 'node:buffer';
import { close, fstat, open, readFile, type Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { fifoOf, openWithoutWaiting } from './open-fifo.ts';

const mebibyte = 1024 * 1024;
/** Nothing that is read whole is longer; a device or a FIFO may have no end. */
const largestMebibytes = 64;

const openFile = promisify(open);
const closeFile = promisify(close);
const statOf = promisify(fstat);
const readWhole = promisify(readFile);

/**
 * A file's text; of a FIFO, a terminal or a device too. Aborting ends a read that waits for its writer, with the
 * signal's reason, and so does a read that begins later and would wait; a plain file is read still. Rejects with Node's
 * errno errors otherwise.
 */
export async function readText(path: string, signal?: AbortSignal): Promise<string> {
  const fd = await openFile(path, openWithoutWaiting);
  let isOurs = true;
  try {
    const stats = await statOf(fd);
    if (stats.isDirectory()) throw directory();
    const stream = await waitingStream(fd, stats);
    if (stream !== undefined) {
      isOurs = false;
      return await textOf(stream, signal);
    }
    if (stats.size > largestMebibytes * mebibyte) throw tooLarge();
    return textOfBytes(await readWhole(fd));
  } finally {
    if (isOurs) await closeFile(fd);
  }
}

/** Undefined for what answers at once. */
async function waitingStream(fd: number, stats: Stats): Promise<Readable | undefined> {
  if (stats.isFIFO()) return fifoOf(fd);
  if (!stats.isCharacterDevice()) return undefined;
  const { isatty, ReadStream } = await import('node:tty');
  if (isatty(fd)) return new ReadStream(fd);
  const { createReadStream } = await import('node:fs');
  return createReadStream('', { fd });
}

async function textOf(stream: Readable, signal: AbortSignal | undefined): Promise<string> {
  const onAbort = (): void => {
    stream.destroy(signal?.reason as Error);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // an abort that came while the file was opened is told to no listener any more
    signal?.throwIfAborted();
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largestMebibytes * mebibyte) throw tooLarge();
      chunks.push(chunk);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stream.destroy();
  }
  return textOfBytes(Buffer.concat(chunks));
}

const wideMarks = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
] as const;

/**
 * The text of bytes: UTF-8, or UTF-16 that its byte order mark says to be so, as PowerShell and editors of Windows write
 * it. Throws for anything else: it would become other characters without a word.
 */
export function textOfBytes(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2);
  const encoding = wideMarks.find(([known]) => known === mark)?.[1];
  if (encoding !== undefined) return utf16Text(bytes, encoding);
  if (!isUtf8(bytes)) throw new Error('it is no UTF-8 text');
  return bytes.toString('utf8');
}

function utf16Text(bytes: Buffer, encoding: 'utf-16le' | 'utf-16be'): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error('its byte order mark says UTF-16, which it is not', { cause });
  }
}

function directory(): Error {
  return Object.assign(new Error('EISDIR: illegal operation on a directory, read'), { code: 'EISDIR' });
}

function tooLarge(): Error {
  return new Error(`it is larger than ${largestMebibytes} MiB`);
}

/** Whether a reading was ended by its signal: no fault of the file. */
export function isStopped(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}
