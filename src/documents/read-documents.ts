import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Notice } from '../errors/reason.ts';
import type { SourceDocument } from './source-document.ts';
import { openFile, readStream, type ByteSource, type ByteStream } from './byte-source.ts';
import { refuse } from './document-failure.ts';
import type { DocumentStream, StreamOptions } from './document-stream.ts';
import { openStream, type FormatChoice } from './document-format.ts';
import { findForeignContent } from './foreign-content.ts';
import { HeldDocument } from './held-document.ts';
import { expandInput, refuseUnopened, type DocumentInput, type InputFile } from './input-files.ts';
import { OpenInput } from './open-input.ts';
import { SkippedText } from './text-lines.ts';
import { utf16Read } from './utf16-source.ts';
import type { YamlThreads } from './yaml-thread.ts';

/** Documents over this are refused unless `maxDocumentBytes` says otherwise: 10 MiB. */
const defaultMaxDocumentBytes = 10 * 1024 * 1024;

/** Where documents are read, how, and up to which size. */
export interface ReadOptions {
  /** Where relative names start. */
  cwd: string;
  /** What `-` and `/dev/stdin` read. */
  stdin: ByteStream;
  format?: FormatChoice;
  /** Limit of one document, or of one element of it, unpacked, in bytes; default {@link defaultMaxDocumentBytes}. */
  maxDocumentBytes?: number;
  /**
   * A document over 1 MiB (or over the limit) that is an array, or an object with `items`, is handed on element by
   * element, see `ReadDocument.part`: it may be of any size. Default: false.
   */
  elements?: boolean;
  /**
   * Lines before, between and behind JSON documents that are no JSON are passed over, and with them numbers and strings
   * that stand alone. One notice for each file tells of them (TEXT_SKIPPED): the last document of the file that was
   * read has it among its warnings; where none can have it, it is given to this function. Default: they are refused.
   */
  textSkipped?: (file: string, notice: Notice) => void;
  /** Stops reading, also where it waits for stdin or a FIFO: the iteration then throws the signal's reason. */
  signal?: AbortSignal;
  /**
   * The signal ends only what may wait for ever (stdin, a FIFO) and the work on a large YAML document; when files are
   * enough, the consumer leaves.
   */
  readsFilesOn?: boolean;
  /** Which YAML is read in a thread of its own; as the built program does it where left out. */
  yamlThreads?: YamlThreads;
}

/**
 * Reads files, directories, globs, FIFOs, stdin (`-`) and named streams, packed by gzip or not, document by document.
 *
 * Guarantees: documents come in the order of the inputs and of each file; at most one document, or one of its
 * elements, and a window of 256 KiB are held (with `textSkipped` a second document of up to 1 MiB), and nothing is read
 * ahead while the consumer is busy; whatever cannot be read is told as an {@link SourceDocument} of kind `unreadable`,
 * by name and position, and the rest goes on. UTF-16 is read as UTF-8 is; archives, packed files other than gzip and
 * what kubectl writes for people are refused by name.
 * Non-guarantee: a file that changes while it is read is not noticed.
 */
export async function* readDocuments(
  inputs: readonly DocumentInput[],
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
  if (file.stream !== undefined) return readStream(await file.stream.open(signal), signal);
  return file.path === undefined ? readStream(stdin, signal) : openFile(file.path, signal);
}

async function* readInput(input: OpenInput, options: ReadOptions): AsyncGenerator<SourceDocument, void> {
  await input.readHead();
  const refused = await refuseForeign(input);
  if (refused !== undefined) {
    yield refused;
    return;
  }
  const { format = 'auto', textSkipped } = options;
  const text = textSkipped && new SkippedText();
  const held = new HeldDocument(text, input.encoding === undefined ? [] : [utf16Read]);
  const stream = await openStream(input, format, streamOptions(input, options, text));
  yield* readStreamed(input, stream, held);
  yield* endOf(input, stream.documents, text);
  const left = stream.documents > 0 ? text?.take() : undefined;
  if (left !== undefined) textSkipped?.(input.name, left);
}

function streamOptions(
  input: OpenInput,
  { maxDocumentBytes = defaultMaxDocumentBytes, elements = false, signal, yamlThreads }: ReadOptions,
  text: SkippedText | undefined,
): StreamOptions {
  const options = { file: input.name, maxDocumentBytes, elements, signal, yamlThreads };
  return text === undefined ? options : { ...options, text };
}

async function* readStreamed(
  input: OpenInput,
  stream: DocumentStream,
  held: HeldDocument,
): AsyncGenerator<SourceDocument, void> {
  for (;;) {
    // After a failure the rest is no end: what it cuts off is told once, as the failure.
    for await (const document of stream.take(input.ended && input.failure === undefined)) {
      for (const ready of held.exchange(document)) {
        yield ready;
        input.throwIfStopped();
      }
    }
    // nobody knows when the next one comes
    if (input.ended || input.mayWait) yield* held.release();
    if (input.ended) return;
    await input.fill();
  }
}

async function refuseForeign(input: OpenInput): Promise<SourceDocument | undefined> {
  const place = { file: input.name, document: 0 };
  if (input.encoding === 'utf-32') {
    const { position } = input.window;
    return refuse({ ...place, position }, 'INVALID_DOCUMENT', 'the text is UTF-32', 'Save it as UTF-8.');
  }
  const foreign = await findForeignContent(input);
  return foreign && refuse(place, 'UNKNOWN_FORMAT', foreign.what, foreign.hint);
}

/** What is to be told where an input ends: why it ended early, or that there was nothing in it. */
function* endOf(
  input: OpenInput,
  documents: number,
  text: SkippedText | undefined,
): Iterable<SourceDocument> {
  const place = { file: input.name, document: documents };
  if (input.failure !== undefined) {
    const { failure } = input;
    const own = failure instanceof RemedyError ? failure : undefined;
    const at = { ...place, position: input.window.position };
    yield refuse(at, own?.code ?? 'INPUT_UNREADABLE', messageOf(failure), own?.hint);
  } else if (documents === 0) {
    yield text?.refuseAll(place) ?? refuse(place, 'EMPTY_INPUT', 'nothing to read: the input is empty');
  }
}
