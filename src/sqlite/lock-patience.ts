import type { SqliteDatabase } from './sqlite.ts';
import { isBusy } from './store-errors.ts';

/** Others that commit nothing for so long are stopped rather than busy; a flush on a disk that is written to heavily takes seconds. */
const longestStandstillMs = 60_000;

/**
 * How long to wait for a lock of the database that others have: while they commit, for as long as that takes, because
 * with many processes on a slow disk everybody's turn comes late; otherwise a minute.
 */
export class LockPatience {
  readonly #database: SqliteDatabase;
  #version: number | undefined;
  #standstillMs = 0;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#version = this.#dataVersion();
  }

  /** Whether to try again after another `waitedMs` in vain. Errors: those of the disk. */
  lasts(waitedMs: number): boolean {
    const version = this.#dataVersion();
    const hasMoved = version !== undefined && version !== this.#version;
    this.#version = version ?? this.#version;
    this.#standstillMs = hasMoved ? 0 : this.#standstillMs + waitedMs;
    return this.#standstillMs < longestStandstillMs;
  }

  /** Changes whenever another connection has committed; undefined while not even reading is possible. */
  #dataVersion(): number | undefined {
    try {
      const row = this.#database.prepare('PRAGMA data_version').get() as { data_version: number };
      return row.data_version;
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    }
  }
}
