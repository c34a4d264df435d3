import type { ServerDate } from './attempts.ts';

/** How far the API server's clock is ahead of ours (negative: behind), and how wrong that can be. */
export interface ClockSkew {
  /** Milliseconds. */
  skewMs: number;
  /** The greatest error of `skewMs`, milliseconds. */
  errorMs: number;
}

const headerPrecisionMs = 1000;

/**
 * Measures the skew from Date headers. Each answer bounds it: the server wrote D at some moment between sending
 * and receiving, and its clock was then in [D, D + 1 s). The bounds of all answers are intersected, so the
 * estimate gets better with every answer, far below the second that a single header can tell.
 *
 * Guarantee: while neither clock is stepped, the true skew lies within skewMs +- errorMs.
 * Non-guarantee: several API servers behind one address with different clocks; bounds that contradict each other
 * mean that a clock was stepped, and the newest answer starts again.
 */
export class ClockSkewMeasurement {
  #lowestMs = Number.NEGATIVE_INFINITY;
  #highestMs = Number.POSITIVE_INFINITY;

  /** Takes one answer in; one that cannot be (no date, received before it was sent) is passed over. */
  observe({ serverDateMs, sentAtMs, receivedAtMs }: ServerDate): void {
    if (!Number.isFinite(serverDateMs) || receivedAtMs < sentAtMs) return;
    const lowestMs = serverDateMs - receivedAtMs;
    const highestMs = serverDateMs + headerPrecisionMs - sentAtMs;
    const contradicts = lowestMs > this.#highestMs || highestMs < this.#lowestMs;
    this.#lowestMs = contradicts ? lowestMs : Math.max(this.#lowestMs, lowestMs);
    this.#highestMs = contradicts ? highestMs : Math.min(this.#highestMs, highestMs);
  }

  /** The best estimate so far; undefined before the first answer with a Date. */
  best(): ClockSkew | undefined {
    if (!Number.isFinite(this.#lowestMs)) return undefined;
    return {
      skewMs: (this.#lowestMs + this.#highestMs) / 2,
      errorMs: (this.#highestMs - this.#lowestMs) / 2,
    };
  }
}
