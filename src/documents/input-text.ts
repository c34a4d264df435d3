import path from 'node:path';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { documentError } from './config-problem.ts';
import { problemOf } from './document-places.ts';
import { findNonUtf8 } from './text-fault.ts';
import { advance, type TextPosition } from './text-position.ts';
import {
  chunksOf,
  joinChunks,
  openFile,
  readStream,
  type ByteSource,
  type ByteStream,
} from './byte-source.ts';

/** The largest document, and the longest line of a trace. */
export const largestDocument = 10 * 1024 * 1024;

/** Where the names of files lead. */
export interface InputPlace {
  cwd: string;
  stdin: ByteStream;
  /** Ends a read that waits for its writer, with its reason. */
  signal?: AbortSignal | undefined;
}

/** The bytes of a file, or of stdin for `-`. Throws INPUT_NOT_FOUND or INPUT_UNREADABLE. */
export async function* readChunks(
  file: string,
  { cwd, stdin, signal }: InputPlace,
): AsyncGenerator<Buffer, void> {
  let source: ByteSource | undefined;
  try {
    source = file === '-' ? readStream(stdin, signal) : await openFile(path.resolve(cwd, file), signal);
    yield* chunksOf(source);
  } catch (cause) {
    // whatever it was that broke off then, a file that is not there included
    signal?.throwIfAborted();
    throw unreadable(file, cause);
  } finally {
    await source?.close();
  }
}

function unreadable(file: string, cause: unknown): unknown {
  if (cause instanceof RemedyError) return cause;
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new RemedyError(
    missing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE',
    missing ? `there is no file ${file}` : `could not read ${file}: ${messageOf(cause)}`,
    { hint: missing ? 'check the name; - reads stdin' : undefined, details: { file }, cause },
  );
}

/** A whole text. Throws what `readChunks` throws, DOCUMENT_TOO_LARGE, and INVALID_DOCUMENT for what is no UTF-8. */
export async function readText(chunks: AsyncIterable<Buffer>, file: string): Promise<string> {
  const whole = await joinChunks(chunks, { largestBytes: largestDocument, tooLarge: () => tooLarge(file) });
  return textOf(file, whole);
}

const fileStart: TextPosition = { line: 1, column: 1 };

/** The text of a whole file. Throws INVALID_DOCUMENT, with its place, for what is no UTF-8; `said`: the words for it. */
export function textOf(file: string, whole: Buffer, said?: string): string {
  const fault = findNonUtf8(whole);
  if (fault === undefined) return whole.toString('utf8');
  throw notUtf8(file, advance(fileStart, whole, 0, fault.offset), said ?? fault.message);
}

/** Of bytes that are no text: replaced they would be taken for something that was written. */
export function notUtf8(file: string, at: TextPosition, message: string): RemedyError {
  return documentError([problemOf(file, at, { path: [], message })], 'save it as UTF-8');
}

/** DOCUMENT_TOO_LARGE, of a line or of the whole file. */
export function tooLarge(file: string, line?: number): RemedyError {
  const what = line === undefined ? `${file} is one document` : `${file}:${line}: the line is`;
  return new RemedyError('DOCUMENT_TOO_LARGE', `${what} of more than ${largestDocument} bytes`, {
    hint: 'write long traces as lines of JSON, one operation a line',
    details: { file, ...(line === undefined ? {} : { line }) },
  });
}
