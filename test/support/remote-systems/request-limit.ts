import { RealClock } from '../../../src/time/real-clock.ts';

export interface RequestLimitOptions {
  /** Requests that a window lets through. */
  readonly limit: number;
  readonly windowMs: number;
  /** Whether answers say when the window ends. Default true. */
  readonly tells?: boolean;
}

/** What a request meets: whether it is let through, and the headers of its answer in either case. */
export interface Admission {
  readonly admitted: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** The allowance of one token, counted in windows, each of which begins with the first request after the last. */
export class RequestLimit {
  readonly #options: RequestLimitOptions;
  readonly #clock = new RealClock();
  #windowEndsAtMs = 0;
  #inWindow = 0;
  #refused = 0;

  constructor(options: RequestLimitOptions) {
    this.#options = options;
  }

  /** How many requests came beyond the limit. */
  get refused(): number {
    return this.#refused;
  }

  admit(): Admission {
    const { limit, windowMs, tells = true } = this.#options;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = nowMs + windowMs;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    const admitted = this.#inWindow <= limit;
    if (!admitted) this.#refused += 1;
    if (!tells) return { admitted, headers: {} };
    const headers = {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(Math.max(0, limit - this.#inWindow)),
      'ratelimit-reset': String(Math.ceil((this.#windowEndsAtMs - nowMs) / 1_000)),
    };
    return { admitted, headers };
  }
}
