import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';

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
};

/** The primary result code of an SQLite failure, or undefined when it is none. */
function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || thrown.code !== 'ERR_SQLITE_ERROR')
    return undefined;
  if ('errcode' in thrown && typeof thrown.errcode === 'number') return thrown.errcode & 0xff;
  return codeByText[thrown.message];
}

export function isBusy(thrown: unknown): boolean {
  const code = sqliteCode(thrown);
  return code === sqlite.busy || code === sqlite.locked;
}

interface Explanation {
  code: ErrorCode;
  what: string;
  hint: string;
}

/**
 * The failure of the disk or of SQLite as one of STORE_FULL, STORE_BUSY, STORE_READ_ONLY, STORE_CORRUPT,
 * STORE_UNAVAILABLE; anything else is handed back as it is, because it is a bug.
 */
export function storeError(thrown: unknown, directory: string): unknown {
  if (thrown instanceof RemedyError) return thrown;
  const explanation = explainErrno(thrown) ?? explainSqlite(thrown);
  if (explanation === undefined) return thrown;
  return new RemedyError(
    explanation.code,
    `The store in ${directory} ${explanation.what}: ${messageOf(thrown)}`,
    {
      hint: explanation.hint,
      details: { directory },
      cause: thrown,
    },
  );
}

const full: Explanation = {
  code: 'STORE_FULL',
  what: 'has no room left; nothing of this write was kept',
  hint: 'Free space on its disk, or choose another directory with --store.',
};

const readOnly: Explanation = {
  code: 'STORE_READ_ONLY',
  what: 'cannot be written',
  hint: 'Choose a directory on a writable disk with --store.',
};

const noAccess: Explanation = {
  code: 'STORE_UNAVAILABLE',
  what: 'cannot be opened',
  hint: 'Check who owns the directory and its files, or choose another one with --store.',
};

const fileInPlace: Explanation = {
  code: 'STORE_UNAVAILABLE',
  what: 'needs a directory, but a file is in its place',
  hint: 'Move the file away, or name a directory with --store.',
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
    hint: 'Choose another directory with --store.',
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
  hint: 'Move the directory away and go on with a new store; `sqlite3 FILE .recover` may save what a .db file of it holds.',
};

const busy: Explanation = {
  code: 'STORE_BUSY',
  what: 'was locked by another process, and none wrote for a minute; nothing was written',
  hint: 'Try again; if it persists, look for a stopped process that has its files open.',
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
    hint: 'Check that its disk has room and answers, and who owns the directory and its files.',
  },
  [sqlite.corrupt]: corrupt,
  [sqlite.notADatabase]: corrupt,
  [sqlite.busy]: busy,
  [sqlite.locked]: busy,
};

function explainSqlite(thrown: unknown): Explanation | undefined {
  const code = sqliteCode(thrown);
  return code === undefined ? undefined : bySqliteCode[code];
}
