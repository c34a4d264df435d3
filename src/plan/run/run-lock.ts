/**
 * One process at a time works on a plan, told by its hash.
 *
 * The lock is a file lock of the operating system (an exclusive SQLite transaction on an empty file), so a process
 * that is killed leaves none behind. It holds among processes of one machine, or that see one directory by a file
 * system with working locks; across machines a lease of the cluster has to.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openSqlite, type SqliteDatabase } from '../../store/sqlite.ts';
import { isBusy, storeError } from '../../store/store-errors.ts';

const folder = 'plan-locks';

export interface RunLock {
  release(): void;
}

/** Undefined while another one has it. Errors: those of the embedded store. */
export async function lockPlan(directory: string, hash: string): Promise<RunLock | undefined> {
  let database: SqliteDatabase | undefined;
  try {
    // the store's directory itself is made with the journal, before this
    mkdirSync(path.join(directory, folder), { mode: 0o700, recursive: true });
    database = await openSqlite(path.join(directory, folder, `${hash.slice(0, 32)}.lock`));
    const opened = database;
    opened.exec('PRAGMA busy_timeout = 0');
    opened.exec('BEGIN EXCLUSIVE');
    return {
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
