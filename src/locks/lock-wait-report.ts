import type { LockContention } from '../lease/lock-contention.ts';
import { shortestToldMs, waitingText } from '../lease/lock-notes.ts';
import type { Notes, Progress } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';

interface WaitGround {
  clock: Clock;
  notes: Pick<Notes, 'say'>;
  /** Counts down on a terminal; default: nobody looks at one. */
  progress?: Pick<Progress, 'start' | 'stop' | 'hold'> | undefined;
}

/** Tells of the wait for one lock: who has it until when, and when the wait is given up; anew for each new holder. */
export class LockWaitReport {
  readonly #ground: WaitGround;
  readonly #givesUpAtMs: number;
  readonly #startedMs: number;
  #holder: string | undefined;

  /** `waitMs`: how long the lock is waited for in all, milliseconds. */
  constructor(ground: WaitGround, waitMs: number) {
    this.#ground = ground;
    this.#startedMs = ground.clock.monotonicMs();
    this.#givesUpAtMs = this.#startedMs + waitMs;
  }

  /** To be called before each wait with how long it will be. */
  readonly waits = (waitMs: number, contention: LockContention): void => {
    const { clock, notes, progress } = this.#ground;
    const waitedMs = clock.monotonicMs() + waitMs - this.#startedMs;
    if (waitedMs < shortestToldMs || this.#givesUpAtMs - this.#startedMs < shortestToldMs) return;
    const text = (): string => waitingText(contention, `in ${this.#left()}`);
    progress?.hold(text);
    const { holder = '' } = contention;
    if (this.#holder === holder) return;
    this.#holder = holder;
    notes.say(text());
  };

  #left(): string {
    return secondsText(this.#givesUpAtMs - this.#ground.clock.monotonicMs());
  }
}

/** Whole seconds, rounded up: `1m30s`. */
export function secondsText(ms: number): string {
  return formatDuration(Math.ceil(Math.max(0, ms) / 1_000) * 1_000);
}
