/** A directory, a database file in it, and the way both are opened. */
import { chmodSync, statSync } from 'node:fs';
import path from 'node:path';
import { DamageError } from './damage-error.ts';
import { DatabaseGuard } from './database-guard.ts';
import { LockPatience } from './lock-patience.ts';
import { makeDirectory } from '../files/make-directory.ts';
import { migrate, readSchemaVersion } from './migrations.ts';
import { hasSeal, type RowChecks } from './soundness.ts';
import { openSqlite, type SqliteDatabase } from './sqlite.ts';
import { isBusy, storeError } from './store-errors.ts';
import { rollBack } from './write-queue.ts';

/** Blocks this process at most this long for another one's lock; the write queue waits on without blocking. */
const shortBusyMs = 20;
/** Opening, importing and resetting wait without the event loop, in steps of this. */
const longBusyMs = 250;
const cacheKibibytes = 4096;
const walPages = 1000;

/** A database that is open, sound and of this version. */
export interface OpenedDatabase {
  database: SqliteDatabase;
  guard: DatabaseGuard;
  /** Nothing was there before. */
  isNew: boolean;
}

/** What a database file is. */
export interface DatabaseFile {
  name: string;
  /** As for `migrate`. */
  steps: readonly string[];
  /** What its rows must be. */
  rowChecks: RowChecks;
  /** Runs in the transaction that makes its tables. */
  onCreate?: (database: SqliteDatabase) => void;
}

/**
 * Opens one of the databases of the store's directory, durably written (WAL, FULL) and readable by its owner alone,
 * and brings it to this version in one transaction.
 * @throws STORE_UNAVAILABLE, STORE_READ_ONLY, STORE_FULL, STORE_CORRUPT, STORE_TOO_NEW, STORE_BUSY; whatever
 * is in the directory stays as it is then
 */
export async function openDatabaseFile(
  directory: string,
  { name, steps, rowChecks, onCreate }: DatabaseFile,
): Promise<OpenedDatabase> {
  const file = path.join(directory, name);
  let database: SqliteDatabase | undefined;
  try {
    makeDirectory(directory);
    requireNotEmptied(file);
    const opened = await openSqlite(file);
    database = opened;
    setUp(opened, file);
    const version = readSchemaVersion(opened);
    if (version < 0) throw new DamageError(`it says to have schema version ${version}`);
    const isKnown = version > 0 && version <= steps.length;
    const checked = isKnown ? DatabaseGuard.ofExisting(opened, file, rowChecks) : undefined;
    // most often there is nothing to do, and no lock to wait for
    if (checked !== undefined && version === steps.length) {
      return { database, guard: checked, isNew: false };
    }
    const found = inTransaction(opened, () => {
      const before = migrate(opened, { file, steps });
      if (before === 0) onCreate?.(opened);
      return before;
    });
    const guard = checked ?? DatabaseGuard.ofNew(file);
    guard.committed();
    return { database, guard, isNew: found === 0 };
  } catch (error) {
    database?.close();
    throw storeError(error, directory, file);
  }
}

/** SQLite takes an empty file for a new database. @throws DamageError */
function requireNotEmptied(file: string): void {
  // the seal first: another process may be making the file, and it is sealed only once there is something in it
  const wasLeft = hasSeal(file);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.size === 0 && wasLeft) throw new DamageError('it is empty, and was not when it was left');
}

function setUp(database: SqliteDatabase, file: string): void {
  database.exec(`PRAGMA busy_timeout = ${longBusyMs}`);
  chmodSync(file, 0o600);
  waitFor(database, 'PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${walPages}`);
  database.exec('PRAGMA temp_store = MEMORY');
  database.exec(`PRAGMA busy_timeout = ${shortBusyMs}`);
}

/** What needs a lock, once the others let go of it. */
function waitFor(database: SqliteDatabase, sql: string): void {
  let patience: LockPatience | undefined;
  for (;;) {
    try {
      database.exec(sql);
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      patience ??= new LockPatience(database);
      if (!patience.lasts(longBusyMs)) throw error;
    }
  }
}

/** One transaction at once, blocking while it waits for the lock. @throws what `run` throws, after a rollback */
export function inTransaction<T>(database: SqliteDatabase, run: () => T): T {
  database.exec(`PRAGMA busy_timeout = ${longBusyMs}`);
  try {
    waitFor(database, 'BEGIN IMMEDIATE');
    const result = run();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (!isBusy(error)) rollBack(database);
    throw error;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${shortBusyMs}`);
  }
}
