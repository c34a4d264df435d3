import { closeSync, openSync, writeSync } from 'node:fs';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { placeOf } from '../files/file-place.ts';
import { openThrough } from '../files/output-file.ts';
import { TraceWriter } from './trace.ts';
import type { RecordedPolicy } from './trace-format.ts';
import type { Clock } from '../time/clock.ts';

/** A trace that is being written to a file. */
export interface TraceFile {
  writer: TraceWriter;
  /** Resolves when all of it is written. Throws OUTPUT_FAILED where lines were lost. */
  close(): Promise<void>;
}

interface LineSink {
  /** Throws where the line cannot be written. */
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * A trace at `file`, for its owner alone, begun anew. Each line is one write, so that a killed process leaves
 * whole lines: a trace alone is written in its place and not beside it. What is no plain file is written into.
 * Throws OUTPUT_FAILED where the file cannot be made.
 */
export async function openTraceFile(
  file: string,
  options: { clock: Clock; version: string; policies: Readonly<Record<string, RecordedPolicy>> },
): Promise<TraceFile> {
  const { clock, version, policies } = options;
  try {
    const sink = await openSink(file);
    const write = (line: string): void => {
      sink.write(line);
    };
    const writer = new TraceWriter({ clock, sink: write, program: `remedyctl/${version}`, policies });
    return { writer, close: () => closeTrace(file, writer, sink) };
  } catch (cause) {
    throw failed(file, cause);
  }
}

async function closeTrace(file: string, writer: TraceWriter, sink: LineSink): Promise<void> {
  try {
    await sink.close();
  } catch (cause) {
    throw failed(file, cause);
  }
  if (writer.failure !== undefined) throw failed(file, writer.failure);
}

async function openSink(file: string): Promise<LineSink> {
  const place = await placeOf(file);
  if (place.kind !== 'file') return throughSink(await openThrough(place));
  const descriptor = openSync(place.path, 'w', 0o600);
  return {
    write: (line) => {
      writeSync(descriptor, line);
    },
    close: () => {
      closeSync(descriptor);
      return Promise.resolve();
    },
  };
}

/** A line is never waited for, since locks are to be renewed meanwhile; the first that is not taken is told at the end. */
function throughSink(stream: Awaited<ReturnType<typeof openThrough>>): LineSink {
  let written = Promise.resolve();
  let failure: { cause: unknown } | undefined;
  return {
    write: (line) => {
      written = written
        .then(() => (failure === undefined ? stream.write(line) : undefined))
        .catch((cause: unknown) => {
          failure ??= { cause };
        });
    },
    close: async () => {
      await written;
      await stream.close();
      if (failure !== undefined) throw failure.cause;
    },
  };
}

function failed(file: string, cause: unknown): RemedyError {
  return new RemedyError('OUTPUT_FAILED', `could not write the trace ${file}: ${messageOf(cause)}`, {
    hint: 'check that the folder exists and has room',
    details: { file },
    cause,
  });
}
