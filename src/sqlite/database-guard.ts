import path from 'node:path';
import { DatabaseFiles } from './database-files.ts';
import { Soundness, type RowChecks } from './soundness.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { storeError } from './store-errors.ts';

/** What stands between an open database and what may happen to its files: loss and damage. */
export class DatabaseGuard {
  readonly file: string;
  readonly #files: DatabaseFiles;
  readonly #soundness: Soundness;

  private constructor(file: string, soundness: Soundness) {
    this.file = file;
    this.#files = new DatabaseFiles(file);
    this.#soundness = soundness;
  }

  /** For a database that holds something. @throws DamageError, and what SQLite throws */
  static ofExisting(database: SqliteDatabase, file: string, checks: RowChecks): DatabaseGuard {
    const soundness = new Soundness(file);
    soundness.require(database, checks);
    return new DatabaseGuard(file, soundness);
  }

  static ofNew(file: string): DatabaseGuard {
    return new DatabaseGuard(file, new Soundness(file));
  }

  /** Before a write, and before an answer to one. @throws STORE_LOST */
  requireThere(): void {
    this.#files.requireThere();
  }

  /** After a commit. @throws STORE_LOST: what was committed is not in the file of this name */
  committed(): void {
    this.#files.requireThere();
    this.#soundness.wrote();
  }

  /** Somebody has deleted everything that is in it: from now on every write fails with what is returned. */
  reset(): Error {
    const how = 'another process has deleted everything in it (store reset)';
    return this.#files.lose(how, 'Do again what should be in the store.');
  }

  /** What was thrown, in the store's words. */
  explain(thrown: unknown): unknown {
    return storeError(thrown, path.dirname(this.file), this.file);
  }

  /**
   * Closes the database. The log is moved into it first, so that what follows (SQLite closes when the last statement
   * is collected) changes the file no more.
   */
  close(database: SqliteDatabase): void {
    try {
      database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      this.#files.requireThere();
      this.#soundness.wrote();
    } catch {
      // what is in the log stays there, and is read by the next one
    }
    database.close();
  }
}
