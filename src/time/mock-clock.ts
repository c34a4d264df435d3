import type { Clock } from './clock.ts';

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

/** 2026-08-22T12:00:00Z */
const defaultStartMs = Date.UTC(2026, 7, 22, 12);

/**
 * A clock that stands still until it is told to advance.
 *
 * Guarantees: sleepers wake in the order of their due times, those due at the same time in the order in
 * which they went to sleep; while one wakes the clock reads exactly its due time; all promise callbacks,
 * `process.nextTick` and one round of the event loop pass between two wake-ups, so a chain of sleeps runs
 * through within one `advance`.
 * Non-guarantee: real input and output that takes more than one round of the event loop (sockets, `fs`
 * promises, `import()`) is not waited for; let it finish before advancing, or use `runUntil`.
 */
export class MockClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** `startMs`: the wall clock at the start, milliseconds since the epoch (default 2026-08-22T12:00:00Z). */
  constructor(startMs: number = defaultStartMs) {
    this.#wallMs = startMs;
  }

  now(): number {
    return this.#wallMs + this.#elapsedMs;
  }

  /** Begins at 0. */
  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** How many are asleep. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (!(ms > 0)) {
        resolve();
        return;
      }
      const forget = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        forget();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the contract is to reject with the signal's own reason
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        dueMs: this.#elapsedMs + ms,
        wake: () => {
          forget();
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Moves both clocks on by `ms`, waking everyone who is due on the way. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.#elapsedMs + Math.max(0, ms);
    await settleCallbacks();
    for (let next = this.#next(); next !== undefined && next.dueMs <= targetMs; next = this.#next()) {
      await this.#wake(next);
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, targetMs);
    await settleCallbacks();
  }

  /**
   * Wakes sleeper after sleeper until `promise` settles, and hands on its result. With nobody asleep it
   * waits for real input and output.
   */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    const outcome = { settled: false };
    const note = (): void => {
      outcome.settled = true;
    };
    promise.then(note, note);
    await settleCallbacks();
    while (!outcome.settled) {
      const next = this.#next();
      if (next === undefined) await settleCallbacks();
      else await this.#wake(next);
    }
    return promise;
  }

  /** Sets the wall clock forward or back, as an administrator or NTP would; nobody wakes. */
  stepWall(ms: number): void {
    this.#wallMs += ms;
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      // A Set iterates in the order of insertion, so the earlier of two equals stays.
      if (first === undefined || sleeper.dueMs < first.dueMs) first = sleeper;
    }
    return first;
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#elapsedMs = Math.max(this.#elapsedMs, sleeper.dueMs);
    sleeper.wake();
    await settleCallbacks();
  }
}

function settleCallbacks(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
