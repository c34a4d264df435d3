/**
 * The changes of RemediationRequests for as long as somebody looks.
 *
 * Guarantees: begins with an ADDED for every request that is chosen; an ordinary end of a watch is resumed where it
 * ended, without repeating or leaving out an event, and so is a lost connection. After an expired version (410)
 * everything there is comes again, as MODIFIED where it changed meanwhile and not at all where it did not. A request
 * that a change takes out of the choice is told as DELETED from it.
 * Non-guarantee: what was deleted while the version expired is not told.
 */
import { apiVersionOf, type ApiResource, type KubeObject } from '../api/objects.ts';
import { matchesRequest, type RequestFilter } from '../dedup/request-filter.ts';
import { ApiError, NetworkError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { Clock } from '../time/clock.ts';
import { chosenRequests, isUnselectable } from './chosen-requests.ts';
import { fingerprintSelector } from './request-filter-flags.ts';

export interface RequestChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

export interface RequestWatchOptions {
  objects: ObjectAccess;
  resource: ApiResource;
  namespace: string;
  labelSelector?: string | undefined;
  filter: RequestFilter;
  clock: Clock;
  signal: AbortSignal;
  /** Something to be said about the connection. */
  note: (text: string) => void;
}

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** Ends when the signal aborts or the consumer leaves; throws where the first look fails, and for refusals. */
export async function* watchRequests(
  options: RequestWatchOptions,
): AsyncGenerator<RequestChange, void, void> {
  const { signal } = options;
  try {
    yield* new RequestChanges(options).all();
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

class RequestChanges {
  readonly #options: RequestWatchOptions;
  /** Versions of what was told and not taken back, by name. */
  readonly #told = new Map<string, string>();
  #from: string | undefined;
  #selector: string | undefined;
  #pauseMs = 0;

  constructor(options: RequestWatchOptions) {
    this.#options = options;
    this.#selector = fingerprintSelector(options.filter);
  }

  async *all(): AsyncGenerator<RequestChange, void, void> {
    yield* this.#list();
    while (!this.#options.signal.aborted) {
      try {
        if (this.#from === undefined) yield* this.#list();
        yield* this.#follow();
      } catch (thrown) {
        await this.#recover(thrown);
      }
    }
  }

  async *#list(): AsyncGenerator<RequestChange, void, void> {
    const { objects, resource, namespace, labelSelector, filter, signal } = this.#options;
    let version: string | undefined;
    const where = { namespace, labelSelector, filter };
    for await (const page of chosenRequests(objects, resource, where, signal)) {
      version ??= page.metadata.resourceVersion;
      // Items of a list name neither; events do.
      const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
      for (const item of page.items) yield* this.#take('ADDED', { ...type, ...item });
    }
    this.#from = version;
  }

  async *#follow(): AsyncGenerator<RequestChange, void, void> {
    const { objects, resource, namespace, labelSelector, signal } = this.#options;
    const where = { namespace, labelSelector, fieldSelector: this.#selector };
    const options = { ...where, resourceVersion: this.#from, allowWatchBookmarks: true };
    const stream = await objects.watch(resource, options, { signal });
    for await (const { type, object } of stream) {
      this.#pauseMs = 0;
      this.#from = stream.resourceVersion;
      if (type !== 'BOOKMARK') yield* this.#take(type, object);
    }
  }

  /** The event in view of what was told before; nothing where nothing is new. */
  *#take(type: RequestChange['type'], object: KubeObject): Iterable<RequestChange> {
    const { name, resourceVersion = '' } = object.metadata;
    const before = this.#told.get(name);
    if (type === 'DELETED' || !matchesRequest(object, this.#options.filter)) {
      if (this.#told.delete(name)) yield { type: 'DELETED', object };
      return;
    }
    this.#told.set(name, resourceVersion);
    if (before === resourceVersion) return;
    yield { type: before === undefined ? 'ADDED' : 'MODIFIED', object };
  }

  /** Waits before the next look; throws what another look cannot mend. */
  async #recover(thrown: unknown): Promise<void> {
    const { signal, clock, note } = this.#options;
    signal.throwIfAborted();
    if (thrown instanceof ApiError && thrown.httpStatus === 410) {
      this.#from = undefined;
      return;
    }
    if (this.#selector !== undefined && isUnselectable(thrown)) {
      this.#selector = undefined;
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
