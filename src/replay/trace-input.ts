/**
 * Reads traces: lines of JSON as `--record` writes them, in memory that does not grow with them, or one YAML or JSON
 * document as people write it. A last line that is cut off (its writer was killed) is left out with a notice;
 * everything else that is wrong is INVALID_DOCUMENT with file, line, column and field.
 */
import type { Notes } from '../notes/notes.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import { traceApiVersion } from '../retry/trace-format.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import { CheckedDocument, checkValue, invalidDocument } from '../documents/checked-document.ts';
import type { Fault } from '../documents/document-places.ts';
import { largestDocument, notUtf8, readChunks, readText, tooLarge } from '../documents/input-text.ts';
import type { InputPlace } from '../documents/input-text.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import { readLineBlocks } from './text-lines.ts';
import type { LineBlock } from './text-lines.ts';
import { lineFaults, operationOf } from './trace-operation.ts';
import type { TraceContext, TraceOperation } from './trace-operation.ts';
import { policiesOf, policyIn } from './trace-policies.ts';
import { headerSchema, operationSchema, traceSchema } from './trace-schema.ts';
import type { TraceHead } from './trace-schema.ts';

/** Where a trace is read. */
export interface TraceOptions extends InputPlace {
  /** Told what did not keep the trace from being read. */
  notes: Pick<Notes, 'warn'>;
}

const hint = 'remedyctl retry schema trace prints what can stand there';

/**
 * The operations of one trace, in blocks.
 * @throws INVALID_DOCUMENT, INPUT_NOT_FOUND, INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, EMPTY_INPUT
 */
export async function* readTrace(
  file: string,
  options: TraceOptions,
): AsyncGenerator<TraceOperation[], void> {
  const blocks = new Replayed(readChunks(file, options));
  const first = await blocks.firstLine();
  const head = parseObject(first);
  if (head === undefined || 'operations' in head)
    yield await readDocument(await readText(blocks.all(), file), file, options.signal);
  else yield* new TraceLines(file, options).read(blocks.all());
}

/** A stream of which the beginning has been looked at. */
class Replayed {
  readonly #source: AsyncIterator<Buffer>;
  readonly #seen: Buffer[] = [];

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** The first line that is not blank, as far as it is there within the largest document. */
  async firstLine(): Promise<string> {
    let text = '';
    while (text.length <= largestDocument) {
      const next = await this.#source.next();
      if (next.done === true) break;
      this.#seen.push(next.value);
      text += next.value.toString('utf8');
      if (text.trimStart().includes('\n')) break;
    }
    return text.trimStart().split('\n', 1)[0] ?? '';
  }

  async *all(): AsyncGenerator<Buffer, void> {
    try {
      yield* this.#seen.splice(0);
      for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
        yield next.value;
      }
    } finally {
      await this.#source.return?.();
    }
  }
}

async function readDocument(
  text: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<TraceOperation[]> {
  const document = await CheckedDocument.read({ text, file, hint, signal });
  const versionFault = faultOfVersion(document.value);
  if (versionFault !== undefined) throw await document.invalid([versionFault]);
  const trace = await document.check(traceSchema);
  const { policies, faults } = policiesOf(trace);
  const operations = trace.operations.map((line, index) => {
    const context = contextOf(trace, policies, index + 1);
    const wrong = faults.length > 0 ? [] : lineFaults(line, context);
    faults.push(...wrong.map(({ path, message }) => ({ path: ['operations', index, ...path], message })));
    return faults.length > 0 ? undefined : operationOf(line, context);
  });
  if (faults.length > 0) throw await document.invalid(faults);
  return operations.filter((operation) => operation !== undefined);
}

/** A line that is wrong; where in it is found out when it is told. */
class WrongLine extends Error {
  readonly text: string;
  readonly line: number;
  readonly faults: readonly Fault[];

  constructor(text: string, line: number, faults: readonly Fault[]) {
    super('a line of a trace is wrong');
    this.text = text;
    this.line = line;
    this.faults = faults;
  }
}

/** A trace of lines. */
class TraceLines {
  readonly #file: string;
  readonly #options: TraceOptions;
  #head: TraceHead | undefined;
  #policies: ReadonlyMap<string, RecordedPolicy> = new Map();
  #operations = 0;

  constructor(file: string, options: TraceOptions) {
    this.#file = file;
    this.#options = options;
  }

  async *read(chunks: AsyncIterable<Buffer>): AsyncGenerator<TraceOperation[], void> {
    const onTooLong = (line: number): RemedyError => tooLarge(this.#file, line);
    for await (const block of readLineBlocks(chunks, { longestLine: largestDocument, onTooLong })) {
      const operations = await this.#placed(() => this.#block(block));
      if (operations.length > 0) yield operations;
    }
  }

  async #placed<T>(read: () => T): Promise<T> {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof WrongLine)) throw thrown;
      const { text, line, faults } = thrown;
      throw await invalidDocument(
        { text, line, hint, file: this.#file, signal: this.#options.signal },
        faults,
      );
    }
  }

  #block({ lines, firstLine, cutOff, fault }: LineBlock): TraceOperation[] {
    if (fault !== undefined && !(cutOff && this.#isHalf(lines[0] ?? ''))) {
      throw notUtf8(this.#file, fault.at, fault.message);
    }
    const operations: TraceOperation[] = [];
    lines.forEach((line, index) => {
      const operation = this.#line(line, firstLine + index, cutOff);
      if (operation !== undefined) operations.push(operation);
    });
    return operations;
  }

  #line(text: string, line: number, cutOff: boolean): TraceOperation | undefined {
    if (text.trim() === '') return undefined;
    const value = parseObject(text);
    if (cutOff && this.#isHalf(text)) {
      this.#options.notes.warn(
        `${this.#file}:${line}: the last line is cut off, as where the recording was killed; everything before it is replayed`,
      );
      return undefined;
    }
    if (value === undefined) throw new WrongLine(text, line, [{ path: [], message: 'is no JSON object' }]);
    if (this.#head !== undefined) return this.#readOperation(value, this.#head, { text, line });
    this.#readHead(value, { text, line });
    return undefined;
  }

  /** A last line of which the rest was never written. */
  #isHalf(text: string): boolean {
    return this.#head !== undefined && parseObject(text) === undefined;
  }

  #readHead(value: object, { text, line }: { text: string; line: number }): void {
    const versionFault = faultOfVersion(value);
    if (versionFault !== undefined) throw new WrongLine(text, line, [versionFault]);
    const checked = checkValue(value, headerSchema);
    if ('faults' in checked) throw new WrongLine(text, line, checked.faults);
    const { policies, faults } = policiesOf(checked.data);
    if (faults.length > 0) throw new WrongLine(text, line, faults);
    this.#head = checked.data;
    this.#policies = policies;
  }

  #readOperation(
    value: object,
    head: TraceHead,
    { text, line }: { text: string; line: number },
  ): TraceOperation {
    const checked = checkValue(value, operationSchema);
    if ('faults' in checked) throw new WrongLine(text, line, checked.faults);
    this.#operations += 1;
    const context = contextOf(head, this.#policies, this.#operations);
    const faults = lineFaults(checked.data, context);
    if (faults.length > 0) throw new WrongLine(text, line, faults);
    return operationOf(checked.data, context);
  }
}

function contextOf(
  { startedAt, program }: TraceHead,
  policies: ReadonlyMap<string, RecordedPolicy>,
  number: number,
): TraceContext {
  return {
    number,
    startedMs: startedAt === undefined ? undefined : rfc3339Ms(startedAt),
    isRecorded: program !== undefined,
    policyOf: (name) => policyIn(policies, name),
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A version that is none of ours is told as such, before anything else of it is looked at. */
function faultOfVersion(value: unknown): Fault | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { apiVersion } = value as { apiVersion?: unknown };
  if (typeof apiVersion !== 'string' || apiVersion === traceApiVersion) return undefined;
  const shown = apiVersion.slice(0, 100);
  return {
    path: ['apiVersion'],
    message: `"${shown}" is not known; this remedyctl reads ${traceApiVersion}`,
  };
}
