/**
 * One process at a time works on a plan, told by its hash.
 *
 * The lock is a file lock of the operating system (an exclusive SQLite transaction on an empty file), so a process
 * that is killed leaves none behind. It holds among processes of one machine, or that see one directory by a file
 * system with working locks; across machines a lease of the cluster has to.
 */
import path from 'node:path';
import { DatabaseFiles } from '../sqlite/database-files.ts';
import { makeDirectory } from '../files/make-directory.ts';
import { openSqlite, type SqliteDatabase } from '../sqlite/sqlite.ts';
import { isBusy, storeError } from '../sqlite/store-errors.ts';

const folder = 'plan-locks';

/** The lock of one plan on this machine, held until `release`. */
export interface RunLock {
  /** @throws STORE_LOST: the file of the lock is gone, so another process may have made it anew and locked that */
  requireHeld(): void;
  release(): void;
}

/** Undefined while another one has it. Errors: those of the embedded store. */
export async function lockPlan(directory: string, hash: string): Promise<RunLock | undefined> {
  let database: SqliteDatabase | undefined;
  try {
    makeDirectory(path.join(directory, folder));
    const file = path.join(directory, folder, `${hash.slice(0, 32)}.lock`);
    database = await openSqlite(file);
    const opened = database;
    opened.exec('PRAGMA busy_timeout = 0');
    opened.exec('BEGIN EXCLUSIVE');
    const files = new DatabaseFiles(file);
    return {
      requireHeld: () => {
        files.requireThere();
      },
      release: () => {
        opened.close();
      },
    };
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    throw storeError(error, directory);
  }
}
