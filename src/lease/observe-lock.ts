/**
 * Watches one lock for a while: who holds it from when to when, and whether it stays as it is.
 *
 * Guarantee: `unchangedMs` is a time on our monotonic clock between two consistent reads, the answer of the first and
 * the sending of the last, that found the same resourceVersion. Every renewal would have changed it, so a lease that
 * stayed unchanged for its whole duration has no holder that renews it, whatever any wall clock says.
 * Non-guarantee: `observed` comes from a watch; a connection that hangs shows no holder who came and went meanwhile.
 */
import { isApiError } from '../kube/api-error.ts';
import { sourceOf } from '../kube/list-and-watch.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { watchChanges } from '../kube/object-changes.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Lease } from './lease-object.ts';
import { namedHolder } from './lease-object.ts';
import type { ObservedHolder } from './lock-record.ts';

/** Of a lease that names no duration. */
const usualDurationSeconds = 30;

/** What watching one lock has shown. */
export interface LockObservation {
  /** As it was at the end; undefined: it was there no more. */
  lease: Lease | undefined;
  observed: ObservedHolder[];
  /** Milliseconds; 0 where it changed. */
  unchangedMs: number;
  /** How long it would have to stay unchanged. */
  neededMs: number;
  /** It stayed unchanged for its whole duration: its holder is gone. */
  proven: boolean;
}

interface ObservationGround {
  objects: ObjectAccess;
  namespace: string;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
}

/** `durationMs`: how long to watch, milliseconds. Throws what a read throws: NOT_FOUND where there is no such lock at the beginning. */
export async function observeLock(
  ground: ObservationGround,
  name: string,
  durationMs: number,
): Promise<LockObservation> {
  const { objects, namespace, clock, signal } = ground;
  const key = { namespace, name };
  const before = await objects.get<Lease>(leaseResource, key, { signal });
  const sinceMonotonicMs = clock.monotonicMs();
  const history = new HolderHistory(clock);
  history.saw(before);
  await watchFor(ground, name, durationMs, history);
  const untilMonotonicMs = clock.monotonicMs();
  const after = await readIfThere(objects, key, signal);
  history.saw(after);
  const isUnchanged =
    after !== undefined &&
    after.metadata.uid === before.metadata.uid &&
    after.metadata.resourceVersion === before.metadata.resourceVersion;
  const unchangedMs = isUnchanged ? untilMonotonicMs - sinceMonotonicMs : 0;
  const neededMs = neededDurationMs(before);
  return {
    lease: after,
    observed: history.end(),
    unchangedMs,
    neededMs,
    proven: isUnchanged && unchangedMs >= neededMs,
  };
}

/** How long a lease has to stay unchanged until its holder counts as gone. */
export function neededDurationMs({ spec }: Lease): number {
  return Math.max(spec?.leaseDurationSeconds ?? usualDurationSeconds, 0) * 1000;
}

async function watchFor(
  ground: ObservationGround,
  name: string,
  durationMs: number,
  history: HolderHistory,
): Promise<void> {
  const { objects, namespace, clock, random, signal } = ground;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const end = (): void => {
    over.abort();
  };
  const timer = clock.sleep(durationMs, either).then(end, () => undefined);
  const scope = { namespace, fieldSelector: `metadata.name=${name}` };
  try {
    const source = sourceOf<Lease>(objects, leaseResource, scope);
    const changes = watchChanges(source, { clock, random, signal: either });
    for await (const { type, object } of changes) history.saw(type === 'DELETED' ? undefined : object);
  } catch (thrown) {
    // The history is told as far as it can be watched; what the observation proves rests on the two reads.
    if (!isApiError(thrown) || thrown.code !== 'FORBIDDEN') throw thrown;
  } finally {
    if (!signal.aborted) await timer;
    end();
  }
  signal.throwIfAborted();
}

/** Undefined where there is none. Errors: those of reading. */
export async function readIfThere(
  objects: Pick<ObjectAccess, 'get'>,
  key: { namespace: string; name: string },
  signal: AbortSignal | undefined,
): Promise<Lease | undefined> {
  try {
    return await objects.get<Lease>(leaseResource, key, { signal });
  } catch (thrown) {
    if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
    throw thrown;
  }
}

class HolderHistory {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #ended: ObservedHolder[] = [];
  #current: { hold: string; holder: string | undefined; from: string } | undefined;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  saw(lease: Lease | undefined): void {
    const holder = lease === undefined ? undefined : namedHolder(lease);
    const hold = lease === undefined ? undefined : JSON.stringify([lease.metadata.uid, holder]);
    if (this.#current?.hold === hold) return;
    this.#finish();
    if (hold !== undefined) this.#current = { hold, holder, from: this.#nowText() };
  }

  end(): ObservedHolder[] {
    this.#finish();
    return this.#ended;
  }

  #finish(): void {
    if (this.#current === undefined) return;
    const { holder, from } = this.#current;
    this.#ended.push({ ...(holder === undefined ? {} : { holder }), from, to: this.#nowText() });
    this.#current = undefined;
  }

  #nowText(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
