/**
 * SQLite through the `node:sqlite` API: the one built into Node where it needs no flag (22.13 and later),
 * elsewhere @photostructure/sqlite, which has the same API. Typed here because the types of Node 20 do not
 * know it.
 *
 * Not guaranteed: that close() lets go of the files at once. The package cannot end a statement, so there they
 * stay open, with SQLite's shared lock, until the statements are collected or the process ends.
 */
export type SqliteValue = string | number | null;

/** A prepared statement. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { changes: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
  iterate(...values: SqliteValue[]): Iterable<unknown>;
}

/** An open database. Every call blocks. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

interface SqliteModule {
  DatabaseSync: new (path: string) => SqliteDatabase;
}

/** @throws what SQLite throws: store-errors.ts translates it. */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  const sqlite = builtinSqlite() ?? (await import('@photostructure/sqlite'));
  return new sqlite.DatabaseSync(file);
}

/** Node 22 and 23 warn on stderr that the module is experimental when it is first loaded; users need not know. */
function builtinSqlite(): SqliteModule | undefined {
  const emitWarning = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as SqliteModule | undefined;
  } finally {
    if (emitWarning !== undefined) Object.defineProperty(process, 'emitWarning', emitWarning);
  }
}
