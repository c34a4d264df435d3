/**
 * Reads large YAML in a thread of its own. The parser works a megabyte for seconds without a pause, in which nothing of
 * the process would notice a Ctrl-C; a thread can be ended in the middle.
 *
 * Guarantees: the results are those of the main thread, in the same order, and none is made before it is asked for; when
 * the signal aborts, or the consumer leaves, the thread is gone and nothing is left behind.
 */
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { RemedyError } from '../errors/remedy-error.ts';

/** Something to do with a YAML text. What goes in and what comes out must be what a message between threads may carry. */
export interface YamlWork<Input, Result> {
  name: string;
  run: (input: Input) => Iterable<Result>;
}

/** Which texts get a thread. */
export interface YamlThreads {
  /** The built program of a thread; without it, as in the sources, all is read by the main thread. */
  program: string | undefined;
  /** Texts of fewer bytes stay in the main thread. */
  fromBytes: number;
}

/** How large the text is, which decides on a thread, and what ends it. */
export interface ThreadOptions {
  /** The length of the text. */
  bytes: number;
  signal?: AbortSignal | undefined;
  /** Default {@link builtThreads}. */
  threads?: YamlThreads | undefined;
}

/** What a thread begins with. */
export interface ThreadData {
  name: string;
  input: unknown;
}

/** One answer of a thread to `next`. */
export type ThreadAnswer = { done: true } | { done: false; result: unknown };

declare const __REMEDYCTL_YAML_THREAD__: string;

/** 64 KiB are read in a quarter of a second; to start a thread takes a fifth of that. */
const builtThreads: YamlThreads = {
  program:
    typeof __REMEDYCTL_YAML_THREAD__ === 'undefined'
      ? undefined
      : path.join(__dirname, __REMEDYCTL_YAML_THREAD__),
  fromBytes: 64 * 1024,
};

/** The results of `work`, each made when it is asked for. Throws the signal's reason when it aborts under way. */
export async function* workOnYaml<Input extends object, Result>(
  work: YamlWork<Input, Result>,
  input: Input,
  { bytes, signal, threads = builtThreads }: ThreadOptions,
): AsyncGenerator<Result, void> {
  const { program, fromBytes } = threads;
  if (program === undefined || bytes < fromBytes) {
    yield* work.run(input);
    return;
  }
  const worker = await startThread(program, { name: work.name, input: { ...input } });
  try {
    for (;;) {
      worker.postMessage('next');
      const answer = await answerOf(worker, signal);
      if (answer.done) return;
      yield answer.result as Result;
    }
  } finally {
    await worker.terminate();
  }
}

async function startThread(program: string, data: { name: string; input: object }): Promise<Worker> {
  const { Worker: Thread } = await import('node:worker_threads');
  const { getHeapStatistics } = await import('node:v8');
  const transferList: ArrayBuffer[] = [];
  const entries = Object.entries(data.input).map(([key, value]: [string, unknown]) => {
    if (!(value instanceof Uint8Array)) return [key, value];
    // not the rest of the buffer that it is a part of
    const own = new Uint8Array(value);
    transferList.push(own.buffer);
    return [key, own];
  });
  const workerData: ThreadData = { name: data.name, input: Object.fromEntries(entries) };
  const maxOldGenerationSizeMb = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  return new Thread(program, { workerData, transferList, resourceLimits: { maxOldGenerationSizeMb } });
}

/** Rejects with the signal's reason, and with what ended the thread. */
async function answerOf(worker: Worker, signal: AbortSignal | undefined): Promise<ThreadAnswer> {
  signal?.throwIfAborted();
  const settled = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      const forget = { once: true, signal: settled.signal };
      signal?.addEventListener(
        'abort',
        () => {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the signal's own reason
          reject(signal.reason);
        },
        forget,
      );
      worker.once('message', resolve);
      worker.once('error', (error) => {
        reject(asTooLarge(error));
      });
      worker.once('exit', (code) => {
        reject(new Error(`the thread that reads YAML ended with ${code}`));
      });
    });
  } finally {
    settled.abort();
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  }
}

function asTooLarge(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new RemedyError('DOCUMENT_TOO_LARGE', 'the YAML needs more memory than there is', {
    hint: 'split it, or give it as JSON',
    cause: error,
  });
}
