import type { JournalEntry } from './journal-entry.ts';
import type { RunHead } from './journal.ts';

/** A run that begins, or goes on. */
export interface ToldRun {
  readonly run: RunHead;
  /** What earlier processes have written. */
  readonly entries: readonly JournalEntry[];
  /** Aborts when nothing more is begun. */
  readonly stop: AbortSignal;
}

/** Tells whoever looks on how a run goes. */
export interface RunTeller {
  /** Of this run, once it is durable. */
  entry(entry: JournalEntry): void;
  /** An attempt has failed; the next one begins after that time. */
  wait(index: number, waitMs: number, why: string, tries?: { attempt: number; most: number }): void;
  /** Runs `work`, which has the terminal for itself meanwhile. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** The run is over, or nobody works on it any more. */
  end(): void;
}
