import { exactJson } from '../text/exact-json.ts';
import type { Clock } from '../time/clock.ts';
import {
  failedAttempt,
  rfc3339,
  seconds,
  traceApiVersion,
  tracedError,
  tracedPolicy,
} from './trace-format.ts';
import type { RecordedPolicy, TracedAttempt, TracedOperation, TraceHeader } from './trace-format.ts';

interface TraceWriterOptions {
  clock: Clock;
  /** Takes one whole line, its line end included, and appends it at once. */
  sink: (line: string) => void;
  /** Name and version of what writes the trace. */
  program: string;
  policies: Readonly<Record<string, RecordedPolicy>>;
}

/**
 * Records every attempt of every operation as NDJSON: a header, then one line per finished operation.
 *
 * - A line is handed to the sink whole and once, so a process that is killed leaves only whole lines
 *   (given a sink that appends with one write), and loses the operations that were under way.
 * - A sink that throws does not fail the operation that is recorded; `failure` holds what it threw. Only
 *   the header's failure is thrown, by the constructor.
 * - Messages pass `redactSecrets`; nothing else of an error is written than the fields above.
 */
export class TraceWriter {
  readonly #options: TraceWriterOptions;
  #started = 0;
  #failure: unknown;

  constructor(options: TraceWriterOptions) {
    this.#options = options;
    const { clock, program, policies } = options;
    const header: TraceHeader = {
      apiVersion: traceApiVersion,
      kind: 'RetryTrace',
      startedAt: rfc3339(clock.now()),
      program,
      policies: Object.fromEntries(
        Object.entries(policies).map(([name, policy]) => [name, tracedPolicy(policy)]),
      ),
    };
    this.#options.sink(lineOf(header));
  }

  /** Why lines were lost: what the sink threw first. After that nothing more is written. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Begins an operation; its line is written when it ends. */
  begin(
    operation: string,
    facts: { policy?: string; object?: string; signals?: number } = {},
  ): OperationTrace {
    const { policy } = facts;
    if (policy !== undefined && !Object.hasOwn(this.#options.policies, policy))
      throw new TypeError(`the trace's header has no policy "${policy}"`);
    const id = (this.#started += 1);
    return new OperationTrace(this.#options.clock, { id, operation, ...facts }, (line) => {
      this.#write(line);
    });
  }

  /** Records one API call that its caller does not retry. */
  async call<T>(operation: string, run: (again: AttemptFailed) => Promise<T>, object?: string): Promise<T> {
    const trace = this.begin(operation, object === undefined ? {} : { object });
    return trace.finish(trace.attempt(run));
  }

  #write(line: TracedOperation): void {
    if (this.#failure !== undefined) return;
    try {
      this.#options.sink(lineOf(line));
    } catch (error) {
      this.#failure = error;
    }
  }
}

function lineOf(line: TraceHeader | TracedOperation): string {
  return `${exactJson(line)}\n`;
}

/** Told that an attempt has failed and another one follows after the wait, milliseconds. */
export type AttemptFailed = (error: unknown, waitMs: number) => void;

/** One operation under way. */
export class OperationTrace {
  readonly #clock: Clock;
  readonly #begunMs: number;
  readonly #line: Omit<TracedOperation, 'result'>;
  readonly #write: (line: TracedOperation) => void;
  #lastError: unknown;
  #ended = false;

  constructor(
    clock: Clock,
    facts: Pick<TracedOperation, 'id' | 'operation' | 'policy' | 'object' | 'signals'>,
    write: (line: TracedOperation) => void,
  ) {
    this.#clock = clock;
    this.#begunMs = clock.monotonicMs();
    this.#line = { ...facts, startedAt: rfc3339(clock.now()), attempts: [] };
    this.#write = write;
  }

  /**
   * Runs and records one attempt, and those before it that `run` says have failed; what it gives or throws passes
   * through. `request`: what it asks for.
   */
  async attempt<T>(run: (again: AttemptFailed) => Promise<T>, request?: string): Promise<T> {
    let startMs = this.#clock.monotonicMs();
    const record = (rest: Omit<TracedAttempt, 'attempt' | 'atSeconds' | 'durationSeconds'>): void => {
      this.#line.attempts.push({
        attempt: this.#line.attempts.length + 1,
        ...(request === undefined ? {} : { request }),
        atSeconds: seconds(startMs - this.#begunMs),
        durationSeconds: seconds(this.#clock.monotonicMs() - startMs),
        ...rest,
      });
    };
    try {
      const result = await run((error, waitMs) => {
        const next = waitMs === 0 ? { sentAgain: true } : { waitSeconds: seconds(waitMs) };
        record({ ...failedAttempt(error), ...next });
        startMs = this.#clock.monotonicMs() + waitMs;
      });
      record({ outcome: 'ok' });
      return result;
    } catch (error) {
      this.#lastError = error;
      record(failedAttempt(error));
      throw error;
    }
  }

  /** Notes the wait that follows the last attempt; the retry loop's observer is the place to call it from. */
  waiting(waitMs: number): void {
    const last = this.#line.attempts.at(-1);
    if (last !== undefined) last.waitSeconds = seconds(waitMs);
  }

  /**
   * Writes the line when `outcome` settles, and passes it on. Later calls write nothing. `failureOf`: the error that
   * a result stands for, where failing is not thrown.
   */
  async finish<T>(outcome: Promise<T>, failureOf?: (result: T) => unknown): Promise<T> {
    try {
      const result = await outcome;
      const failure = failureOf?.(result);
      if (failure === undefined) this.#end('ok');
      else this.#end('error', failure);
      return result;
    } catch (error) {
      this.#end('error', error);
      throw error;
    }
  }

  #end(result: 'ok' | 'error', error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const own = result === 'error' && error !== this.#lastError ? { error: tracedError(error) } : {};
    const totalSeconds = seconds(this.#clock.monotonicMs() - this.#begunMs);
    this.#write({ ...this.#line, result, totalSeconds, ...own });
  }
}
