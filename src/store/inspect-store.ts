/**
 * What can be told of a store's files without migrating or changing them. Opening a database in WAL mode may move
 * what its log holds into it, as any reader's end does.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { databaseFileName } from './database-file.ts';
import { readSchemaVersion, schemaVersion } from './migrations.ts';
import { openSqlite, type SqliteDatabase } from './sqlite.ts';
import { storeError } from './store-errors.ts';

export interface StoreInspection {
  directory: string;
  file: string;
  schemaVersion: number;
  /** The newest that this program can read. */
  knownSchemaVersion: number;
  /** What `PRAGMA quick_check` has to say; empty where all is well. */
  damages: readonly string[];
  databaseBytes: number;
  walBytes: number;
}

const mostDamages = 20;
const busyMs = 2_000;

/** Whether a database is in the directory. */
export function storeExists(directory: string): boolean {
  return sizeOf(path.join(directory, databaseFileName)) !== undefined;
}

/**
 * Reads the whole database and blocks the thread for as long as that takes. Undefined where there is none.
 * Errors: STORE_UNAVAILABLE, STORE_READ_ONLY, STORE_CORRUPT, STORE_BUSY.
 */
export async function inspectStore(directory: string): Promise<StoreInspection | undefined> {
  const file = path.join(directory, databaseFileName);
  const databaseBytes = sizeOf(file);
  if (databaseBytes === undefined) return undefined;
  const walBytes = sizeOf(`${file}-wal`) ?? 0;
  let database: SqliteDatabase | undefined;
  try {
    database = await openSqlite(file);
    database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    return {
      directory,
      file,
      schemaVersion: readSchemaVersion(database),
      knownSchemaVersion: schemaVersion,
      damages: quickCheck(database),
      databaseBytes,
      walBytes,
    };
  } catch (thrown) {
    throw storeError(thrown, directory);
  } finally {
    database?.close();
  }
}

function quickCheck(database: SqliteDatabase): string[] {
  const rows = database.prepare(`PRAGMA quick_check(${mostDamages})`).all() as { quick_check: string }[];
  return rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
