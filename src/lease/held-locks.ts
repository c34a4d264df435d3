import type { HeldLock, ReleaseOutcome } from './held-lock.ts';

/**
 * Every lock that this process holds or is about to hold, so that whoever ends it can let all of them go.
 * Locks that ended by themselves are not in it any more; abandoned ones are left alone.
 */
export class HeldLocks {
  readonly #held = new Set<HeldLock>();
  readonly #pending = new Set<Promise<unknown>>();

  add(lock: HeldLock): void {
    this.#held.add(lock);
    lock.onEnd(() => this.#held.delete(lock));
  }

  /** An acquisition under way: what it brings is released as well. */
  track<T>(acquisition: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = acquisition
      .catch(() => undefined)
      .finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    return acquisition;
  }

  list(): HeldLock[] {
    return [...this.#held];
  }

  /**
   * Releases what is held, then waits for the acquisitions under way (abort them first) and releases what they
   * brought. Every release has 5 s of its own; none throws.
   */
  async releaseAll(): Promise<ReleaseOutcome[]> {
    const outcomes = await releaseEach(this.#held);
    await Promise.all(this.#pending);
    return [...outcomes, ...(await releaseEach(this.#held))];
  }
}

function releaseEach(locks: Iterable<HeldLock>): Promise<ReleaseOutcome[]> {
  return Promise.all([...locks].map((lock) => lock.release()));
}
