/** The directory, the database file in it, and the way both are opened. */
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { LockPatience } from './lock-patience.ts';
import { migrate, readSchemaVersion, storeSteps } from './migrations.ts';
import { openSqlite, type SqliteDatabase } from './sqlite.ts';
import { isBusy, storeError } from './store-errors.ts';
import { rollBack } from './write-queue.ts';

export const databaseFileName = 'store.db';

/** Blocks this process at most this long for another one's lock; the write queue waits on without blocking. */
const shortBusyMs = 20;
/** Opening, importing and resetting wait without the event loop, in steps of this. */
const longBusyMs = 250;
const cacheKibibytes = 4096;
const walPages = 1000;

export interface OpenedDatabase {
  database: SqliteDatabase;
  file: string;
  /** Nothing was there before. */
  isNew: boolean;
}

/**
 * @throws STORE_UNAVAILABLE, STORE_READ_ONLY, STORE_FULL, STORE_CORRUPT, STORE_TOO_NEW, STORE_BUSY; whatever
 * is in the directory stays as it is then
 */
export async function openDatabase(
  directory: string,
  onCreate: (database: SqliteDatabase) => void,
): Promise<OpenedDatabase> {
  return openDatabaseFile(directory, { name: databaseFileName, steps: storeSteps, onCreate });
}

export interface DatabaseFile {
  name: string;
  /** As for `migrate`. */
  steps: readonly string[];
  /** Runs in the transaction that makes its tables. */
  onCreate?: (database: SqliteDatabase) => void;
}

/**
 * Opens one of the databases of the store's directory, durably written (WAL, FULL) and readable by its owner alone,
 * and brings it to this version in one transaction. Errors: as `openDatabase`.
 */
export async function openDatabaseFile(
  directory: string,
  { name, steps, onCreate }: DatabaseFile,
): Promise<OpenedDatabase> {
  const file = path.join(directory, name);
  let database: SqliteDatabase | undefined;
  try {
    makeDirectory(directory);
    const opened = await openSqlite(file);
    database = opened;
    setUp(opened, file);
    // most often there is nothing to do, and no lock to wait for
    if (readSchemaVersion(opened) === steps.length) return { database, file, isNew: false };
    const found = inTransaction(opened, () => {
      const before = migrate(opened, { file, steps });
      if (before === 0) onCreate?.(opened);
      return before;
    });
    return { database, file, isNew: found === 0 };
  } catch (error) {
    database?.close();
    throw storeError(error, directory);
  }
}

/**
 * Not by mkdir's own `recursive`: where a file system answers ENOENT in a folder that is there (as /proc, and
 * automounters), Node tries for ever.
 */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) {
    if (statSync(directory).isDirectory()) return;
    throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
  }
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
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
