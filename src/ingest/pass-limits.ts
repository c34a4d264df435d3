import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/signal-deadline.ts';

/** One pass under way: what ends its waits and its requests. */
export interface LimitedPass {
  /** Aborts with the pass's time or with the stop. */
  readonly waiting: AbortSignal;
  /** Aborts with the pass's time, or when the time after the stop is over. */
  readonly requests: AbortSignal;
  readonly deadlineMonotonicMs: number;
  /** Why, once its time is up. */
  readonly overdue: RemedyError | undefined;
}

interface OpenPass extends LimitedPass {
  readonly waits: AbortController;
  readonly sends: AbortController;
  overdue: RemedyError | undefined;
}

/**
 * The time limits of a run's passes: one timer and one listener on each of the run's own signals for all of them,
 * since a run makes a pass for each signal.
 *
 * All passes have the same limit, so the one that began first is the first to be overdue. A pass that has ended is
 * aborted by nothing any more.
 */
export class PassLimits {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #run: { stop: AbortSignal; graceOver: AbortSignal; ended: AbortSignal };
  /** In the order in which they began. */
  readonly #open = new Set<OpenPass>();
  #isWatching = false;

  constructor(
    clock: Clock,
    limitMs: number,
    run: { stop: AbortSignal; graceOver: AbortSignal; ended: AbortSignal },
  ) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#run = run;
    const once = { once: true, signal: run.ended };
    run.stop.addEventListener('abort', this.#stopWaits, once);
    run.graceOver.addEventListener('abort', this.#stopRequests, once);
  }

  begin(): LimitedPass {
    const waits = new AbortController();
    const sends = new AbortController();
    const deadlineMonotonicMs = this.#clock.monotonicMs() + this.#limitMs;
    const pass: OpenPass = {
      waits,
      sends,
      waiting: withDeadline(waits.signal, deadlineMonotonicMs),
      requests: withDeadline(sends.signal, deadlineMonotonicMs),
      deadlineMonotonicMs,
      overdue: undefined,
    };
    const { stop, graceOver } = this.#run;
    if (stop.aborted) waits.abort(stop.reason);
    if (graceOver.aborted) sends.abort(graceOver.reason);
    this.#open.add(pass);
    if (!this.#isWatching) void this.#watch();
    return pass;
  }

  end(pass: LimitedPass): void {
    this.#open.delete(pass as OpenPass);
  }

  /** Sleeps until the oldest pass is overdue, as long as there is one at each awakening. */
  async #watch(): Promise<void> {
    this.#isWatching = true;
    try {
      for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
        const leftMs = oldest.deadlineMonotonicMs - this.#clock.monotonicMs();
        if (leftMs <= 0) this.#expire(oldest);
        else await this.#clock.sleep(leftMs, this.#run.ended);
      }
    } catch {
      // The run is over.
    } finally {
      this.#isWatching = false;
    }
  }

  #oldest(): OpenPass | undefined {
    return this.#open.values().next().value;
  }

  #expire(pass: OpenPass): void {
    this.#open.delete(pass);
    pass.overdue = timedOut(this.#limitMs);
    pass.waits.abort(pass.overdue);
    pass.sends.abort(pass.overdue);
  }

  readonly #stopWaits = (): void => {
    for (const { waits } of this.#open) waits.abort(this.#run.stop.reason);
  };

  readonly #stopRequests = (): void => {
    for (const { sends } of this.#open) sends.abort(this.#run.graceOver.reason);
  };
}

function timedOut(limitMs: number): RemedyError {
  return new RemedyError('TIMEOUT', `not finished within ${limitMs / 1000} s`, {
    hint: `Give each signal more time with ${optionName('signalTimeout')}.`,
  });
}
