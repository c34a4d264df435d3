/**
 * The states of a namespace's fingerprints for as long as somebody looks.
 *
 * Guarantees: begins with every fingerprint there is; after that each change of a state is told once, also one that
 * time alone makes (a backoff that ends). Connections are survived as listAndWatch says: what changed or went while a
 * version expired (410) is told after the next listing, never half a listing.
 * Non-guarantee: states between two looks; only the last one counts. While the server does not answer, time goes on
 * over what was known last.
 */
import type { ApiResource } from '../api/objects.ts';
import {
  listAndWatch,
  sourceOf,
  type Interruption,
  type ListWatchEvent,
  type ListWatchSource,
  type PassingFailure,
} from '../kube/list-and-watch.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { longestSummaryText } from '../request/request-fields.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { DeduplicationState } from './deduplication-state.ts';
import { FingerprintIndex } from './fingerprint-index.ts';

/** One change of what would become of the next signal of a fingerprint. */
export interface StateChange {
  /** DELETED: no request of the fingerprint is left; the object is its last state. */
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: DeduplicationState;
}

/** What watching states goes by. */
export interface StateWatchOptions {
  objects: ObjectAccess;
  resource: ApiResource;
  namespace: string;
  clock: Clock;
  random: Random;
  /** The time of decisions; one that stands still never ends a backoff. */
  decisionClock: Pick<Clock, 'now'>;
  signal: AbortSignal;
  /** The server does not answer; told for each failure. */
  onLost: (failure: PassingFailure, interruption: Interruption) => void;
}

/** Timers hold no more than this. */
const longestWaitMs = 2 ** 31 - 1;

/** Ends when the signal aborts or the reader leaves. Throws where the first look fails, and for refusals (403). */
export async function* watchStates(options: StateWatchOptions): AsyncGenerator<StateChange, void, void> {
  const { objects, resource, namespace, clock, random, onLost } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const source: ListWatchSource = sourceOf(
    objects,
    resource,
    { namespace },
    { longestText: longestSummaryText },
  );
  const events = listAndWatch(source, { clock, random, signal, onLost });
  try {
    yield* new StateWatch(options).changesOf(events);
  } finally {
    // An event may be waited for still, and only the end of its connection ends that.
    over.abort();
    await events.return();
  }
}

class StateWatch {
  readonly #options: Pick<StateWatchOptions, 'clock' | 'decisionClock'>;
  /** What was told last, by fingerprint. */
  readonly #told = new Map<string, DeduplicationState>();
  #index = new FingerprintIndex();
  /** Of a listing that is not complete yet. */
  #next = this.#index;

  constructor(options: Pick<StateWatchOptions, 'clock' | 'decisionClock'>) {
    this.#options = options;
  }

  async *changesOf(events: AsyncIterator<ListWatchEvent>): AsyncGenerator<StateChange, void, void> {
    let next = events.next();
    try {
      for (;;) {
        const seen = await this.#nextOrDue(next);
        if (seen === 'due') {
          yield* this.#changes(this.#told.keys());
          continue;
        }
        if (seen.done === true) return;
        yield* this.#take(seen.value);
        next = events.next();
      }
    } finally {
      // A reader that leaves must not leave a rejection behind that nobody awaits.
      next.catch(() => undefined);
    }
  }

  #take(event: ListWatchEvent): StateChange[] {
    switch (event.type) {
      case 'LISTING':
        this.#next = new FingerprintIndex();
        return [];
      case 'PAGE':
        for (const object of event.items) this.#next.put(object);
        return [];
      case 'LISTED':
        this.#index = this.#next;
        return this.#changes([...this.#told.keys(), ...this.#index.fingerprints()]);
      case 'BOOKMARK':
        return [];
      case 'DELETED':
        return this.#changesOf(this.#index.remove(event.object));
      default:
        return this.#changesOf(this.#index.put(event.object));
    }
  }

  #changesOf(fingerprint: string | undefined): StateChange[] {
    return fingerprint === undefined ? [] : this.#changes([fingerprint]);
  }

  /** What is to be told about these fingerprints by now. */
  #changes(fingerprints: Iterable<string>): StateChange[] {
    const nowMs = this.#options.decisionClock.now();
    const changes: StateChange[] = [];
    for (const fingerprint of new Set(fingerprints)) {
      const before = this.#told.get(fingerprint);
      const state = this.#index.state(fingerprint, nowMs);
      if (state.history.length === 0) {
        this.#told.delete(fingerprint);
        if (before !== undefined) changes.push({ type: 'DELETED', object: before });
      } else if (before === undefined || JSON.stringify(before) !== JSON.stringify(state)) {
        this.#told.set(fingerprint, state);
        changes.push({ type: before === undefined ? 'ADDED' : 'MODIFIED', object: state });
      }
    }
    return changes;
  }

  /** The next event, or `due` where a backoff ends first. */
  async #nextOrDue<T>(next: Promise<T>): Promise<T | 'due'> {
    const untilMs = this.#nextDueMs();
    if (untilMs === undefined) return next;
    const { clock, decisionClock } = this.#options;
    const timer = new AbortController();
    const waitMs = Math.min(Math.max(untilMs - decisionClock.now(), 1), longestWaitMs);
    const due = clock.sleep(waitMs, timer.signal).then(
      () => 'due' as const,
      () => next,
    );
    try {
      return await Promise.race([next, due]);
    } finally {
      timer.abort();
      due.catch(() => undefined);
    }
  }

  /** When the next state changes by time alone; undefined where none does, or where time stands still. */
  #nextDueMs(): number | undefined {
    const { clock, decisionClock } = this.#options;
    if (decisionClock !== clock) return undefined;
    let earliest: number | undefined;
    for (const { until } of this.#told.values()) {
      if (until === undefined) continue;
      const atMs = Date.parse(until);
      if (earliest === undefined || atMs < earliest) earliest = atMs;
    }
    return earliest;
  }
}
