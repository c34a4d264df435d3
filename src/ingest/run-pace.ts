import type { Clock } from '../time/clock.ts';

/** How fast a run is by now. */
export interface Pace {
  /** Outcomes a second, over the last ten seconds. */
  perSecond: number;
  /**
   * How long the slowest signal of the last ten seconds took from being read to its outcome, or has waited until now where
   * one waits for longer. Milliseconds.
   */
  lagMs: number;
}

const spanSeconds = 10;

interface Second {
  second: number;
  outcomes: number;
  slowestMs: number;
}

/** Measures a run, in memory that does not grow with it. Signals end in the order in which they began. */
export class RunPace {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #beganMs: number;
  /** When each of the signals came that have not ended. */
  readonly #waiting: number[] = [];
  readonly #seconds: Second[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
    this.#beganMs = clock.monotonicMs();
  }

  /** `cameMonotonicMs`: when it was read; default now. */
  began(cameMonotonicMs = this.#clock.monotonicMs()): void {
    this.#waiting.push(cameMonotonicMs);
  }

  ended(): void {
    const nowMs = this.#clock.monotonicMs();
    const tookMs = nowMs - (this.#waiting.shift() ?? nowMs);
    const second = Math.floor(nowMs / 1000);
    const last = this.#seconds.at(-1);
    if (last?.second === second) {
      last.outcomes += 1;
      last.slowestMs = Math.max(last.slowestMs, tookMs);
      return;
    }
    this.#seconds.push({ second, outcomes: 1, slowestMs: tookMs });
    if (this.#seconds.length > spanSeconds) this.#seconds.shift();
  }

  now(): Pace {
    const nowMs = this.#clock.monotonicMs();
    const from = Math.floor(nowMs / 1000) - spanSeconds;
    const recent = this.#seconds.filter(({ second }) => second > from);
    const outcomes = recent.reduce((sum, each) => sum + each.outcomes, 0);
    const spanMs = Math.min(Math.max(nowMs - this.#beganMs, 1000), spanSeconds * 1000);
    const waitedMs = nowMs - (this.#waiting[0] ?? nowMs);
    return {
      perSecond: (outcomes * 1000) / spanMs,
      lagMs: recent.reduce((slowest, { slowestMs }) => Math.max(slowest, slowestMs), waitedMs),
    };
  }
}
