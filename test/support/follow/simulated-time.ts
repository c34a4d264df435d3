import type { Clock } from '../../../src/time/clock.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

/**
 * A clock on which days pass in seconds, while what is done meanwhile is real: time goes on only when nothing is at work,
 * and then at once to when somebody wakes next.
 */
export class SimulatedTime implements Clock {
  readonly #mock: MockClock;
  readonly #due = new Set<{ atMs: number }>();
  readonly #plans: { atMs: number; act: () => void | Promise<void> }[] = [];
  #atWork = 0;

  constructor(startMs: number) {
    this.#mock = new MockClock(startMs);
  }

  now(): number {
    return this.#mock.now();
  }

  monotonicMs(): number {
    return this.#mock.monotonicMs();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const sleeper = { atMs: this.monotonicMs() + ms };
    this.#due.add(sleeper);
    try {
      await this.#mock.sleep(ms, signal);
    } finally {
      this.#due.delete(sleeper);
    }
  }

  /** Time stands still until it has settled. */
  async work<T>(doing: () => Promise<T>): Promise<T> {
    this.#atWork += 1;
    try {
      return await doing();
    } finally {
      this.#atWork -= 1;
    }
  }

  /** The same for a store that no other process writes to: its looking for those would take every 25 ms of a day. */
  get ofLoneStore(): Clock {
    const pollMs = 25;
    return {
      now: () => this.now(),
      monotonicMs: () => this.monotonicMs(),
      sleep: (ms, signal) => (ms === pollMs ? untilAborted(signal) : this.sleep(ms, signal)),
    };
  }

  /** `atMs`: monotonic. */
  plan(atMs: number, act: () => void | Promise<void>): void {
    this.#plans.push({ atMs, act });
    this.#plans.sort((one, other) => one.atMs - other.atMs);
  }

  /** Lets time pass until then, or until it is over. */
  async pass(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    for (;;) {
      await this.quiet();
      if (isOver() || this.monotonicMs() >= untilMs) return;
      const nextMs = Math.min(untilMs, this.#plans[0]?.atMs ?? untilMs, this.#nextWakeMs());
      await this.#mock.advance(nextMs - this.monotonicMs());
      while ((this.#plans[0]?.atMs ?? Infinity) <= this.monotonicMs()) await this.#plans.shift()?.act();
    }
  }

  /** Nothing is at work, and no file is being written. */
  async quiet(): Promise<void> {
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#atWork > 0 || isFileAtWork()) rounds = -1;
    }
  }

  #nextWakeMs(): number {
    let nextMs = Infinity;
    for (const { atMs } of this.#due) nextMs = Math.min(nextMs, atMs);
    return nextMs;
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('awake', 'AbortError'));
    });
  });
}

function isFileAtWork(): boolean {
  return process.getActiveResourcesInfo().some((name) => /^(?:FSReq|CloseReq)/.test(name));
}
