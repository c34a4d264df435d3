import type { HeldLock, ReleaseOutcome } from './held-lock.ts';

/** A lease that nobody works under and that stands until it expires, for all we know. */
export interface LeftLease {
  leaseName: string;
  /** Wall clock, milliseconds. */
  untilMs: number;
}

/**
 * Every lock that this process holds or is about to hold, so that whoever ends it can let all of them go.
 * Locks that ended by themselves are not in it any more; abandoned ones are left alone.
 */
export class HeldLocks {
  readonly #held = new Set<HeldLock>();
  readonly #pending = new Set<Promise<unknown>>();
  /** When each is over. */
  readonly #left = new Map<string, number>();

  add(lock: HeldLock): void {
    this.#held.add(lock);
    this.#left.delete(lock.leaseName);
    lock.onEnd(() => {
      this.#held.delete(lock);
      const untilMs = lock.standsUntilMs;
      if (untilMs !== undefined) this.noteLeft({ leaseName: lock.leaseName, untilMs });
    });
  }

  /** A lease that may be ours, from a write without an answer, and that could not be looked for. */
  noteLeft({ leaseName, untilMs }: LeftLease): void {
    this.#left.set(leaseName, untilMs);
  }

  /** What this process has left behind and has not expired by now (wall clock, milliseconds). */
  left(nowMs: number): LeftLease[] {
    for (const [leaseName, untilMs] of this.#left) if (untilMs <= nowMs) this.#left.delete(leaseName);
    return [...this.#left].map(([leaseName, untilMs]) => ({ leaseName, untilMs }));
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
