import type { Clock } from '../../../src/time/clock.ts';

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

const startMs = Date.UTC(2026, 7, 22, 12);

/**
 * A clock for real sockets: it stands still while a request is under way, moves on by what a server says that its
 * answer takes, and jumps to the next sleeper when nothing else is to be done. So waits are exact and cost nothing.
 */
export class BenchClock implements Clock {
  /** Requests under way, and those that are over. */
  busy = 0;
  finished = 0;
  /** Called once, when that much time has passed. */
  alarm: { afterMs: number; ring: () => void } | undefined;
  #elapsedMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const forget = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        forget();
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        dueMs: this.#elapsedMs + Math.max(0, ms),
        wake: () => {
          forget();
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Time goes by while a server thinks, for as long as somebody waits for it. */
  async pass(ms: number): Promise<void> {
    const targetMs = this.#elapsedMs + ms;
    const before = this.finished;
    for (let next = this.#first(); next !== undefined && next.dueMs <= targetMs; next = this.#first()) {
      await this.#wake(next);
      if (this.finished > before) return;
    }
    await this.#ringUntil(targetMs);
    this.#elapsedMs = Math.max(this.#elapsedMs, targetMs);
  }

  /** The result of what sleeps on this clock. */
  async drive<T>(work: Promise<T>): Promise<T> {
    const end = { isThere: false };
    const note = (): void => {
      end.isThere = true;
    };
    work.then(note, note);
    for (;;) {
      await settle();
      if (end.isThere) return work;
      const next = this.busy === 0 ? this.#first() : undefined;
      if (next !== undefined) await this.#wake(next);
    }
  }

  #first(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const one of this.#sleepers) if (first === undefined || one.dueMs < first.dueMs) first = one;
    return first;
  }

  async #wake(sleeper: Sleeper): Promise<void> {
    await this.#ringUntil(sleeper.dueMs);
    // the alarm may have ended the sleep
    if (!this.#sleepers.has(sleeper)) return;
    this.#elapsedMs = Math.max(this.#elapsedMs, sleeper.dueMs);
    sleeper.wake();
    await settle();
  }

  async #ringUntil(targetMs: number): Promise<void> {
    const { alarm } = this;
    if (alarm === undefined || alarm.afterMs > targetMs) return;
    this.alarm = undefined;
    this.#elapsedMs = Math.max(this.#elapsedMs, alarm.afterMs);
    alarm.ring();
    await settle();
  }
}

/** Everything that does not wait for a socket. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
