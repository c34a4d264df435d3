import { closeSync, openSync, writeSync } from 'node:fs';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';

export interface TraceFile {
  /** For `TraceWriter`. Each line is appended before it returns. */
  readonly sink: (line: string) => void;
  readonly close: () => void;
}

/**
 * Opens a file to append a trace to; a run that follows another one begins with its own header. Readable
 * by its owner alone: names of objects are nobody else's business. Throws OUTPUT_FAILED, from the sink too.
 */
export function openTraceFile(file: string): TraceFile {
  const failed = (error: unknown): RemedyError =>
    new RemedyError('OUTPUT_FAILED', `the trace is not written to ${file}: ${messageOf(error)}`, {
      hint: 'Check that the folder exists, that it is writable and that there is room.',
      details: { file },
      cause: error,
    });
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    throw failed(error);
  }
  return {
    sink: (line) => {
      try {
        writeWhole(descriptor, Buffer.from(line));
      } catch (error) {
        throw failed(error);
      }
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

/** A write may take less than it was given, on a pipe or a disk that is almost full. */
function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
}
