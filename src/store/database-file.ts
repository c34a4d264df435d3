/** The directory, the database file in it, and the way both are opened. */
import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { migrate } from './migrations.ts';
import { openSqlite, type SqliteDatabase } from './sqlite.ts';
import { isBusy, storeError } from './store-errors.ts';
import { rollBack } from './write-queue.ts';

export const databaseFileName = 'store.db';

/** Blocks this process at most this long for another one's lock; the write queue waits on without blocking. */
const shortBusyMs = 20;
/** Opening, importing and resetting wait in one go. */
const longBusyMs = 15_000;
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
  const { prepared: found, ...opened } = await openDatabaseFile(directory, databaseFileName, (database) => {
    const before = migrate(database, directory);
    if (before === 0) onCreate(database);
    return before;
  });
  return { ...opened, isNew: found === 0 };
}

/**
 * Opens one of the databases of the store's directory, durably written (WAL, FULL) and readable by its owner alone.
 * `prepare` runs in one transaction, and nothing is kept when it throws. Errors: as `openDatabase`.
 */
export async function openDatabaseFile<T>(
  directory: string,
  fileName: string,
  prepare: (database: SqliteDatabase) => T,
): Promise<{ database: SqliteDatabase; file: string; prepared: T }> {
  const file = path.join(directory, fileName);
  let database: SqliteDatabase | undefined;
  try {
    makeDirectory(directory);
    database = await openSqlite(file);
    return { database, file, prepared: prepareFile(database, file, prepare) };
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

function prepareFile<T>(database: SqliteDatabase, file: string, prepare: (database: SqliteDatabase) => T): T {
  database.exec(`PRAGMA busy_timeout = ${longBusyMs}`);
  chmodSync(file, 0o600);
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec(`PRAGMA cache_size = -${cacheKibibytes}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${walPages}`);
  database.exec('PRAGMA temp_store = MEMORY');
  const prepared = inTransaction(database, () => prepare(database));
  database.exec(`PRAGMA busy_timeout = ${shortBusyMs}`);
  return prepared;
}

/** One transaction at once, waiting for the lock in one go. @throws what `run` throws, after a rollback */
export function inTransaction<T>(database: SqliteDatabase, run: () => T): T {
  database.exec(`PRAGMA busy_timeout = ${longBusyMs}`);
  try {
    database.exec('BEGIN IMMEDIATE');
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
