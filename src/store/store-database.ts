/** The store's database: its file, its tables, and how it is opened. */
import { openDatabaseFile, type OpenedDatabase } from '../sqlite/database-file.ts';
import type { SqliteDatabase } from '../sqlite/sqlite.ts';
import { storeRowChecks } from './row-checks.ts';

export const databaseFileName = 'store.db';

/**
 * The tables of the store, for `migrate`.
 *
 * `obj` holds the objects of today. `log` is the history of changes, its key the resourceVersion of each: `before`
 * is the object as it was before the change (null when it was created), so that every version of an object is
 * kept once, an old state can be read back from the newest, and trimming from the old end loses nothing newer;
 * of a deletion `after` is the last state with the resourceVersion of the deletion. `size` adds up the bytes
 * that the log has ever taken. `setting` holds `floor`: the newest resourceVersion that was trimmed.
 */
export const storeSteps: readonly string[] = [
  `CREATE TABLE obj (
     id INTEGER PRIMARY KEY,
     res TEXT NOT NULL,
     ns TEXT NOT NULL,
     name TEXT NOT NULL,
     rv INTEGER NOT NULL,
     fp TEXT GENERATED ALWAYS AS (json_extract(body, '$.spec.signalFingerprint')) VIRTUAL,
     body TEXT NOT NULL,
     UNIQUE (res, ns, name)
   );
   CREATE INDEX obj_fingerprint ON obj (res, ns, fp) WHERE fp IS NOT NULL;
   CREATE TABLE log (
     rv INTEGER PRIMARY KEY AUTOINCREMENT,
     res TEXT NOT NULL,
     ns TEXT NOT NULL,
     name TEXT NOT NULL,
     type TEXT NOT NULL,
     size INTEGER NOT NULL,
     before TEXT,
     after TEXT
   );
   CREATE INDEX log_object ON log (res, ns, name, rv);
   CREATE TABLE setting (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
   INSERT INTO setting VALUES ('floor', 0);`,
];

export const schemaVersion = storeSteps.length;

/** Errors: those of `openDatabaseFile`. `onCreate` fills a store that is new, in the transaction that makes its tables. */
export async function openDatabase(
  directory: string,
  onCreate: (database: SqliteDatabase) => void,
): Promise<OpenedDatabase> {
  return openDatabaseFile(directory, {
    name: databaseFileName,
    steps: storeSteps,
    rowChecks: storeRowChecks,
    onCreate,
  });
}
