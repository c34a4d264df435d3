/**
 * What there is, and every change to it, for as long as somebody looks.
 *
 * Guarantees: begins with an ADDED for every object; then each change once. The ordinary end of a watch, a lost
 * connection and a server that is busy are resumed where it ended. After an expired version (410) everything is
 * listed again: what changed meanwhile comes as MODIFIED, what is gone as DELETED, in its last known form.
 * Non-guarantee: states between two listings are not told.
 */
import type { ApiResource, KubeObject } from '../api/objects.ts';
import { ApiError, NetworkError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { WatchStream } from '../kube/watch-stream.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

export interface ObjectChange<T extends KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

export interface ChangeScope {
  /** Absent: every namespace. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ChangeWatchOptions<T extends KubeObject> {
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** What is remembered of an object, for telling that it is gone; default all of it. */
  remember?: (object: T) => T;
  /** Everything that there was at the beginning, or after an expired version, has been told. */
  onListed?: () => void;
  /** The server does not answer; it is asked again until it does. Told once for each interruption. */
  onLost?: (failure: ApiError | NetworkError) => void;
  onResumed?: () => void;
}

const firstWaitMs = 500;
const longestWaitMs = 15_000;
const jitter = 0.2;

/** Ends when the signal aborts or the consumer leaves. Throws what a first LIST or a refusal throws. */
export async function* watchChanges<T extends KubeObject>(
  objects: ObjectAccess,
  resource: ApiResource,
  scope: ChangeScope,
  options: ChangeWatchOptions<T>,
): AsyncGenerator<ObjectChange<T>, void, void> {
  const { signal } = options;
  const state = new WatchState<T>(options);
  while (!signal.aborted) {
    try {
      if (state.resourceVersion === undefined) yield* listChanges(objects, resource, scope, state);
      const { resourceVersion } = state;
      const stream = await objects.watch<T>(
        resource,
        { ...scope, resourceVersion, allowWatchBookmarks: true },
        { signal },
      );
      state.resumed();
      const openedMonotonicMs = options.clock.monotonicMs();
      yield* streamChanges(stream, state);
      await state.afterEnd(openedMonotonicMs);
    } catch (thrown) {
      await state.afterFailure(thrown);
    }
  }
}

async function* listChanges<T extends KubeObject>(
  objects: ObjectAccess,
  resource: ApiResource,
  scope: ChangeScope,
  state: WatchState<T>,
): AsyncGenerator<ObjectChange<T>, void, void> {
  const { signal } = state.options;
  const listed = new Set<string>();
  let resourceVersion: string | undefined;
  for await (const page of objects.listPages<T>(resource, scope, { signal })) {
    resourceVersion ??= page.metadata.resourceVersion;
    for (const object of page.items) {
      listed.add(keyOf(object));
      const change = state.told(object);
      if (change !== undefined) yield change;
    }
  }
  for (const object of state.missingFrom(listed)) yield { type: 'DELETED', object };
  state.listed(resourceVersion);
}

async function* streamChanges<T extends KubeObject>(
  stream: WatchStream<T>,
  state: WatchState<T>,
): AsyncGenerator<ObjectChange<T>, void, void> {
  try {
    for await (const { type, object } of stream) {
      if (type === 'BOOKMARK') continue;
      const change = type === 'DELETED' ? state.deleted(object) : state.told(object);
      if (change !== undefined) yield change;
    }
  } finally {
    state.resourceVersion = stream.resourceVersion;
  }
}

class WatchState<T extends KubeObject> {
  readonly options: ChangeWatchOptions<T>;
  /** Where to go on; undefined: list again. */
  resourceVersion: string | undefined;
  readonly #known = new Map<string, T>();
  #answered = false;
  #failures = 0;

  constructor(options: ChangeWatchOptions<T>) {
    this.options = options;
  }

  /** The object as it is now, in view of what was told before; undefined where nothing is new. */
  told(object: T): ObjectChange<T> | undefined {
    const key = keyOf(object);
    const before = this.#known.get(key);
    this.#known.set(key, this.options.remember?.(object) ?? object);
    if (before === undefined) return { type: 'ADDED', object };
    if (before.metadata.resourceVersion === object.metadata.resourceVersion) return undefined;
    return { type: 'MODIFIED', object };
  }

  deleted(object: T): ObjectChange<T> | undefined {
    return this.#known.delete(keyOf(object)) ? { type: 'DELETED', object } : undefined;
  }

  /** Forgets and returns what a new listing does not have. */
  missingFrom(listed: ReadonlySet<string>): T[] {
    const missing = [...this.#known].filter(([key]) => !listed.has(key));
    for (const [key] of missing) this.#known.delete(key);
    return missing.map(([, object]) => object);
  }

  listed(resourceVersion: string | undefined): void {
    this.resourceVersion = resourceVersion;
    this.#answered = true;
    this.options.onListed?.();
  }

  resumed(): void {
    if (this.#failures > 0) this.options.onResumed?.();
    this.#failures = 0;
  }

  /** Waits where going on can help; throws where it cannot. */
  async afterFailure(thrown: unknown): Promise<void> {
    const { onLost, signal } = this.options;
    if (signal.aborted) return;
    if (thrown instanceof ApiError && thrown.httpStatus === 410) {
      this.resourceVersion = undefined;
      return;
    }
    if (!isPassing(thrown) || !this.#answered) throw thrown;
    if (this.#failures === 0) onLost?.(thrown);
    this.#failures += 1;
    await this.#pause(thrown instanceof ApiError ? thrown.retryAfterSeconds : undefined);
  }

  /** A server that ends every watch at once is not asked more often than one that fails. */
  async afterEnd(openedMonotonicMs: number): Promise<void> {
    const { clock } = this.options;
    if (clock.monotonicMs() - openedMonotonicMs < firstWaitMs) await this.#pause(undefined);
  }

  async #pause(askedSeconds: number | undefined): Promise<void> {
    const { clock, random, signal } = this.options;
    const nominalMs = Math.min(firstWaitMs * 2 ** Math.max(this.#failures - 1, 0), longestWaitMs);
    const waitMs = nominalMs * (1 + jitter * (2 * random.next() - 1));
    await clock.sleep(Math.max(waitMs, (askedSeconds ?? 0) * 1000), signal).catch(() => undefined);
  }
}

function isPassing(thrown: unknown): thrown is ApiError | NetworkError {
  if (thrown instanceof NetworkError) return thrown.code !== 'ABORTED';
  return thrown instanceof ApiError && (thrown.httpStatus === 429 || thrown.httpStatus >= 500);
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
