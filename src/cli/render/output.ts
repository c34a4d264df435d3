import { RemedyError } from '../../errors/remedy-error.ts';
import { isReaderGone } from '../closed-reader.ts';
import type { OutputStream } from '../runtime.ts';
import { knownColumns } from '../terminal-size.ts';
import { toTerminalOutput } from '../terminal-text.ts';

/**
 * Writes to a stream at the reader's pace. Nothing of it ends what is being done: a stream that takes no more is
 * `closed`, every further write does nothing, and why is in `failures` for whoever reports the end of the command. A
 * reader that went away (a closed pipe or terminal) is no failure.
 */
export class Output {
  readonly stream: OutputStream;
  /** Nothing is taken any more. */
  closed = false;
  readonly #failures: RemedyError[] = [];
  #missed: { first: RemedyError; count: number } | undefined;
  /** Notes that a part of the output does not apply to what was to be printed. */
  readonly miss = (problem: RemedyError): void => {
    this.#missed ??= { first: problem, count: 0 };
    this.#missed.count += 1;
  };

  constructor(stream: OutputStream) {
    this.stream = stream;
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Columns of the terminal; undefined where there is none, and where nobody knows them. */
  get columns(): number | undefined {
    return this.isTerminal ? knownColumns(this.stream) : undefined;
  }

  /** Why not all of it was printed or written: OUTPUT_FAILED, each. */
  get failures(): readonly RemedyError[] {
    return this.#missed === undefined ? this.#failures : [...this.#failures, notAllPrinted(this.#missed)];
  }

  /** Resolves when the stream has taken the text, or takes no more. */
  async write(text: string): Promise<void> {
    if (this.closed || text === '') return;
    await new Promise<void>((resolve) => {
      this.stream.write(text, (error) => {
        if (error !== null && error !== undefined) this.#end(error);
        resolve();
      });
    });
  }

  /** The same with text of others as programs want it: a terminal gets it without what would control it. */
  async writeText(text: string): Promise<void> {
    await this.write(this.isTerminal ? toTerminalOutput(text) : text);
  }

  /** Runs what writes another output of the run, a file; that it could not is a failure like any other of the output. */
  async orFail(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      if (!(thrown instanceof RemedyError) || thrown.code !== 'OUTPUT_FAILED') throw thrown;
      this.fail(thrown);
    }
  }

  /** Another output of the run could not be written: a failure like any other. */
  fail(failure: RemedyError): void {
    this.#failures.push(failure);
  }

  #end(error: NodeJS.ErrnoException): void {
    this.closed = true;
    if (!isReaderGone(error, this.stream)) this.#failures.push(outputFailed(error));
  }
}

const outputs = new WeakMap<OutputStream, Output>();

/** The one Output of a stream. */
export function outputOf(stream: OutputStream): Output {
  const output = outputs.get(stream) ?? new Output(stream);
  outputs.set(stream, output);
  return output;
}

function outputFailed(error: NodeJS.ErrnoException): RemedyError {
  return new RemedyError('OUTPUT_FAILED', `could not write the output: ${error.message}`, {
    hint: 'check that the disk that stdout goes to has room; what was done is done',
    cause: error,
  });
}

function notAllPrinted({ first, count }: { first: RemedyError; count: number }): RemedyError {
  const times = count === 1 ? '' : ` (${count} times, this the first)`;
  return new RemedyError('OUTPUT_FAILED', `could not print all of the output: ${first.message}${times}`, {
    hint: 'a path that does not apply printed nothing; everything else was printed, and what was done is done',
    cause: first,
  });
}
