import { RemedyError } from '../errors/remedy-error.ts';
import type { SqliteDatabase } from './sqlite.ts';

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

export function readSchemaVersion(database: SqliteDatabase): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/**
 * Every step brings a database from the version that is its index to the next one; `PRAGMA user_version` holds the
 * version. Steps that were released are never changed, only followed by another. Runs inside the caller's write
 * transaction; returns the version found.
 * @throws STORE_TOO_NEW when a newer remedyctl wrote the database; nothing is touched then
 */
export function migrate(
  database: SqliteDatabase,
  { file, steps }: { file: string; steps: readonly string[] },
): number {
  const found = readSchemaVersion(database);
  const known = steps.length;
  if (found > known) {
    const message = `${file} has schema version ${found}, this remedyctl knows versions up to ${known}`;
    throw new RemedyError('STORE_TOO_NEW', message, {
      hint: 'Use the newer remedyctl that wrote it, or another directory with --store.',
      details: { file, found, known },
    });
  }
  for (const step of steps.slice(found)) database.exec(step);
  if (found < known) database.exec(`PRAGMA user_version = ${known}`);
  return found;
}
