/**
 * The pace at which one remote system is asked by this process.
 *
 * Guarantees: after an answer that says the allowance is used up (`ratelimit-remaining: 0`, or a 429 that says when to
 * come back) no request leaves before that moment; the requests that wait leave spread over a little while after it,
 * because other processes wake at the same moment. Non-guarantees: other processes are not seen, so their 429s are
 * met one by one; a system that asks for more than `longestAskedWaitMs` is not waited for: its next answer decides.
 */
import { longestAskedWaitMs } from '../retry/classify-remote.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { allowanceEndSeconds } from './answer-head.ts';
import type { AnswerHead } from './exchange.ts';

/** Of the wait that was asked for, and in milliseconds: how long after its end the last of those who waited leaves. */
const spread = { part: 0.1, leastMs: 500, mostMs: 5_000 };

/** Nobody wonders about a shorter wait. */
const shortestToldMs = 1_000;

export interface RateLimitPaceOptions {
  readonly clock: Clock;
  /** Spreads those who waited for the same moment. */
  readonly random: Random;
}

/** When requests may leave again, by the monotonic clock, and how far they are spread from then on. */
interface Reset {
  readonly atMs: number;
  readonly spreadMs: number;
}

export class RateLimitPace {
  readonly #clock: Clock;
  readonly #random: Random;
  #reset: Reset | undefined;

  constructor({ clock, random }: RateLimitPaceOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Takes note of what an answer says about the allowance. */
  heard(head: AnswerHead): void {
    const seconds = allowanceEndSeconds(head, this.#clock.now());
    if (seconds === undefined || seconds * 1_000 > longestAskedWaitMs) return;
    const waitMs = seconds * 1_000;
    const atMs = this.#clock.monotonicMs() + waitMs;
    // of two answers that crossed each other the more careful one holds
    if (this.#reset !== undefined && this.#reset.atMs >= atMs) return;
    const spreadMs = Math.min(Math.max(waitMs * spread.part, spread.leastMs), spread.mostMs);
    this.#reset = { atMs, spreadMs };
  }

  /**
   * Resolves when the next request may leave. `onWait` hears of each wait of a second or more, in milliseconds. Rejects
   * with the signal's reason as soon as it aborts.
   */
  async turn(signal: AbortSignal | undefined, onWait?: (waitMs: number) => void): Promise<void> {
    let waitedFor: Reset | undefined;
    while (this.#reset !== undefined && this.#reset !== waitedFor) {
      waitedFor = this.#reset;
      const { atMs, spreadMs } = waitedFor;
      const waitMs = atMs + this.#random.next() * spreadMs - this.#clock.monotonicMs();
      if (waitMs <= 0) return;
      if (waitMs >= shortestToldMs) onWait?.(waitMs);
      await this.#clock.sleep(waitMs, signal);
    }
  }
}
