import type { ObjectChange } from '../kube/object-changes.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { Lease } from '../lease/lease-object.ts';
import { describeLock, isLock, type LockRecord, type LockRequests } from '../lease/lock-record.ts';
import { LockRequestIndex } from './lock-request-index.ts';

/** One change of a lock, as it is told. */
export interface LockLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The lock after the change; of a DELETED one as it was last. */
  object: LockRecord;
}

interface BoardOptions {
  /** Wall clock, milliseconds. */
  now: () => number;
  skew: () => ClockSkew | undefined;
  onChange: (line: LockLine) => void;
}

/**
 * The locks as they stand while somebody watches. A lock changes when its lease does, when its request does, and
 * when time does it: it expires without anybody writing a thing.
 */
export class LockBoard {
  readonly #options: BoardOptions;
  readonly #leases = new Map<string, Lease>();
  /** What was told of each lock, without what changes all the time. */
  readonly #told = new Map<string, string>();
  readonly #index = new LockRequestIndex({ forWatching: true });
  #requestsKnown = true;

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** A lease came, changed or went; one that is no lock is passed over. */
  leaseChanged({ type, object }: ObjectChange<Lease>): void {
    if (!isLock(object)) return;
    const key = keyOf(object);
    if (type === 'DELETED') {
      this.#leases.delete(key);
      this.#told.delete(key);
      this.#options.onChange({ type, object: this.#describe(object) });
      return;
    }
    this.#leases.set(key, object);
    this.#tell(key, object);
  }

  /** A request came, changed or went: its lock may be told of anew. */
  requestChanged({ type, object }: ObjectChange): void {
    const name = type === 'DELETED' ? this.#index.remove(object) : this.#index.put(object);
    for (const [key, lease] of this.#leases) if (lease.metadata.name === name) this.#tell(key, lease);
  }

  /** The requests cannot be read. */
  withoutRequests(): void {
    this.#requestsKnown = false;
  }

  /** Tells what time has changed. */
  tick(): void {
    for (const [key, lease] of this.#leases) this.#tell(key, lease);
  }

  /** The locks as they are by now, by name. */
  records(): LockRecord[] {
    return [...this.#leases.values()]
      .map((lease) => this.#describe(lease))
      .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  }

  #tell(key: string, lease: Lease): void {
    const record = this.#describe(lease);
    const text = JSON.stringify({
      ...record,
      expiresInSeconds: undefined,
      clockSkewSeconds: undefined,
      clockSkewErrorSeconds: undefined,
    });
    const before = this.#told.get(key);
    if (before === text) return;
    this.#told.set(key, text);
    this.#options.onChange({ type: before === undefined ? 'ADDED' : 'MODIFIED', object: record });
  }

  #describe(lease: Lease): LockRecord {
    const { now, skew } = this.#options;
    const requests: LockRequests = this.#requestsKnown ? this.#index.of(lease.metadata.name) : {};
    return describeLock(lease, { nowMs: now(), skew: skew(), requests });
  }
}

function keyOf({ metadata }: Lease): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
