import path from 'node:path';
import { optionName } from '../errors/option-name.ts';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import { DamageError } from './damage-error.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const sqlite = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  mismatch: 20,
  format: 24,
  range: 25,
  notADatabase: 26,
} as const;

/** SQLite's own texts: @photostructure/sqlite gives no code with what fails while rows are read. */
const codeByText: Readonly<Record<string, number>> = {
  'database is locked': sqlite.busy,
  'database table is locked': sqlite.locked,
  'attempt to write a readonly database': sqlite.readOnly,
  'disk I/O error': sqlite.inputOutput,
  'database disk image is malformed': sqlite.corrupt,
  'database or disk is full': sqlite.full,
  'unable to open database file': sqlite.cannotOpen,
  'file is not a database': sqlite.notADatabase,
  'string or blob too big': sqlite.tooBig,
  'datatype mismatch': sqlite.mismatch,
};

/**
 * What statements that are right say when the schema or a row is not what it was: SQLite has only its general code for
 * it, or names the table.
 */
const damageTexts =
  /^(malformed JSON|malformed database schema|no such (table|column|index|function)|table \w+ already exists|index \w+ already exists|(UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed|unknown error|no query solution|Value is too large to be represented|The value of column \d+ is too large)/;

/** The primary result code of an SQLite failure, or undefined when it is none. */
function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || thrown.code !== 'ERR_SQLITE_ERROR')
    return undefined;
  if (damageTexts.test(thrown.message)) return sqlite.corrupt;
  if ('errcode' in thrown && typeof thrown.errcode === 'number') return thrown.errcode & 0xff;
  return codeByText[thrown.message];
}

/** Whether somebody else has the lock of the database. */
export function isBusy(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === sqlite.busy || code === sqlite.locked;
}

interface Explanation {
  code: ErrorCode;
  what: string;
  /** Made when it is said: it may name an option. */
  hint: (file: string) => string;
}

/**
 * The failure of the disk or of SQLite as one of STORE_FULL, STORE_BUSY, STORE_READ_ONLY, STORE_CORRUPT,
 * STORE_UNAVAILABLE; anything else is handed back as it is, because it is a bug.
 */
export function storeError(thrown: unknown, directory: string, file?: string): unknown {
  if (thrown instanceof RemedyError) return thrown;
  const explanation =
    thrown instanceof DamageError ? corrupt : (explainErrno(thrown) ?? explainSqlite(thrown));
  if (explanation === undefined) return thrown;
  const where = file === undefined ? '' : `${path.basename(file)}: `;
  return new RemedyError(
    explanation.code,
    `The store in ${directory} ${explanation.what}: ${where}${messageOf(thrown)}`,
    {
      hint: explanation.hint(file ?? 'FILE'),
      details: { directory, ...(file === undefined ? {} : { file }) },
      cause: thrown,
    },
  );
}

const full: Explanation = {
  code: 'STORE_FULL',
  what: 'has no room left; nothing of this write was kept',
  hint: () => `Free space on its disk, or choose another directory with ${optionName('store')}.`,
};

const readOnly: Explanation = {
  code: 'STORE_READ_ONLY',
  what: 'cannot be written',
  hint: () => `Choose a directory on a writable disk with ${optionName('store')}.`,
};

const noAccess: Explanation = {
  code: 'STORE_UNAVAILABLE',
  what: 'cannot be opened',
  hint: () =>
    `Check who owns the directory and its files, or choose another one with ${optionName('store')}.`,
};

const fileInPlace: Explanation = {
  code: 'STORE_UNAVAILABLE',
  what: 'needs a directory, but a file is in its place',
  hint: () => `Move the file away, or name a directory with ${optionName('store')}.`,
};

const byErrno: Record<string, Explanation> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: readOnly,
  EACCES: noAccess,
  EPERM: noAccess,
  ENOENT: {
    code: 'STORE_UNAVAILABLE',
    what: 'cannot be made: the file system takes no new directory there',
    hint: () => `Choose another directory with ${optionName('store')}.`,
  },
  ENOTDIR: fileInPlace,
  EEXIST: fileInPlace,
};

function explainErrno(thrown: unknown): Explanation | undefined {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? byErrno[code] : undefined;
}

const corrupt: Explanation = {
  code: 'STORE_CORRUPT',
  what: 'holds a damaged database; nothing was deleted',
  hint: (file) =>
    `Move the directory away and go on with a new store; \`sqlite3 ${file} .recover\` may save what it holds.`,
};

const busy: Explanation = {
  code: 'STORE_BUSY',
  what: 'was locked by another process, and none wrote for a minute; nothing was written',
  hint: () => 'Try again; if it persists, look for a stopped process that has its files open.',
};

const bySqliteCode: Record<number, Explanation> = {
  [sqlite.full]: full,
  [sqlite.readOnly]: readOnly,
  [sqlite.permission]: noAccess,
  [sqlite.cannotOpen]: noAccess,
  // also what a full disk gives where no file can be made beside the database
  [sqlite.inputOutput]: {
    code: 'STORE_UNAVAILABLE',
    what: 'failed to read or write its files',
    hint: () => 'Check that its disk has room and answers, and who owns the directory and its files.',
  },
  [sqlite.corrupt]: corrupt,
  [sqlite.notADatabase]: corrupt,
  [sqlite.tooBig]: corrupt,
  [sqlite.constraint]: corrupt,
  [sqlite.mismatch]: corrupt,
  [sqlite.format]: corrupt,
  [sqlite.range]: corrupt,
  [sqlite.busy]: busy,
  [sqlite.locked]: busy,
};

function explainSqlite(thrown: unknown): Explanation | undefined {
  const code = sqliteCode(thrown);
  return code === undefined ? undefined : bySqliteCode[code];
}
