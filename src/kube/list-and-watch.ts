/**
 * What there is, and every event after it, for as long as somebody looks: a LIST, a WATCH from there, and both again
 * as often as need be.
 *
 * Guarantees: begins with a listing; after it come the server's events in their order. The ordinary end of a watch, a
 * lost connection and a server that is busy (429, 5xx) are resumed where the watch ended, without repeating or leaving
 * out an event. After an expired version (410) everything is listed again. Waits between failures grow from 0.5 s to
 * 15 s, are never shorter than Retry-After asks for, and a server that ends every watch at once is not asked more
 * often than one that fails. A watch that brings nothing for 90 s, not even a bookmark (an API server sends one a minute),
 * is taken for dead, as behind a balancer that forgot the connection: it is opened again where it was. Where that is how
 * the server is (no bookmarks, nothing happens), it is told once, until the server is heard again.
 * Non-guarantees: what happened between an expired version and the next listing is not told as events (ObjectChanges
 * finds out); a listing that breaks off begins anew, with another LISTING.
 */
import type { ApiResource, KubeList, KubeObject } from '../api/objects.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { ApiError, NetworkError } from './api-error.ts';
import type { CallOptions, ObjectAccess } from './object-access.ts';
import { SilenceGuard, SilentWatch } from './silence-guard.ts';
import type { WatchStream } from './watch-stream.ts';

/** A listing piece by piece, or one event after it. */
export type ListWatchEvent<T extends KubeObject = KubeObject> =
  /** A listing begins; what earlier ones said no longer counts once it is complete. */
  | { type: 'LISTING' }
  | { type: 'PAGE'; items: T[] }
  /** The listing is complete; a watch from its version tells what comes after it. */
  | { type: 'LISTED'; resourceVersion?: string | undefined }
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: T }
  /** Where asked for: a watch from this version tells nothing again that was told before. */
  | { type: 'BOOKMARK'; resourceVersion: string };

/** Where a listing and its events come from. */
export interface ListWatchSource<T extends KubeObject = KubeObject> {
  pages(signal: AbortSignal): AsyncIterable<KubeList<T>>;
  watch(resourceVersion: string | undefined, signal: AbortSignal): Promise<WatchStream<T>>;
}

/** Which objects of a resource are looked at. */
export interface WatchScope {
  /** Absent: every namespace. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** A failure that looking again may mend. */
export type PassingFailure = ApiError | NetworkError;

/** How long the server has not answered. */
export interface Interruption {
  /** How many failures there have been since the server last answered, this one included. */
  failures: number;
  /** Until it is asked again. */
  waitMs: number;
}

/** What looking on goes by. */
export interface ListWatchOptions {
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** A version that an earlier look came to: begins with a watch from there instead of a listing. */
  from?: string | undefined;
  /** Tells BOOKMARKs too. Default: false. */
  bookmarks?: boolean;
  /** The server does not answer; it is asked again until it does. Told for each failure. */
  onLost?: (failure: PassingFailure, interruption: Interruption) => void;
  /** It answers again. */
  onResumed?: () => void;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;
const jitter = 0.2;

/** The objects of a resource. Texts over `longestText` bytes come back empty (default: none do). */
export function sourceOf<T extends KubeObject>(
  objects: ObjectAccess,
  resource: ApiResource,
  scope: WatchScope,
  options: Pick<CallOptions, 'longestText'> = {},
): ListWatchSource<T> {
  return {
    pages: (signal) => objects.listPages<T>(resource, scope, { ...options, signal }),
    watch: (resourceVersion, signal) => {
      const where = { ...scope, resourceVersion, allowWatchBookmarks: true };
      return objects.watch<T>(resource, where, { ...options, signal });
    },
  };
}

/**
 * Ends when the signal aborts or the reader leaves. Throws what the first LIST throws, and refusals (403). With `from`
 * the first WATCH is survived as every other one.
 */
export async function* listAndWatch<T extends KubeObject>(
  source: ListWatchSource<T>,
  options: ListWatchOptions,
): AsyncGenerator<ListWatchEvent<T>, void, void> {
  const position = new WatchPosition(options);
  while (!options.signal.aborted) {
    try {
      if (position.resourceVersion === undefined) yield* list(source, position);
      yield* follow(source, position);
    } catch (thrown) {
      await position.afterFailure(thrown);
    }
  }
}

async function* list<T extends KubeObject>(
  source: ListWatchSource<T>,
  position: WatchPosition,
): AsyncGenerator<ListWatchEvent<T>, void, void> {
  let resourceVersion: string | undefined;
  yield { type: 'LISTING' };
  for await (const { metadata, items } of source.pages(position.options.signal)) {
    // Of the first page: a later one may be newer, and events between the two would be missed.
    resourceVersion ??= metadata.resourceVersion;
    yield { type: 'PAGE', items };
  }
  position.listed(resourceVersion);
  yield { type: 'LISTED', resourceVersion };
}

async function* follow<T extends KubeObject>(
  source: ListWatchSource<T>,
  position: WatchPosition,
): AsyncGenerator<ListWatchEvent<T>, void, void> {
  const { clock, signal } = position.options;
  const guard = new SilenceGuard(clock, signal);
  const openedMonotonicMs = clock.monotonicMs();
  try {
    const stream = await source.watch(position.resourceVersion, guard.signal);
    position.resumed();
    yield* eventsOf(stream, position, guard);
  } catch (thrown) {
    throw guard.silence ?? thrown;
  } finally {
    guard.end();
  }
  await position.afterEnd(openedMonotonicMs);
}

async function* eventsOf<T extends KubeObject>(
  stream: WatchStream<T>,
  position: WatchPosition,
  guard: SilenceGuard,
): AsyncGenerator<ListWatchEvent<T>, void, void> {
  const { bookmarks = false } = position.options;
  try {
    for await (const { type, object } of stream) {
      position.heard();
      // while the reader is at it, nobody listens
      guard.rest();
      const { resourceVersion } = object.metadata;
      if (type !== 'BOOKMARK') yield { type, object };
      else if (bookmarks && resourceVersion !== undefined) yield { type, resourceVersion };
      guard.listen();
    }
  } finally {
    position.resourceVersion = stream.resourceVersion;
  }
}

/** Where to go on, and when. */
class WatchPosition {
  readonly options: ListWatchOptions;
  /** Undefined: list again. */
  resourceVersion: string | undefined;
  /** When the last listing was complete, or a version expired; undefined before the first listing. */
  #renewedMonotonicMs: number | undefined;
  #failures = 0;
  /** Nothing came since a watch was given up for its silence. */
  #isSilent = false;

  constructor(options: ListWatchOptions) {
    this.options = options;
    if (options.from !== undefined) this.listed(options.from);
  }

  listed(resourceVersion: string | undefined): void {
    this.resourceVersion = resourceVersion;
    this.#renewedMonotonicMs = this.options.clock.monotonicMs();
  }

  resumed(): void {
    if (this.#failures > 0) this.options.onResumed?.();
    this.#failures = 0;
  }

  heard(): void {
    this.#isSilent = false;
  }

  /** Waits where going on can help; throws where it cannot. */
  async afterFailure(thrown: unknown): Promise<void> {
    const { clock, onLost, signal } = this.options;
    if (signal.aborted) return;
    const renewedMonotonicMs = this.#renewedMonotonicMs;
    if (renewedMonotonicMs === undefined) throw thrown;
    if (thrown instanceof ApiError && thrown.httpStatus === 410) {
      this.resourceVersion = undefined;
      this.#renewedMonotonicMs = clock.monotonicMs();
      await this.afterEnd(renewedMonotonicMs);
      return;
    }
    if (!isPassing(thrown)) throw thrown;
    if (thrown instanceof SilentWatch) {
      if (this.#isSilent) return;
      this.#isSilent = true;
    }
    this.#failures += 1;
    const waitMs = this.#waitMs(thrown instanceof ApiError ? thrown.retryAfterSeconds : undefined);
    onLost?.(thrown, { failures: this.#failures, waitMs });
    await this.#pause(waitMs);
  }

  /** A server that ends every watch at once is not asked more often than one that fails. */
  async afterEnd(sinceMonotonicMs: number): Promise<void> {
    const { clock } = this.options;
    if (clock.monotonicMs() - sinceMonotonicMs < firstWaitMs) await this.#pause(this.#waitMs());
  }

  #waitMs(askedSeconds = 0): number {
    const nominalMs = Math.min(firstWaitMs * 2 ** Math.max(this.#failures - 1, 0), longestWaitMs);
    const waitMs = nominalMs * (1 + jitter * (2 * this.options.random.next() - 1));
    return Math.max(waitMs, askedSeconds * 1000);
  }

  async #pause(waitMs: number): Promise<void> {
    const { clock, signal } = this.options;
    await clock.sleep(waitMs, signal).catch(() => undefined);
  }
}

function isPassing(thrown: unknown): thrown is PassingFailure {
  if (thrown instanceof NetworkError) return thrown.code !== 'ABORTED';
  return thrown instanceof ApiError && (thrown.httpStatus === 429 || thrown.httpStatus >= 500);
}
