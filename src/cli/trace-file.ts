import { closeSync, openSync, writeSync } from 'node:fs';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { TraceWriter } from '../retry/trace.ts';
import type { RecordedPolicy } from '../retry/trace-format.ts';
import type { Clock } from '../time/clock.ts';

export interface TraceFile {
  writer: TraceWriter;
  close(): void;
}

/**
 * A trace at `file`, for its owner alone, begun anew. Each line is one write, so that a killed process leaves
 * whole lines. Throws OUTPUT_FAILED where the file cannot be made, and at a line that cannot be written.
 */
export function openTraceFile(
  file: string,
  options: { clock: Clock; version: string; policies: Readonly<Record<string, RecordedPolicy>> },
): TraceFile {
  const failed = (cause: unknown): RemedyError =>
    new RemedyError('OUTPUT_FAILED', `could not write the trace ${file}: ${messageOf(cause)}`, {
      hint: 'check that the folder exists and has room',
      details: { file },
      cause,
    });
  let descriptor: number;
  try {
    descriptor = openSync(file, 'w', 0o600);
  } catch (cause) {
    throw failed(cause);
  }
  const sink = (line: string): void => {
    try {
      writeSync(descriptor, line);
    } catch (cause) {
      throw failed(cause);
    }
  };
  const { clock, version, policies } = options;
  return {
    writer: new TraceWriter({ clock, sink, program: `remedyctl/${version}`, policies }),
    close: () => {
      closeSync(descriptor);
    },
  };
}
