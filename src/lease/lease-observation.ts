import type { Clock } from '../time/clock.ts';
import type { Lease } from './lease-object.ts';

interface Observation {
  uid: string | undefined;
  resourceVersion: string | undefined;
  sinceMonotonicMs: number;
}

/**
 * Watches leases by looking: how long has this one not changed, by our own monotonic clock? It needs no clock but
 * ours, so it settles leases that name no expiry, and those whose clocks are not to be trusted.
 *
 * Guarantee: a lease that its holder renews within `durationSeconds` is never called abandoned, since every
 * renewal changes its resourceVersion. Looks must be repeated by the same process; nothing is kept on disk.
 */
export class LeaseObservations {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #seen = new Map<string, Observation>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Whether the lease has stayed as it is for the whole duration; the first look at a version starts the time. */
  isAbandoned(lease: Lease, durationSeconds: number): boolean {
    const { name, uid, resourceVersion } = lease.metadata;
    const nowMs = this.#clock.monotonicMs();
    const known = this.#seen.get(name);
    if (known === undefined || known.uid !== uid || known.resourceVersion !== resourceVersion) {
      this.#seen.set(name, { uid, resourceVersion, sinceMonotonicMs: nowMs });
      return false;
    }
    return nowMs - known.sinceMonotonicMs >= durationSeconds * 1000;
  }

  forget(name: string): void {
    this.#seen.delete(name);
  }
}
