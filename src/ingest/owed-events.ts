/**
 * Events that a watch owes us, because the server has answered the writes that make them, and when they are overdue.
 *
 * What counts is not the time, in which a process that gets no processor reads nothing, but rounds of the event loop:
 * each begins with a pause and ends once the loop has read its sockets. An event is overdue after a second's worth of
 * rounds in which its watch brought nothing at all, or ten seconds' worth of those in which it brought others.
 */
import type { Clock } from '../time/clock.ts';

const roundMs = 100;
const quietRounds = 10;
const longestRounds = 100;

interface OwedEvent {
  onEnd: (isOverdue: boolean) => void;
  rounds: number;
  quiet: number;
}

/** The events that one watch owes, each under a key of its own. */
export class OwedEvents {
  readonly #clock: Clock;
  readonly #events = new Map<string, OwedEvent>();
  #isHeard = false;
  #counting: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * From now on; what was owed under the key before is forgotten. `onEnd` is called at most once: where the event is
   * overdue, and where none is expected any more.
   */
  expect(key: string, onEnd: (isOverdue: boolean) => void): void {
    this.#events.set(key, { onEnd, rounds: 0, quiet: 0 });
    if (this.#counting !== undefined) return;
    this.#counting = new AbortController();
    void this.#count(this.#counting.signal);
  }

  /** It has come, or nobody waits for it any more. */
  forget(key: string): void {
    this.#events.delete(key);
  }

  /** The watch has brought something. */
  heard(): void {
    this.#isHeard = true;
  }

  /** The watch is no more. */
  clear(): void {
    this.#counting?.abort(noneLeft);
    this.#counting = undefined;
    const events = [...this.#events.values()];
    this.#events.clear();
    for (const { onEnd } of events) onEnd(false);
  }

  async #count(stop: AbortSignal): Promise<void> {
    try {
      while (this.#events.size > 0) {
        await this.#clock.sleep(roundMs, stop);
        await socketsRead();
        if (stop.aborted) return;
        this.#endRound();
      }
      this.#counting = undefined;
    } catch (thrown) {
      if (thrown !== noneLeft) throw thrown;
    }
  }

  #endRound(): void {
    const isHeard = this.#isHeard;
    this.#isHeard = false;
    for (const [key, event] of this.#events) {
      event.rounds += 1;
      event.quiet = isHeard ? 0 : event.quiet + 1;
      if (event.quiet < quietRounds && event.rounds < longestRounds) continue;
      this.#events.delete(key);
      event.onEnd(true);
    }
  }
}

/** A reason of one's own spares a DOMException with its stack. */
const noneLeft = new Error('nothing is owed');

/** The loop looks at its sockets between its timers and this; what it has read has been handled by then. */
function socketsRead(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
