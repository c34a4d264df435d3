/**
 * Writes of one process, one after the other, in transactions shared by all that arrive in the same turn of
 * the event loop (group commit).
 *
 * Guarantees: a job's promise resolves only after the COMMIT that makes its changes durable; jobs run in the
 * order of submission; a job that throws a Refusal changes nothing and does not disturb the others (jobs refuse
 * before their first change); when the commit fails, every job of it rejects and nothing of it is kept.
 * Not guaranteed: order between processes.
 */
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { Refusal } from './answer.ts';
import type { ObjectTable } from './object-table.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { isBusy, storeError } from './store-errors.ts';
import { WriteTransaction } from './write-transaction.ts';

export type WriteJob<T> = (transaction: WriteTransaction) => T;

interface QueuedJob {
  run: WriteJob<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  signal: AbortSignal | undefined;
}

interface Settled {
  job: QueuedJob;
  outcome: { value: unknown } | { refusal: unknown };
}

export interface WriteQueueOptions {
  database: SqliteDatabase;
  table: ObjectTable;
  clock: Clock;
  random: Random;
  directory: string;
  /** Called after each commit that changed something. */
  onCommit: (changes: number) => void;
}

const longestWaitMs = 15_000;
const jobsPerCommit = 256;

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #waiting: QueuedJob[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** @throws what the job throws; STORE_FULL, STORE_BUSY and the like; the signal's reason if it aborts first */
  submit<T>(run: WriteJob<T>, signal?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ run, resolve: resolve as (value: unknown) => void, reject, signal });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything submitted so far has been answered. */
  async idle(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    try {
      await endOfTurn();
      while (this.#waiting.length > 0) await this.#commitSome();
    } finally {
      this.#draining = undefined;
    }
  }

  async #commitSome(): Promise<void> {
    const blocked = await this.#begin();
    const jobs = this.#takeJobs();
    if (blocked !== undefined) {
      for (const job of jobs) job.reject(blocked);
      return;
    }
    this.#runAndCommit(jobs);
    if (this.#waiting.length > 0) await endOfTurn();
  }

  #takeJobs(): QueuedJob[] {
    const jobs: QueuedJob[] = [];
    for (const job of this.#waiting.splice(0, jobsPerCommit)) {
      if (job.signal?.aborted === true) job.reject(job.signal.reason);
      else jobs.push(job);
    }
    return jobs;
  }

  /** Waits for the lock without blocking the event loop; the error is why it could not be had. */
  async #begin(): Promise<unknown> {
    const { clock, random, database, directory } = this.#options;
    const start = clock.monotonicMs();
    for (;;) {
      try {
        database.exec('BEGIN IMMEDIATE');
        return undefined;
      } catch (error) {
        if (!isBusy(error) || clock.monotonicMs() - start > longestWaitMs)
          return storeError(error, directory);
      }
      await clock.sleep(1 + random.next() * 9);
    }
  }

  #runAndCommit(jobs: QueuedJob[]): void {
    const { database, table, directory, onCommit } = this.#options;
    const settled: Settled[] = [];
    let changes = 0;
    try {
      const transaction = new WriteTransaction(table);
      for (const job of jobs) settled.push({ job, outcome: outcomeOf(job, transaction) });
      changes = transaction.changes;
      database.exec('COMMIT');
    } catch (error) {
      rollBack(database);
      const failure = storeError(error, directory);
      for (const job of jobs) job.reject(failure);
      return;
    }
    for (const { job, outcome } of settled) {
      if ('value' in outcome) job.resolve(outcome.value);
      else job.reject(outcome.refusal);
    }
    if (changes > 0) onCommit(changes);
  }
}

function outcomeOf(job: QueuedJob, transaction: WriteTransaction): Settled['outcome'] {
  try {
    return { value: job.run(transaction) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

/** SQLite has already rolled back by itself after some failures, and says so by an error here. */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    return;
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
