/**
 * SQLite through the `node:sqlite` API: the one built into Node where it needs no flag (22.13 and later),
 * elsewhere @photostructure/sqlite, which has the same API and is installed by whoever needs it. Typed here because the
 * types of Node 20 do not know it.
 *
 * Not guaranteed: that close() lets go of the files at once. The package cannot end a statement, so there they
 * stay open, with SQLite's shared lock, until the statements are collected or the process ends.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';

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

/** Which SQLite this process has. */
export interface SqliteInUse {
  /** SQLite's own, as `3.50.4`. */
  version: string;
  from: 'Node.js' | typeof optionalPackage;
}

const optionalPackage = '@photostructure/sqlite';
/** Its version is that of package.json's `peerDependencies`. */
const toInstall = `${optionalPackage}@1`;

/** @throws SQLITE_UNAVAILABLE; what SQLite throws: store-errors.ts translates it. */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  const sqlite = builtinSqlite() ?? (await optionalSqlite());
  return new sqlite.DatabaseSync(file);
}

/** @throws SQLITE_UNAVAILABLE */
export async function sqliteInUse(): Promise<SqliteInUse> {
  const database = await openSqlite(':memory:');
  try {
    const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    return { version, from: builtinSqlite() === undefined ? optionalPackage : 'Node.js' };
  } finally {
    database.close();
  }
}

async function optionalSqlite(): Promise<SqliteModule> {
  try {
    return await import('@photostructure/sqlite');
  } catch (cause) {
    throw sqliteUnavailable(cause);
  }
}

/** It is not there, or it is, and has no native code for this machine. */
export function sqliteUnavailable(cause: unknown): RemedyError {
  const isAbsent = /Cannot find (package|module) '@photostructure\/sqlite'/.test(messageOf(cause));
  const why = isAbsent
    ? `${optionalPackage} is not installed`
    : `${optionalPackage} cannot be loaded: ${messageOf(cause)}`;
  return new RemedyError(
    'SQLITE_UNAVAILABLE',
    `Node.js ${process.version} has no SQLite built in, and ${why}`,
    {
      hint: `Run: npm install --global ${toInstall} (in a project: without --global); or use Node.js 22.13 or later, which needs no package.`,
      details: { node: process.version, package: toInstall, installed: !isAbsent },
      cause,
    },
  );
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
