/**
 * The events of a cluster as they come: a listing, a watch, and both again as often as need be.
 *
 * Guarantees: where the server does not answer, its guard is waited for, and the watch goes on as soon as it answers. A
 * refusal (401, 403, 404) in the middle of a stream, as a server gives that has just been started, is survived for five
 * minutes.
 */
import type { KubeObject } from '../api/objects.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { ApiError } from '../kube/api-error.ts';
import { listAndWatch, sourceOf, type ListWatchEvent, type ListWatchSource } from '../kube/list-and-watch.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { OutageGuard } from '../kube/outage-guard.ts';
import { eventResource } from '../kube/well-known-resources.ts';
import type { Notes } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { formatDuration } from '../time/duration.ts';

/** What is watched, and how. */
export interface WatchedEventsOptions {
  objects: ObjectAccess;
  /** Absent: every namespace. */
  namespace?: string | undefined;
  /** Asks for Normal events as well. */
  withNormal: boolean;
  /** Whether the server is there; absent for the embedded store. */
  server?: Pick<OutageGuard, 'whenAnswering' | 'whenSure' | 'outages'> | undefined;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  notes: Pick<Notes, 'warn' | 'detail'>;
}

const refusals = [401, 403, 404];
const refusalLimitMs = 5 * 60_000;
const refusalWaitMs = 5_000;
/** From which failure in a row on it is worth a line. */
const tellFromFailure = 3;

/** Goes on from a version, or begins with a listing. Throws what the first LIST throws, and a refusal that lasts. */
export async function* watchedEvents(
  from: string | undefined,
  options: WatchedEventsOptions,
): AsyncGenerator<ListWatchEvent, void, void> {
  const refusal = new Refusals(options);
  let place = from;
  while (!options.signal.aborted) {
    try {
      for await (const event of onePass(place, options)) {
        refusal.over();
        place = placeAfter(event) ?? place;
        yield event;
      }
      return;
    } catch (thrown) {
      await refusal.survive(thrown, place !== undefined);
    }
  }
}

function placeAfter(event: ListWatchEvent): string | undefined {
  if ('object' in event) return event.object.metadata.resourceVersion;
  return 'resourceVersion' in event ? event.resourceVersion : undefined;
}

function onePass(
  from: string | undefined,
  options: WatchedEventsOptions,
): AsyncGenerator<ListWatchEvent, void, void> {
  const { clock, random, signal, notes } = options;
  let isTold = false;
  return listAndWatch(guardedSource(options), {
    clock,
    random,
    signal,
    from,
    bookmarks: true,
    onLost: ({ message }, { failures, waitMs }) => {
      const again = formatDuration(Math.ceil(waitMs / 1000) * 1000);
      const text = `events are not watched: ${message}; again in ${again}`;
      if (failures < tellFromFailure || isTold) notes.detail(text);
      else notes.warn(text);
      isTold ||= failures >= tellFromFailure;
    },
    onResumed: () => {
      if (isTold) notes.warn('events are watched again');
      isTold = false;
    },
  });
}

/** A watch that cannot be opened since the server is away is opened when it is back. */
function guardedSource(options: WatchedEventsOptions): ListWatchSource {
  const { objects, namespace, withNormal, server } = options;
  const scope = withNormal ? { namespace } : { namespace, fieldSelector: 'type!=Normal' };
  const source = sourceOf<KubeObject>(objects, eventResource, scope);
  if (server === undefined) return source;
  return {
    async *pages(signal) {
      await server.whenAnswering();
      yield* source.pages(signal);
    },
    async watch(resourceVersion, signal) {
      for (;;) {
        await server.whenAnswering();
        const { outages } = server;
        try {
          return await source.watch(resourceVersion, signal);
        } catch (thrown) {
          await server.whenSure();
          if (server.outages === outages || signal.aborted) throw thrown;
        }
      }
    },
  };
}

/** A server that has just been started may not know yet who may do what. */
class Refusals {
  readonly #options: Pick<WatchedEventsOptions, 'clock' | 'signal' | 'notes'>;
  #sinceMs: number | undefined;

  constructor(options: Pick<WatchedEventsOptions, 'clock' | 'signal' | 'notes'>) {
    this.#options = options;
  }

  over(): void {
    this.#sinceMs = undefined;
  }

  /** `hasBegun`: something was read before. Throws what is not survived. */
  async survive(thrown: unknown, hasBegun: boolean): Promise<void> {
    const { clock, signal, notes } = this.#options;
    if (!hasBegun || !(thrown instanceof ApiError) || !refusals.includes(thrown.httpStatus)) throw thrown;
    const nowMs = clock.monotonicMs();
    if (this.#sinceMs === undefined) {
      const limit = formatDuration(refusalLimitMs);
      notes.warn(`the API server refuses to tell of events; asked again for ${limit}: ${messageOf(thrown)}`);
    }
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs >= refusalLimitMs) throw thrown;
    await clock.sleep(refusalWaitMs, signal).catch(() => undefined);
  }
}
