import type { ArrangedStep, JournalEntry } from '../../plan-run/journal-entry.ts';
import { RunProgress } from '../../plan-run/run-progress.ts';
import type { RunTeller } from '../../plan-run/run-teller.ts';
import type { Notices } from '../notices.ts';

/** One line for each action that has ended, and for each wait. */
export class LineTeller implements RunTeller {
  readonly #notices: Notices;
  readonly #progress: RunProgress;

  constructor(notices: Notices, steps: readonly ArrangedStep[], entries: readonly JournalEntry[]) {
    this.#notices = notices;
    this.#progress = new RunProgress(steps, entries);
  }

  entry(entry: JournalEntry): void {
    this.#progress.apply(entry);
    if (entry.kind !== 'settled') return;
    const { type } = this.#progress.of(entry.action).action;
    const why = entry.error === undefined ? '' : `: ${entry.error.message}`;
    this.#notices.say(`${entry.action} ${type}: ${entry.outcome}${why}`);
    if (entry.error?.hint !== undefined) this.#notices.say(`  hint: ${entry.error.hint}`);
  }

  wait(index: number, waitMs: number, why: string, tries?: { attempt: number; most: number }): void {
    const which = tries === undefined ? '' : `attempt ${tries.attempt} of ${tries.most} failed: `;
    this.#notices.say(`${index}: ${which}${why}; next attempt in ${Math.round(waitMs / 100) / 10} s`);
  }

  aside<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  end(): void {
    // each line was said in its time
  }
}
