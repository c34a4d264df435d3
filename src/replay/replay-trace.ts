import { silentNotes, type Notes } from '../notes/notes.ts';
import type { Expectation } from './expectation.ts';
import type { ReplaySettings } from './replay-plan.ts';
import type { ReplayItem, ReplaySummary } from './replay-run.ts';

/** What `replayTrace` works with. */
export interface ReplayTraceOptions extends Partial<ReplaySettings> {
  /** Of what is left to chance in a replay; default 1. */
  seed?: number;
  /** Replays of each operation, each with other chances; default 1. */
  runs?: number;
  /** Clients that do the same at once; default 1. */
  clients?: number;
  /** Names of the operations to replay; default: all. */
  only?: readonly string[];
  /** What is to hold of the whole; default: nothing. */
  expectations?: readonly Expectation[];
  signal?: AbortSignal;
  /** Told what did not keep the trace from being read. */
  notes?: Pick<Notes, 'warn'>;
}

/** What became of a trace. */
export interface ReplayedTrace {
  items: ReplayItem[];
  summary: ReplaySummary;
}

const defaults = {
  changePolicy: undefined,
  sequel: 'repeat',
  outage: undefined,
  seed: 1,
  runs: 1,
  clients: 1,
  only: [],
  expectations: [],
  notes: silentNotes,
} satisfies ReplayTraceOptions;

/**
 * Replays the text of a trace, recorded or written by hand, by the code that retries, on a clock that stands still: as it
 * was, or under another policy or outage. docs/retry.md says what a trace is.
 *
 * @throws INVALID_DOCUMENT with every problem of the trace
 */
export async function replayTrace(trace: string, options: ReplayTraceOptions = {}): Promise<ReplayedTrace> {
  const [{ ReplayRun }, { readTrace }, { givenText }] = await Promise.all([
    import('./replay-run.ts'),
    import('./trace-input.ts'),
    import('../documents/given-text.ts'),
  ]);
  const { changePolicy, sequel, outage, notes, ...rest } = { ...defaults, ...options };
  const signal = options.signal ?? new AbortController().signal;
  const replay = new ReplayRun({ ...rest, settings: { changePolicy, sequel, outage }, signal });
  const { inputs, read } = givenText(trace);
  const items: ReplayItem[] = [];
  for (const input of inputs) {
    const operations = readTrace(input, { ...read, signal, notes });
    for await (const item of replay.items(operations, undefined)) items.push(item);
  }
  return { items, summary: replay.summary() };
}
