import type { Clock } from '../time/clock.ts';
import { NetworkError } from './api-error.ts';

/** An API server sends a bookmark a minute; a watch that brings nothing for this long is taken for dead. */
const silenceLimitMs = 90_000;

/** A watch, or the answer to opening one, did not come in the time in which a living server says something. */
export class SilentWatch extends NetworkError {
  constructor() {
    super('TIMEOUT', `the watch brought nothing for ${silenceLimitMs / 1000} s, not even a bookmark`);
  }
}

/** Ends one watch when it is silent for too long; to be ended itself. It listens from the beginning. */
export class SilenceGuard {
  /** Aborts with the run's signal, and when the watch has been silent. */
  readonly signal: AbortSignal;
  /** Set once it has been. */
  silence: SilentWatch | undefined;
  readonly #clock: Clock;
  readonly #silent = new AbortController();
  readonly #over = new AbortController();
  /** Since when something is waited for; undefined while the reader has what came. */
  #sinceMs: number | undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.signal = AbortSignal.any([signal, this.#silent.signal]);
    this.listen();
    this.#watchOver().catch(() => undefined);
  }

  /** From now on silence counts. */
  listen(): void {
    this.#sinceMs = this.#clock.monotonicMs();
  }

  rest(): void {
    this.#sinceMs = undefined;
  }

  end(): void {
    this.#over.abort();
  }

  /** One timer, however many events there are. Rejects when it is over. */
  async #watchOver(): Promise<void> {
    let waitMs = silenceLimitMs;
    while (waitMs > 0) {
      await this.#clock.sleep(waitMs, this.#over.signal);
      const listenedMs = this.#sinceMs === undefined ? 0 : this.#clock.monotonicMs() - this.#sinceMs;
      waitMs = silenceLimitMs - listenedMs;
    }
    this.silence = new SilentWatch();
    this.#silent.abort(this.silence);
  }
}
