/**
 * Logins that other programs keep on this machine, as a last resort: read, never written, and whatever their mode, for
 * refusing to read a file that others can read hides nothing from them.
 */
import { open } from 'node:fs/promises';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { openWithoutWaiting } from '../files/open-fifo.ts';
import { asObject, parseJson, textIn, type JsonObject } from './json-fields.ts';
import { Secret } from './secret.ts';

/** Where logins are looked for. */
export interface LoginHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder, absolute. */
  readonly home: string;
  readonly cwd: string;
  /** The wall clock, in milliseconds. */
  readonly nowMs: number;
}

/** What such a file holds. */
export interface LoginFile {
  readonly file: string;
  readonly fields: JsonObject;
  /** Others than its owner may read it. */
  readonly isShared: boolean;
}

const longest = 1024 * 1024;

/**
 * Undefined where there is no such file, or nothing in it. Errors: CREDENTIALS_FAILED for one that cannot be read or is
 * no mapping in JSON; nothing of its text is said.
 */
export async function readLoginFile(file: string): Promise<LoginFile | undefined> {
  const read = await textOf(file);
  if (read === undefined || read.text.trim() === '') return undefined;
  const fields = asObject(parseJson(read.text));
  if (fields === undefined) throw unusableLogin(file, 'is no JSON that can be understood');
  return { file, fields, isShared: (read.mode & 0o077) !== 0 && process.platform !== 'win32' };
}

/** The credential in a field; an empty one is none. Errors: CREDENTIALS_FAILED for what no header can carry. */
export function secretIn({ file, fields }: LoginFile, key: string): Secret | undefined {
  const text = textIn(fields, key);
  if (text === undefined || text === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(text)) throw unusableLogin(file, `has characters in ${key} that no token has`);
  return new Secret(text);
}

/** The refusal of a login that is there. */
export function unusableLogin(file: string, problem: string, hint?: string, cause?: unknown): RemedyError {
  return new RemedyError('CREDENTIALS_FAILED', `the login in ${file} ${problem}`, { hint, cause });
}

async function textOf(file: string): Promise<{ text: string; mode: number } | undefined> {
  try {
    const handle = await open(file, openWithoutWaiting);
    try {
      const facts = await handle.stat();
      if (!facts.isFile() || facts.size > longest) throw new Error('it is no file of a login');
      return { text: await handle.readFile('utf8'), mode: facts.mode };
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unusableLogin(file, `cannot be read: ${messageOf(cause)}`, undefined, cause);
  }
}
