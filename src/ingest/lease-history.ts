/**
 * What a watch of Leases has shown, and what that proves about who may have created a request.
 *
 * Guarantee: for an acquisition whose own event has been seen, `othersSeen` is true whenever anybody whose
 * create this process cannot vouch for has held the lease since the watch began. The watch delivers the
 * events of one lease in order, so what came before our own event has been seen by then.
 *
 * Every holder but the acquisition that asks is another one, also an earlier acquisition of this process whose create
 * was left without an answer. Ids are compared whole: host and pid repeat (pid 1 in every container).
 *
 * Non-guarantee: whoever writes without taking the lease leaves no trace here.
 */
export class LeaseHistory {
  readonly #holders = new Map<string, Set<string>>();
  readonly #issued = new Map<string, Acquisition>();

  /** Before the request that acquires: from now on events of this holder are our own. */
  begin(leaseName: string, holder: string): void {
    this.#issued.set(holder, { leaseName, state: 'open', seen: false, lost: false, waiting: [] });
  }

  /**
   * After the last request under this acquisition. `definite`: every create that was sent under it has been
   * answered, and the answer is in the index. An id that is not definite stays a stranger's for ever.
   */
  settle(holder: string, definite: boolean): void {
    const acquisition = this.#issued.get(holder);
    if (acquisition === undefined) return;
    acquisition.state = definite ? 'vouched' : 'doubtful';
    wake(acquisition);
    if (definite) this.#forgetHolder(acquisition.leaseName, holder);
  }

  /** One watch event of a lease; an absent holder id is somebody's, too. */
  observe(event: { leaseName: string; holder: string; deleted: boolean }): void {
    this.#markLost(event);
    const own = this.#issued.get(event.holder);
    if (own?.state === 'vouched') {
      if (event.deleted) this.#issued.delete(event.holder);
      return;
    }
    this.#remember(event.leaseName, event.holder);
    if (own === undefined || event.deleted) return;
    own.seen = true;
    wake(own);
  }

  /** Whether the acquisition's own event has come; when not, `onSeen` is called once it does or it is settled. */
  hasSeenOwn(holder: string): boolean {
    return this.#issued.get(holder)?.seen ?? false;
  }

  onSeen(holder: string, callback: () => void): void {
    this.#issued.get(holder)?.waiting.push(callback);
  }

  /** Whether a later event of the lease says that it is no longer this acquisition's. */
  isLost(holder: string): boolean {
    return this.#issued.get(holder)?.lost ?? false;
  }

  /** Whether anybody else has held this lease since the watch began. */
  othersSeen(leaseName: string, ownHolder: string): boolean {
    for (const holder of this.#holders.get(leaseName) ?? []) {
      if (holder !== ownHolder && this.#issued.get(holder)?.state !== 'vouched') return true;
    }
    return false;
  }

  /** A new watch knows nothing of what the old one has shown; acquisitions under way stay ours. */
  restart(): void {
    this.#holders.clear();
    for (const [holder, acquisition] of this.#issued) {
      if (acquisition.state === 'vouched') this.#issued.delete(holder);
      else acquisition.seen = false;
    }
  }

  #markLost(event: { leaseName: string; holder: string; deleted: boolean }): void {
    for (const holder of this.#holders.get(event.leaseName) ?? []) {
      const acquisition = this.#issued.get(holder);
      if (acquisition?.state !== 'open' || !acquisition.seen) continue;
      if (event.deleted || event.holder !== holder) acquisition.lost = true;
    }
  }

  #remember(leaseName: string, holder: string): void {
    const known = this.#holders.get(leaseName);
    if (known === undefined) this.#holders.set(leaseName, new Set([holder]));
    else known.add(holder);
  }

  #forgetHolder(leaseName: string, holder: string): void {
    const known = this.#holders.get(leaseName);
    if (known?.delete(holder) === true && known.size === 0) this.#holders.delete(leaseName);
  }
}

interface Acquisition {
  leaseName: string;
  state: 'open' | 'vouched' | 'doubtful';
  seen: boolean;
  lost: boolean;
  waiting: (() => void)[];
}

function wake(acquisition: Acquisition): void {
  for (const callback of acquisition.waiting.splice(0)) callback();
}
