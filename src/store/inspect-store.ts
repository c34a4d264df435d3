/**
 * What can be told of a store's files without migrating or changing them. Opening a database in WAL mode may move
 * what its log holds into it, as any reader's end does.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { databaseFileName, schemaVersion } from './store-database.ts';
import { readSchemaVersion } from '../sqlite/migrations.ts';
import { storeRowChecks } from './row-checks.ts';
import { damagesOf } from '../sqlite/soundness.ts';
import { openSqlite, type SqliteDatabase } from '../sqlite/sqlite.ts';
import { storeError } from '../sqlite/store-errors.ts';

/** What can be told of a store's files without changing them. */
export interface StoreInspection {
  directory: string;
  file: string;
  schemaVersion: number;
  /** The newest that this program can read. */
  knownSchemaVersion: number;
  /** Sentences; empty where all is well. The rows are looked at where the schema is this program's. */
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
    const version = readSchemaVersion(database);
    const isReadable = version === schemaVersion;
    return {
      directory,
      file,
      schemaVersion: version,
      knownSchemaVersion: schemaVersion,
      damages: damagesOf(database, isReadable ? storeRowChecks : [], mostDamages),
      databaseBytes,
      walBytes,
    };
  } catch (thrown) {
    throw storeError(thrown, directory, file);
  } finally {
    database?.close();
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}
