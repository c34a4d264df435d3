/**
 * Writes of one process, one after the other, in transactions shared by all that arrive in the same turn of
 * the event loop (group commit).
 *
 * Guarantees: a job's promise resolves only after the COMMIT that makes its changes durable, in files that
 * then still had their names (STORE_LOST otherwise); jobs run in the
 * order of submission; a job that refuses changes nothing and does not disturb the others (jobs refuse
 * before their first change); when the commit fails, every job of it rejects and nothing of it is kept.
 * Not guaranteed: order between processes.
 */
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { DatabaseGuard } from './database-guard.ts';
import { LockPatience } from './lock-patience.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { isBusy } from './store-errors.ts';

/** What is done in a transaction; it must not wait. */
export type WriteJob<Transaction, T> = (transaction: Transaction) => T;

interface QueuedJob<Transaction> {
  run: WriteJob<Transaction, unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  signal: AbortSignal | undefined;
}

type Outcome = { value: unknown } | { refusal: unknown };

interface Settled<Transaction> {
  job: QueuedJob<Transaction>;
  outcome: Outcome;
}

/** What a queue goes by. */
export interface WriteQueueOptions<Transaction> {
  database: SqliteDatabase;
  clock: Clock;
  random: Random;
  /** Asked before each transaction whether the files are still there, and after each commit. */
  guard: Pick<DatabaseGuard, 'requireThere' | 'committed' | 'explain'>;
  /** What the jobs of one transaction work with; called once it has begun. */
  begun: () => Transaction;
  /** Called after each commit. */
  onCommit?: (transaction: Transaction) => void;
  /** Whether what a job threw is its refusal. Default: no job refuses; whatever one throws fails all of its transaction. */
  refuses?: (thrown: unknown) => boolean;
}

const jobsPerCommit = 256;

/** The writes of one process to one database. */
export class WriteQueue<Transaction> {
  readonly #options: WriteQueueOptions<Transaction>;
  readonly #waiting: QueuedJob<Transaction>[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: WriteQueueOptions<Transaction>) {
    this.#options = options;
  }

  /** @throws what the job throws; STORE_FULL, STORE_BUSY and the like; the signal's reason if it aborts first */
  submit<T>(run: WriteJob<Transaction, T>, signal?: AbortSignal): Promise<T> {
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

  #takeJobs(): QueuedJob<Transaction>[] {
    this.#dropAborted();
    return this.#waiting.splice(0, jobsPerCommit);
  }

  #dropAborted(): void {
    for (const job of this.#waiting.splice(0)) {
      if (job.signal?.aborted === true) job.reject(job.signal.reason);
      else this.#waiting.push(job);
    }
  }

  /** Waits for the lock without blocking the event loop; the error is why it could not be had. */
  async #begin(): Promise<unknown> {
    const { clock, random, database, guard } = this.#options;
    let patience: LockPatience | undefined;
    try {
      for (;;) {
        const start = clock.monotonicMs();
        const failure = beginFailure(database);
        if (failure === undefined) return undefined;
        patience ??= new LockPatience(database);
        await clock.sleep(1 + random.next() * 9);
        this.#dropAborted();
        if (this.#waiting.length === 0 || !patience.lasts(clock.monotonicMs() - start)) throw failure;
      }
    } catch (error) {
      return guard.explain(error);
    }
  }

  #runAndCommit(jobs: readonly QueuedJob<Transaction>[]): void {
    const { database, guard, begun, onCommit, refuses } = this.#options;
    const settled: Settled<Transaction>[] = [];
    let transaction: Transaction;
    try {
      guard.requireThere();
      transaction = begun();
      for (const job of jobs) settled.push({ job, outcome: outcomeOf(job, transaction, refuses) });
      database.exec('COMMIT');
      guard.committed();
    } catch (error) {
      rollBack(database);
      const failure = guard.explain(error);
      for (const job of jobs) job.reject(failure);
      return;
    }
    for (const { job, outcome } of settled) {
      if ('value' in outcome) job.resolve(outcome.value);
      else job.reject(outcome.refusal);
    }
    onCommit?.(transaction);
  }
}

/** Begins a transaction; the failure is that others have the lock. */
function beginFailure(database: SqliteDatabase): Error | undefined {
  try {
    database.exec('BEGIN IMMEDIATE');
    return undefined;
  } catch (error) {
    if (error instanceof Error && isBusy(error)) return error;
    throw error;
  }
}

function outcomeOf<Transaction>(
  job: QueuedJob<Transaction>,
  transaction: Transaction,
  refuses: WriteQueueOptions<Transaction>['refuses'],
): Outcome {
  try {
    return { value: job.run(transaction) };
  } catch (error) {
    if (refuses?.(error) === true) return { refusal: error };
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
