/**
 * Reads traces: lines of JSON as `--record` writes them, in memory that does not grow with them, or one YAML or JSON
 * document as people write it. A last line that is cut off (its writer was killed) is left out with a notice;
 * everything else that is wrong is INVALID_DOCUMENT with file, line and field.
 */
import type { Readable } from 'node:stream';
import type { RemedyError } from '../../errors/remedy-error.ts';
import { traceApiVersion } from '../../retry/trace-format.ts';
import type { RecordedPolicy } from '../../retry/trace-format.ts';
import { CheckedDocument, invalidDocument } from './checked-document.ts';
import type { Fault } from './document-fault.ts';
import { faultsOf } from './document-fault.ts';
import { largestDocument, readChunks, readText, tooLarge } from './input-text.ts';
import { readLineBlocks } from './text-lines.ts';
import type { LineBlock } from './text-lines.ts';
import { lineFaults, operationOf } from './trace-operation.ts';
import type { TraceContext, TraceOperation } from './trace-operation.ts';
import { policiesOf, policyIn } from './trace-policies.ts';
import { headerSchema, operationSchema, traceSchema } from './trace-schema.ts';
import type { TraceHead } from './trace-schema.ts';

export interface TraceOptions {
  cwd: string;
  stdin: Readable;
  /** What did not keep the trace from being read. */
  notice: (text: string) => void;
}

/** The operations of one trace, in blocks. */
export async function* readTrace(
  file: string,
  options: TraceOptions,
): AsyncGenerator<TraceOperation[], void> {
  const blocks = new Replayed(readChunks(file, options));
  const first = await blocks.firstLine();
  const head = parseObject(first);
  if (head === undefined || 'operations' in head)
    yield readDocument(await readText(blocks.all(), file), file);
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
    yield* this.#seen.splice(0);
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      yield next.value;
    }
  }
}

function readDocument(text: string, file: string): TraceOperation[] {
  const document = new CheckedDocument(text, file, 'trace');
  const versionFault = faultOfVersion(document.value);
  if (versionFault !== undefined) throw document.invalid([versionFault]);
  const trace = document.check(traceSchema);
  const { policies, faults } = policiesOf(trace);
  const operations = trace.operations.map((line, index) => {
    const context = contextOf(trace, policies, index + 1);
    const wrong = faults.length > 0 ? [] : lineFaults(line, context);
    faults.push(...wrong.map(({ path, message }) => ({ path: ['operations', index, ...path], message })));
    return faults.length > 0 ? undefined : operationOf(line, context);
  });
  if (faults.length > 0) throw document.invalid(faults);
  return operations.filter((operation) => operation !== undefined);
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
      const operations = this.#block(block);
      if (operations.length > 0) yield operations;
    }
  }

  #block({ lines, firstLine, cutOff }: LineBlock): TraceOperation[] {
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
    if (value === undefined && cutOff && this.#head !== undefined) {
      this.#options.notice(
        `${this.#file}:${line}: the last line is cut off, as where the recording was killed; everything before it is replayed`,
      );
      return undefined;
    }
    if (value === undefined) throw this.#invalid(line, [{ path: [], message: 'is no JSON object' }]);
    if (this.#head === undefined) {
      this.#readHead(value, line);
      return undefined;
    }
    return this.#readOperation(value, line, this.#head);
  }

  #readHead(value: object, line: number): void {
    const versionFault = faultOfVersion(value);
    if (versionFault !== undefined) throw this.#invalid(line, [versionFault]);
    const parsed = headerSchema.safeParse(value);
    if (!parsed.success) throw this.#invalid(line, faultsOf(parsed.error));
    const { policies, faults } = policiesOf(parsed.data);
    if (faults.length > 0) throw this.#invalid(line, faults);
    this.#head = parsed.data;
    this.#policies = policies;
  }

  #readOperation(value: object, line: number, head: TraceHead): TraceOperation {
    const parsed = operationSchema.safeParse(value);
    if (!parsed.success) throw this.#invalid(line, faultsOf(parsed.error));
    this.#operations += 1;
    const context = contextOf(head, this.#policies, this.#operations);
    const faults = lineFaults(parsed.data, context);
    if (faults.length > 0) throw this.#invalid(line, faults);
    return operationOf(parsed.data, context);
  }

  #invalid(line: number, faults: readonly Fault[]): RemedyError {
    return invalidDocument(
      this.#file,
      faults.map((fault) => ({ ...fault, line })),
      'trace',
    );
  }
}

function contextOf(
  { startedAt, program }: TraceHead,
  policies: ReadonlyMap<string, RecordedPolicy>,
  number: number,
): TraceContext {
  return {
    number,
    startedMs: startedAt === undefined ? undefined : Date.parse(startedAt),
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
