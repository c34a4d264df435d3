/** Time as the domain sees it; nothing below the edge reads another clock or sleeps by itself. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** A clock that never goes back, milliseconds from an arbitrary start. */
  monotonicMs(): number;
  /**
   * Resolves after `ms` milliseconds (at once for zero and less).
   * Rejects with `signal.reason` as soon as the signal aborts, leaving no timer behind.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
