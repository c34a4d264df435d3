/**
 * The states of a namespace's fingerprints for as long as somebody looks.
 *
 * Guarantees: begins with every fingerprint there is; after that each change of a state is told once, also one that
 * time alone makes (a backoff that ends). An ordinary end of the watch, a lost connection and an expired version
 * (410) are survived, by listing again where need be: what changed or went meanwhile is told then.
 * Non-guarantee: states between two looks; only the last one counts.
 */
import type { ApiResource, KubeObject } from '../api/objects.ts';
import { ApiError, NetworkError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { WatchStream } from '../kube/watch-stream.ts';
import { longestSummaryText } from '../request/request-fields.ts';
import type { Clock } from '../time/clock.ts';
import type { DeduplicationState } from './deduplication-state.ts';
import { FingerprintIndex } from './fingerprint-index.ts';

export interface StateChange {
  /** DELETED: no request of the fingerprint is left; the object is its last state. */
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: DeduplicationState;
}

export interface StateWatchOptions {
  objects: ObjectAccess;
  resource: ApiResource;
  namespace: string;
  clock: Clock;
  /** The time of decisions; one that stands still never ends a backoff. */
  decisionClock: Pick<Clock, 'now'>;
  signal: AbortSignal;
  /** Something to be said about the connection. */
  note: (text: string) => void;
}

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** Timers hold no more than this. */
const longestWaitMs = 2 ** 31 - 1;

/** Ends when the signal aborts or the reader leaves. Throws where the first look fails, and for refusals (403). */
export async function* watchStates(options: StateWatchOptions): AsyncGenerator<StateChange, void, void> {
  const watch = new StateWatch(options);
  try {
    yield* watch.run();
  } catch (thrown) {
    if (!options.signal.aborted) throw thrown;
  }
}

class StateWatch {
  readonly #options: StateWatchOptions;
  /** What was told last, by fingerprint. */
  readonly #told = new Map<string, DeduplicationState>();
  #index = new FingerprintIndex();
  #from: string | undefined;
  #pauseMs = 0;

  constructor(options: StateWatchOptions) {
    this.#options = options;
  }

  async *run(): AsyncGenerator<StateChange, void, void> {
    yield* await this.#list();
    while (!this.#options.signal.aborted) {
      try {
        if (this.#from === undefined) yield* await this.#list();
        yield* this.#follow(await this.#open());
      } catch (thrown) {
        await this.#recover(thrown);
      }
    }
  }

  /** Everything anew; what is gone since the last list is told as DELETED. */
  async #list(): Promise<StateChange[]> {
    const { objects, resource, namespace, signal } = this.#options;
    const index = new FingerprintIndex();
    let version: string | undefined;
    const settings = { signal, longestText: longestSummaryText };
    for await (const page of objects.listPages(resource, { namespace }, settings)) {
      version ??= page.metadata.resourceVersion;
      for (const object of page.items) index.put(object);
    }
    this.#index = index;
    this.#from = version;
    return this.#changes([...this.#told.keys(), ...index.fingerprints()]);
  }

  #open(): Promise<WatchStream> {
    const { objects, resource, namespace, signal } = this.#options;
    const where = { namespace, resourceVersion: this.#from, allowWatchBookmarks: true };
    return objects.watch(resource, where, { signal, longestText: longestSummaryText });
  }

  async *#follow(stream: WatchStream): AsyncGenerator<StateChange, void, void> {
    const events = stream[Symbol.asyncIterator]();
    let next = events.next();
    try {
      for (;;) {
        const seen = await this.#nextOrDue(next);
        if (seen === 'due') {
          yield* this.#changes(this.#told.keys());
          continue;
        }
        if (seen.done === true) break;
        this.#pauseMs = 0;
        this.#from = stream.resourceVersion;
        next = events.next();
        yield* this.#take(seen.value.type, seen.value.object);
      }
    } finally {
      // A reader that leaves, or a failure, must not leave a rejection behind that nobody awaits.
      next.catch(() => undefined);
      await stream.close();
    }
  }

  *#take(type: string, object: KubeObject): Iterable<StateChange> {
    if (type === 'BOOKMARK') return;
    const fingerprint = type === 'DELETED' ? this.#index.remove(object) : this.#index.put(object);
    if (fingerprint !== undefined) yield* this.#changes([fingerprint]);
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

  /** Waits before the next look; throws what another look cannot mend. */
  async #recover(thrown: unknown): Promise<void> {
    const { signal, clock, note } = this.#options;
    signal.throwIfAborted();
    if (thrown instanceof ApiError && thrown.httpStatus === 410) {
      this.#from = undefined;
      return;
    }
    if (!isPassing(thrown)) throw thrown;
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs);
    note(`${thrown.message}; looking again in ${this.#pauseMs / 1000} s`);
    await clock.sleep(this.#pauseMs, signal);
  }
}

function isPassing(thrown: unknown): thrown is ApiError | NetworkError {
  if (thrown instanceof NetworkError) return thrown.code !== 'ABORTED';
  return thrown instanceof ApiError && (thrown.httpStatus === 429 || thrown.httpStatus >= 500);
}
