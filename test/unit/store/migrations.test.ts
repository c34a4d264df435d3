import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schemaVersion, storeSteps as steps } from '../../../src/store/store-database.ts';
import { migrate } from '../../../src/sqlite/migrations.ts';
import { openSqlite, type SqliteDatabase } from '../../../src/sqlite/sqlite.ts';
import { temporaryDirectory } from './store-under-test.ts';

let directory: string;
let database: SqliteDatabase;
let file: string;

beforeEach(async () => {
  directory = temporaryDirectory();
  file = path.join(directory, 'store.db');
  database = await openSqlite(file);
});

afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The tables as version 1 was released with them; this fixture never changes. */
const versionOne = `
  CREATE TABLE obj (id INTEGER PRIMARY KEY, res TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL,
    rv INTEGER NOT NULL,
    fp TEXT GENERATED ALWAYS AS (json_extract(body, '$.spec.signalFingerprint')) VIRTUAL,
    body TEXT NOT NULL, UNIQUE (res, ns, name));
  CREATE INDEX obj_fingerprint ON obj (res, ns, fp) WHERE fp IS NOT NULL;
  CREATE TABLE log (rv INTEGER PRIMARY KEY AUTOINCREMENT, res TEXT NOT NULL, ns TEXT NOT NULL,
    name TEXT NOT NULL, type TEXT NOT NULL, size INTEGER NOT NULL, before TEXT, after TEXT);
  CREATE INDEX log_object ON log (res, ns, name, rv);
  CREATE TABLE setting (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO setting VALUES ('floor', 7);
  INSERT INTO obj (res, ns, name, rv, body) VALUES ('pods', 'a', 'p', 9, '{}');
  PRAGMA user_version = 1;`;

/** What SQLite keeps of the definitions, spacing aside. */
function shapeOf(from: SqliteDatabase): string[] {
  const rows = from.prepare(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'",
  );
  return (rows.all() as { sql: string }[]).map((row) => row.sql.replaceAll(/\s+/g, '')).sort();
}

describe('migrations', () => {
  it('bring a database of version 1 to the shape of a new one, and keep what it holds', async () => {
    database.exec(versionOne);
    expect(migrate(database, { file, steps })).toBe(1);
    const fresh = await openSqlite(path.join(directory, 'fresh.db'));
    expect(migrate(fresh, { file, steps })).toBe(0);
    expect(shapeOf(database)).toEqual(shapeOf(fresh));
    expect(database.prepare('SELECT name, rv FROM obj').all()).toEqual([{ name: 'p', rv: 9 }]);
    expect(database.prepare('SELECT value FROM setting').get()).toEqual({ value: 7 });
    fresh.close();
  });

  it('leave a database of this version alone', () => {
    migrate(database, { file, steps });
    expect(migrate(database, { file, steps })).toBe(schemaVersion);
  });
});
