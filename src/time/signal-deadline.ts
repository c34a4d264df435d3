const deadlines = new WeakMap<AbortSignal, number>();

/**
 * Notes when a signal will abort by itself, in monotonic milliseconds of the clock that makes it: who is about to wait
 * longer can give up at once. Gives the signal back.
 */
export function withDeadline(signal: AbortSignal, atMonotonicMs: number): AbortSignal {
  deadlines.set(signal, atMonotonicMs);
  return signal;
}

/** When a signal will abort by itself, as far as its maker has said; else Infinity. */
export function deadlineOf(signal: AbortSignal | undefined): number {
  return (signal === undefined ? undefined : deadlines.get(signal)) ?? Number.POSITIVE_INFINITY;
}

/** Aborts with the first of them, and has the earliest of their deadlines. */
export function firstOf(...signals: AbortSignal[]): AbortSignal {
  return withDeadline(AbortSignal.any(signals), Math.min(...signals.map(deadlineOf)));
}
