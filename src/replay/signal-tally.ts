import type { ReplaySide } from '../retry/replay-side.ts';
import type { TraceOperation } from './trace-operation.ts';
import type { FailedEnd } from './why-ended.ts';

/** What became of signals. */
export interface SignalCounts {
  created: number;
  duplicate: number;
  failed: number;
}

/** What became of the signals of a trace, and what would become of them in the replay. */
export interface SignalTotals {
  total: number;
  recorded: SignalCounts;
  /** `open`: past the step at which they had failed; what would have come then was not recorded. */
  replayed: SignalCounts & { open: number };
  /** How those end that fail in the replay, the most frequent first. */
  failures: (FailedEnd & { signals: number })[];
}

/** How the sides of one operation ended. */
interface Ended {
  recorded: ReplaySide;
  replayed: ReplaySide;
  /** Where the replayed side failed. */
  end: FailedEnd | undefined;
}

/** Where the replay differs from the record for later signals of the same fingerprint. */
interface Divergence {
  /** The signal that is under way has failed in the replay alone. */
  failed?: FailedEnd | undefined;
  /** On one side there is a request that the other one has not. */
  requestOn?: 'recorded' | 'replayed' | undefined;
}

type Outcome = keyof SignalTotals['replayed'];

/**
 * Reads signals out of the operations of `signal ingest`: the creation settles one, a write of the count as many as the
 * trace says, and a failed look-up or lock the one that was next. What is remembered between operations is only where
 * the replay has left the record.
 */
export class SignalTally {
  #total = 0;
  readonly #recorded: SignalCounts = { created: 0, duplicate: 0, failed: 0 };
  readonly #replayed = { created: 0, duplicate: 0, failed: 0, open: 0 };
  readonly #failures = new Map<string, FailedEnd & { signals: number }>();
  readonly #diverged = new Map<string, Divergence>();

  /** `trace`: the fingerprints of different traces are different ones. */
  add(operation: TraceOperation, ended: Ended, trace = ''): void {
    const key = operation.object === undefined ? undefined : `${trace} ${operation.object}`;
    const before = (key === undefined ? undefined : this.#diverged.get(key)) ?? {};
    const signals = signalsOf(operation, ended.recorded);
    const after =
      signals === 0 ? passing(operation, ended, before) : this.#settle(signals, operation, ended, before);
    if (key === undefined) return;
    if (after.failed === undefined && after.requestOn === undefined) this.#diverged.delete(key);
    else this.#diverged.set(key, after);
  }

  /** Undefined where the trace is none of signals. */
  totals(): SignalTotals | undefined {
    if (this.#total === 0) return undefined;
    return {
      total: this.#total,
      recorded: { ...this.#recorded },
      replayed: { ...this.#replayed },
      failures: [...this.#failures.values()].sort((one, other) => other.signals - one.signals),
    };
  }

  #settle(signals: number, operation: TraceOperation, ended: Ended, before: Divergence): Divergence {
    const recorded = recordedOutcome(operation, ended.recorded);
    const replayed = replayedOutcome(recorded, { ...ended, operation }, before);
    this.#total += signals;
    this.#recorded[recorded] += signals;
    // one request is made, whoever comes after it is counted on it
    const made = replayed === 'created' ? 1 : signals;
    this.#replayed[replayed] += made;
    this.#replayed.duplicate += signals - made;
    if (replayed === 'failed') this.#fail(before.failed ?? ended.end ?? { ending: 'stopped' }, signals);
    return { requestOn: requestOn(recorded, replayed, before) };
  }

  #fail(end: FailedEnd, signals: number): void {
    const key = JSON.stringify([end.ending, end.failure]);
    const known = this.#failures.get(key);
    if (known === undefined) this.#failures.set(key, { ...end, signals });
    else known.signals += signals;
  }
}

/** How many signals an operation settles, by what was recorded of it. */
function signalsOf(operation: TraceOperation, recorded: ReplaySide): number {
  switch (operation.operation) {
    case 'create_remediation_request':
      return 1;
    case 'update_status':
      return countedSignals(operation, recorded);
    case 'acquire_lock':
    case 'check_deduplication':
      return recorded.result === 'error' ? 1 : 0;
    default:
      return 0;
  }
}

/** The creator's own write of the count is a PUT, and settles none. */
function countedSignals({ signals, tries }: TraceOperation, { attempts }: ReplaySide): number {
  const last = attempts.at(-1);
  // it ended with a look: the decision no longer held, and was made anew
  if (last?.outcome === 'ok' && last.request?.startsWith('get ') === true) return 0;
  const isPatch = tries[0]?.[0]?.request?.startsWith('patch ') === true;
  return signals ?? (isPatch ? 1 : 0);
}

/** A step on the way of a signal: where it fails in the replay alone, so does the signal. */
function passing({ operation }: TraceOperation, { end }: Ended, before: Divergence): Divergence {
  const isStep = operation === 'acquire_lock' || operation === 'check_deduplication';
  return isStep && end !== undefined ? { ...before, failed: end } : before;
}

function recordedOutcome({ operation }: TraceOperation, { result }: ReplaySide): keyof SignalCounts {
  // a count that was not written is one of a duplicate all the same
  if (operation === 'update_status') return 'duplicate';
  return result === 'ok' ? 'created' : 'failed';
}

function replayedOutcome(
  recorded: keyof SignalCounts,
  { end, operation: { operation } }: Ended & { operation: TraceOperation },
  before: Divergence,
): Outcome {
  if (before.failed !== undefined) return 'failed';
  // without a request to count on, one would have been made, if the server answered
  if (recorded === 'duplicate' && before.requestOn !== 'recorded') return 'duplicate';
  if (recorded === 'duplicate') return end === undefined ? 'created' : 'failed';
  if (before.requestOn === 'replayed') return 'duplicate';
  if (end !== undefined) return 'failed';
  return operation === 'create_remediation_request' ? 'created' : 'open';
}

function requestOn(
  recorded: Outcome,
  replayed: Outcome,
  { requestOn: before }: Divergence,
): Divergence['requestOn'] {
  if (recorded === 'created' && replayed === 'failed') return 'recorded';
  if (recorded === 'failed' && replayed === 'created') return 'replayed';
  // both made one, or both count on one
  if (recorded === 'created' || replayed === 'created') return undefined;
  return before;
}
