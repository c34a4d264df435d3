import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';

/** The largest document, and the longest line of a trace. */
export const largestDocument = 10 * 1024 * 1024;

interface InputPlace {
  cwd: string;
  stdin: Readable;
}

/** The bytes of a file, or of stdin for `-`. Throws INPUT_NOT_FOUND or INPUT_UNREADABLE. */
export async function* readChunks(file: string, { cwd, stdin }: InputPlace): AsyncGenerator<Buffer, void> {
  const stream: AsyncIterable<Buffer | string> =
    file === '-' ? stdin : createReadStream(path.resolve(cwd, file), { highWaterMark: 256 * 1024 });
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (cause) {
    if (cause instanceof RemedyError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new RemedyError(
      missing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE',
      missing ? `there is no file ${file}` : `could not read ${file}: ${messageOf(cause)}`,
      { hint: missing ? 'check the name; - reads stdin' : undefined, details: { file }, cause },
    );
  }
}

/** A whole text. Throws what `readChunks` throws, and DOCUMENT_TOO_LARGE. */
export async function readText(chunks: AsyncIterable<Buffer>, file: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > largestDocument) throw tooLarge(file);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

export function tooLarge(file: string, line?: number): RemedyError {
  const what = line === undefined ? `${file} is one document` : `${file}:${line}: the line is`;
  return new RemedyError('DOCUMENT_TOO_LARGE', `${what} of more than ${largestDocument} bytes`, {
    hint: 'write long traces as lines of JSON, one operation a line',
    details: { file, ...(line === undefined ? {} : { line }) },
  });
}
