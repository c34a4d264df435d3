/**
 * The changes of RemediationRequests for as long as somebody looks.
 *
 * Guarantees: begins with an ADDED for every request there is; an ordinary end of a watch is resumed where it
 * ended, without repeating or leaving out an event. After an expired version (410) everything there is comes
 * again, as MODIFIED where it changed meanwhile and not at all where it did not.
 * Non-guarantee: what was deleted while the version expired is not told.
 */
import type { ApiResource, KubeObject } from '../api/objects.ts';
import { ApiError } from '../kube/api-error.ts';
import type { ObjectAccess, WatchOptions } from '../kube/object-access.ts';
import type { WatchStream } from '../kube/watch-stream.ts';

export interface RequestChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubeObject;
}

export interface WatchScope {
  namespace: string;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** Ends when `signal` aborts or the consumer leaves; throws what a watch cannot be opened for. */
export async function* watchRequests(
  objects: ObjectAccess,
  resource: ApiResource,
  scope: WatchScope,
  signal: AbortSignal,
): AsyncGenerator<RequestChange, void, void> {
  const known = new Map<string, string>();
  let from: string | undefined;
  while (!signal.aborted) {
    const stream = await openWatch(objects, resource, { ...scope, resourceVersion: from }, signal);
    if (stream === undefined) from = undefined;
    else {
      yield* changesOf(stream, known, signal);
      from = stream.closeReason === 'expired' ? undefined : stream.resourceVersion;
    }
  }
}

/** Undefined where the version to begin at has expired, or the run is over. */
async function openWatch(
  objects: ObjectAccess,
  resource: ApiResource,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<WatchStream | undefined> {
  try {
    return await objects.watch(resource, { ...options, allowWatchBookmarks: true }, { signal });
  } catch (thrown) {
    if (signal.aborted || isExpired(thrown)) return undefined;
    throw thrown;
  }
}

async function* changesOf(
  stream: WatchStream,
  known: Map<string, string>,
  signal: AbortSignal,
): AsyncGenerator<RequestChange, void, void> {
  try {
    for await (const { type, object } of stream) {
      const change = type === 'BOOKMARK' ? undefined : asChange(known, type, object);
      if (change !== undefined) yield change;
    }
  } catch (thrown) {
    if (!signal.aborted && !isExpired(thrown)) throw thrown;
  }
}

function isExpired(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.httpStatus === 410;
}

/** The event in view of what was shown before; undefined where nothing is new. */
function asChange(
  known: Map<string, string>,
  type: RequestChange['type'],
  object: KubeObject,
): RequestChange | undefined {
  const { name, resourceVersion = '' } = object.metadata;
  const before = known.get(name);
  if (type === 'DELETED') {
    known.delete(name);
    return { type, object };
  }
  known.set(name, resourceVersion);
  if (type === 'ADDED' && before === resourceVersion) return undefined;
  return { type: type === 'ADDED' && before !== undefined ? 'MODIFIED' : type, object };
}
