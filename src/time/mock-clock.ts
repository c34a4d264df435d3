import type { Clock } from './clock.ts';
import { SleeperQueue } from './sleeper-queue.ts';
import type { Sleeper } from './sleeper-queue.ts';

/** 2026-08-22T12:00:00Z */
const defaultStartMs = Date.UTC(2026, 7, 22, 12);

interface MockClockOptions {
  /**
   * What passes between two wake-ups. `events` (default): all promise callbacks, `process.nextTick` and one round
   * of the event loop. `promises`: promise callbacks and `process.nextTick` alone, for work that touches no input or
   * output; many times cheaper, and while it runs nothing else of the process does.
   */
  settle?: 'events' | 'promises';
  /** With it a long run lets go of the event loop now and then, and `runUntil` ends with its reason once it aborts. */
  signal?: AbortSignal | undefined;
}

/** Wake-ups between two looks at the signal: some ten milliseconds. */
const wakesBetweenLooks = 4096;

/**
 * A clock that stands still until it is told to advance.
 *
 * Guarantees: sleepers wake in the order of their due times, those due at the same time in the order in
 * which they went to sleep; while one wakes the clock reads exactly its due time; all promise callbacks,
 * `process.nextTick` and one round of the event loop pass between two wake-ups (unless told otherwise), so a
 * chain of sleeps runs through within one `advance`. A wake-up costs a logarithm of the number of sleepers.
 * Non-guarantee: real input and output that takes more than one round of the event loop (sockets, `fs`
 * promises, `import()`) is not waited for; let it finish before advancing, or use `runUntil`.
 */
export class MockClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  readonly #sleepers = new SleeperQueue();
  readonly #settle: () => Promise<void>;
  readonly #signal: AbortSignal | undefined;
  #wakes = 0;

  /** `startMs`: the wall clock at the start, milliseconds since the epoch (default 2026-08-22T12:00:00Z). */
  constructor(startMs: number = defaultStartMs, { settle = 'events', signal }: MockClockOptions = {}) {
    this.#wallMs = startMs;
    this.#signal = signal;
    this.#settle = settle === 'events' ? settleEvents : settlePromises;
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
    await this.#settle();
    for (
      let next = this.#sleepers.first();
      next !== undefined && next.dueMs <= targetMs;
      next = this.#sleepers.first()
    ) {
      await this.#wake(next);
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, targetMs);
    await this.#settle();
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
    await this.#settle();
    while (!outcome.settled) {
      const next = this.#sleepers.first();
      if (next === undefined) await settleEvents();
      else await this.#wake(next);
      if (this.#signal !== undefined && ++this.#wakes % wakesBetweenLooks === 0)
        await this.#look(this.#signal);
    }
    return promise;
  }

  /** Sets the wall clock forward or back, as an administrator or NTP would; nobody wakes. */
  stepWall(ms: number): void {
    this.#wallMs += ms;
  }

  async #look(signal: AbortSignal): Promise<void> {
    await settleEvents();
    signal.throwIfAborted();
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    this.#elapsedMs = Math.max(this.#elapsedMs, sleeper.dueMs);
    sleeper.wake();
    await this.#settle();
  }
}

function settleEvents(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Node.js runs what nextTick holds only once no promise callback is left. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}
