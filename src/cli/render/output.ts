import { RemedyError } from '../../errors/remedy-error.ts';
import type { OutputStream } from '../runtime.ts';

/**
 * Writes to a stream at the reader's pace. A reader that went away (EPIPE) ends the output quietly: `closed`
 * is true from then on and every further write does nothing. Any other failure is OUTPUT_FAILED.
 */
export class Output {
  readonly stream: OutputStream;
  closed = false;

  constructor(stream: OutputStream) {
    this.stream = stream;
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Columns of the terminal; undefined where there is none. */
  get columns(): number | undefined {
    return this.isTerminal ? this.stream.columns : undefined;
  }

  /** Resolves when the stream has taken the text. */
  async write(text: string): Promise<void> {
    if (this.closed || text === '') return;
    await new Promise<void>((resolve, reject) => {
      this.stream.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else if (isClosedPipe(error)) {
          this.closed = true;
          resolve();
        } else reject(outputFailed(error));
      });
    });
  }
}

function isClosedPipe(error: NodeJS.ErrnoException): boolean {
  return (
    error.code === 'EPIPE' ||
    error.code === 'ERR_STREAM_DESTROYED' ||
    error.code === 'ERR_STREAM_WRITE_AFTER_END'
  );
}

function outputFailed(error: NodeJS.ErrnoException): RemedyError {
  return new RemedyError('OUTPUT_FAILED', `could not write the output: ${error.message}`, {
    hint: 'check that the disk that stdout goes to has room; what was done is done',
    cause: error,
  });
}
