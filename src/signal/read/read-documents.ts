import { messageOf } from '../../errors/remedy-error.ts';
import type { SourceDocument } from '../source-document.ts';
import { isWideEncoding } from './byte-order-mark.ts';
import { openFile, readStream, type ByteSource, type ByteStream } from './byte-source.ts';
import { refuse } from './document-failure.ts';
import { openStream, type FormatChoice } from './document-format.ts';
import { expandInput, refuseUnopened, type InputFile } from './input-files.ts';
import { OpenInput } from './open-input.ts';

/** Documents over this are refused unless `maxDocumentBytes` says otherwise: 10 MiB. */
const defaultMaxDocumentBytes = 10 * 1024 * 1024;

export interface ReadOptions {
  /** Where relative names start. */
  cwd: string;
  /** What `-` and `/dev/stdin` read. */
  stdin: ByteStream;
  format?: FormatChoice;
  /** Limit of one document, unpacked, in bytes; default {@link defaultMaxDocumentBytes}. */
  maxDocumentBytes?: number;
  /** Stops reading, also where it waits for stdin or a FIFO: the iteration then throws the signal's reason. */
  signal?: AbortSignal;
  /** The signal ends only what may wait for ever (stdin, a FIFO); when files are enough, the consumer leaves. */
  readsFilesOn?: boolean;
}

/**
 * Reads files, directories, globs, FIFOs and stdin (`-`), packed by gzip or not, document by document.
 *
 * Guarantees: documents come in the order of the inputs and of each file; at most one document and a window of
 * 256 KiB are held, and nothing is read ahead while the consumer is busy; whatever cannot be read is told as an
 * {@link SourceDocument} of kind `unreadable`, by name and position, and the rest goes on.
 * Non-guarantee: a file that changes while it is read is not noticed.
 */
export async function* readDocuments(
  inputs: readonly string[],
  options: ReadOptions,
): AsyncGenerator<SourceDocument, void> {
  for (const input of inputs) {
    for await (const file of expandInput(input, options.cwd)) {
      if (options.readsFilesOn !== true) options.signal?.throwIfAborted();
      if (file.kind === 'unreadable') yield file;
      else yield* readFile(file, options);
    }
  }
}

async function* readFile(file: InputFile, options: ReadOptions): AsyncGenerator<SourceDocument, void> {
  let source: ByteSource;
  try {
    source = await open(file, options);
  } catch (error) {
    yield refuseUnopened(file.name, error);
    return;
  }
  const stops = source.mayWait === true || options.readsFilesOn !== true;
  const input = new OpenInput(file.name, source, stops ? options.signal : undefined);
  try {
    yield* readInput(input, options);
  } finally {
    await input.close();
  }
}

async function open(file: InputFile, { stdin, signal }: ReadOptions): Promise<ByteSource> {
  return file.path === undefined ? readStream(stdin, signal) : openFile(file.path, signal);
}

async function* readInput(input: OpenInput, options: ReadOptions): AsyncGenerator<SourceDocument, void> {
  const { format = 'auto', maxDocumentBytes = defaultMaxDocumentBytes } = options;
  await input.readHead();
  if (isWideEncoding(input.window)) {
    yield refuse(
      { file: input.name, document: 0, position: input.window.position },
      'INVALID_DOCUMENT',
      'the text is UTF-16 or UTF-32',
      'Save it as UTF-8.',
    );
    return;
  }
  const stream = await openStream(input, format, maxDocumentBytes);
  for (;;) {
    // After a failure the rest is no end: what it cuts off is told once, as the failure.
    for (const document of stream.take(input.ended && input.failure === undefined)) yield document;
    if (input.ended) break;
    await input.fill();
  }
  const place = { file: input.name, document: stream.documents };
  if (input.failure !== undefined) {
    yield refuse({ ...place, position: input.window.position }, 'INPUT_UNREADABLE', messageOf(input.failure));
  } else if (stream.documents === 0) {
    yield refuse(place, 'EMPTY_INPUT', 'nothing to read: the input is empty');
  }
}
