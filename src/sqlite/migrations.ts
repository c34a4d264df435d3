import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { DamageError } from './damage-error.ts';
import type { SqliteDatabase } from './sqlite.ts';

/** 0 for a new database. */
export function readSchemaVersion(database: SqliteDatabase): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

/**
 * Every step brings a database from the version that is its index to the next one; `PRAGMA user_version` holds the
 * version. Steps that were released are never changed, only followed by another. Runs inside the caller's write
 * transaction; returns the version found.
 * @throws DamageError for a database that lacks its version; STORE_TOO_NEW when a newer remedyctl wrote the database; nothing is touched then
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
      hint: `Use the newer remedyctl that wrote it, or another directory with ${optionName('store')}.`,
      details: { file, found, known },
    });
  }
  if (found === 0 && hasTables(database)) throw new DamageError('it holds tables, and no schema version');
  for (const step of steps.slice(found)) database.exec(step);
  if (found < known) database.exec(`PRAGMA user_version = ${known}`);
  return found;
}

function hasTables(database: SqliteDatabase): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;
}
