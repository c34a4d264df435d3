import { RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import { classifyFailure } from './classify.ts';
import type { Failure, FailureType } from './failure.ts';
import { SlidingCount } from './sliding-count.ts';

/** `closed` lets every request through, `open` none, `half-open` a few to find out. */
export type CircuitState = 'closed' | 'half-open' | 'open';

interface CircuitLimits {
  /** Over how long requests and failures are counted, milliseconds. */
  readonly windowMs: number;
  /** With fewer requests in the window the circuit stays closed. */
  readonly minRequests: number;
  /** The share of failures at which it opens, 0 to 1. */
  readonly failureRatio: number;
  /** How long it stays open, milliseconds. */
  readonly openMs: number;
  /** How many requests are let through half-open, and how many successes close it. */
  readonly probes: number;
}

/** The gateway's: at 10 requests with half of them failed in 10 s; 30 s open; 3 probes. */
export const creationCircuit: CircuitLimits = Object.freeze({
  windowMs: 10_000,
  minRequests: 10,
  failureRatio: 0.5,
  openMs: 30_000,
  probes: 3,
});

/** The breaker let a call not through. Code CIRCUIT_OPEN; the texts and classes are the gateway's. */
export class CircuitOpenError extends RemedyError {
  readonly failureType: FailureType;

  constructor(state: 'open' | 'half-open') {
    super('CIRCUIT_OPEN', state === 'open' ? 'circuit breaker is open' : 'too many requests', {
      hint: 'Too many requests to the API server have failed; it is left alone for a while. Try again later.',
      details: { state },
    });
    this.failureType = state === 'open' ? 'unknown' : 'rate_limited';
  }
}

interface CircuitBreakerOptions {
  readonly clock: Clock;
  readonly limits?: CircuitLimits;
  readonly classify?: (error: unknown) => Failure;
  /** Told every change of state, once. */
  readonly onState?: (state: CircuitState) => void;
}

/**
 * Stops calling an API server that keeps failing.
 *
 * - Only retryable failures count; a refusal (403, 422, …) is an answer like any other.
 * - A cancelled call counts as neither.
 * - Half-open, one failure opens it again; `probes` successes in a row close it. Probes under way count
 *   against the number let through.
 * - A call that began before the last change of state no longer counts when it ends.
 * - Non-guarantee: the window slides in tenths of its length, so up to a tenth of it is forgotten early.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #limits: CircuitLimits;
  readonly #classify: (error: unknown) => Failure;
  readonly #onState: (state: CircuitState) => void;
  readonly #window: SlidingCount;
  #state: CircuitState = 'closed';
  #openedAtMs = 0;
  #probesStarted = 0;
  #probesSucceeded = 0;
  /** Tells calls of the present state from those that began in an earlier one. */
  #generation = 0;

  constructor(options: CircuitBreakerOptions) {
    this.#clock = options.clock;
    this.#limits = options.limits ?? creationCircuit;
    this.#classify = options.classify ?? classifyFailure;
    this.#onState = options.onState ?? (() => undefined);
    this.#window = new SlidingCount(this.#limits.windowMs);
  }

  get state(): CircuitState {
    this.#expireOpen();
    return this.#state;
  }

  /** Runs `operation`, or throws CircuitOpenError without running it. */
  async run<T>(operation: () => Promise<T>): Promise<T> {
    const generation = this.#admit();
    try {
      const result = await operation();
      this.#settle(generation, 'success');
      return result;
    } catch (error) {
      this.#settle(generation, this.#judge(error));
      throw error;
    }
  }

  /** For who has learnt elsewhere that the server answers again: what was counted before says nothing any more. */
  reset(): void {
    if (this.#state === 'closed') this.#window.clear();
    else this.#enter('closed');
  }

  #admit(): number {
    const state = this.state;
    if (state === 'open') throw new CircuitOpenError('open');
    if (state === 'half-open') {
      if (this.#probesStarted >= this.#limits.probes) throw new CircuitOpenError('half-open');
      this.#probesStarted += 1;
    }
    return this.#generation;
  }

  #judge(error: unknown): 'success' | 'failure' | 'cancelled' {
    if (isCancellation(error)) return 'cancelled';
    return this.#classify(error).retryable ? 'failure' : 'success';
  }

  #settle(generation: number, result: 'success' | 'failure' | 'cancelled'): void {
    if (generation !== this.#generation) return;
    if (this.#state === 'half-open') this.#settleProbe(result);
    else if (result !== 'cancelled') this.#count(result);
  }

  #settleProbe(result: 'success' | 'failure' | 'cancelled'): void {
    if (result === 'failure') {
      this.#enter('open');
    } else if (result === 'cancelled') {
      this.#probesStarted -= 1;
    } else {
      this.#probesSucceeded += 1;
      if (this.#probesSucceeded >= this.#limits.probes) this.#enter('closed');
    }
  }

  #count(result: 'success' | 'failure'): void {
    const nowMs = this.#clock.monotonicMs();
    const { total, failed } = this.#window.add(nowMs, result === 'failure');
    const { minRequests, failureRatio } = this.#limits;
    if (total >= minRequests && failed / total >= failureRatio) this.#enter('open');
  }

  #expireOpen(): void {
    if (this.#state === 'open' && this.#clock.monotonicMs() - this.#openedAtMs >= this.#limits.openMs)
      this.#enter('half-open');
  }

  #enter(state: CircuitState): void {
    this.#state = state;
    this.#generation += 1;
    this.#probesStarted = 0;
    this.#probesSucceeded = 0;
    this.#window.clear();
    if (state === 'open') this.#openedAtMs = this.#clock.monotonicMs();
    this.#onState(state);
  }
}

function isCancellation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || (error instanceof RemedyError && error.code === 'ABORTED');
}
