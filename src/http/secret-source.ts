/**
 * Where credentials come from: standard input, an environment variable, a file; never an argument, which every user of
 * the machine can read. What is wrong with one is said without a character of it.
 */
import { open } from 'node:fs/promises';
import { optionName } from '../errors/option-name.ts';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { openWithoutWaiting } from '../files/open-fifo.ts';
import { Secret } from './secret.ts';

/** The names of one credential. */
export interface SecretSource {
  /** The variable that holds it, and its name on standard input: PAGERDUTY_TOKEN. */
  readonly name: string;
  /** A file whose text it is. */
  readonly file?: string | undefined;
  /** The file may be one that the kubelet mounts, whose mode is not its reader's to choose. Default: false. */
  readonly mayBeMounted?: boolean | undefined;
}

/** Where credentials are looked for. */
export interface SecretHost {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By name, as `secretsOfInput` reads them. */
  readonly input?: ReadonlyMap<string, Secret> | undefined;
}

/** Longer texts are no token but the wrong file. */
const longest = 64 * 1024;

/**
 * Standard input, then the variable, then the file; undefined where none of them has it.
 * Errors: CREDENTIALS_FAILED for an empty or unusable one, for a file that others may read.
 */
export async function findSecret(source: SecretSource, host: SecretHost): Promise<Secret | undefined> {
  const given = host.input?.get(source.name);
  if (given !== undefined) return given;
  const variable = host.env[source.name];
  if (variable !== undefined && variable !== '') return usable(variable, source.name);
  return source.file === undefined
    ? undefined
    : usable(
        await privateText(source.file, source.mayBeMounted === true && isMounted(source.file)),
        source.file,
      );
}

/**
 * Credentials as one text, such as all of standard input: one token, which is `only`'s, or lines `NAME=token`.
 * Errors: CREDENTIALS_FAILED for an empty input, several tokens without names, an unknown or repeated name.
 */
export function secretsOfInput(
  text: string,
  names: readonly string[],
  only?: string,
): ReadonlyMap<string, Secret> {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = new Map<string, Secret>();
  const [first] = lines;
  if (first === undefined) throw unusable('standard input', 'is empty');
  if (lines.length === 1 && only !== undefined && nameIn(first, names) === undefined) {
    return found.set(only, usable(first, 'standard input'));
  }
  for (const line of lines) {
    const name = nameIn(line, names);
    if (name === undefined) {
      throw unusable('standard input', `has a line that does not begin with one of ${names.join('=, ')}=`);
    }
    if (found.has(name)) throw unusable('standard input', `has ${name} twice`);
    found.set(name, usable(line.slice(name.length + 1), name));
  }
  return found;
}

function nameIn(line: string, names: readonly string[]): string | undefined {
  return names.find((name) => line.startsWith(`${name}=`));
}

/** Where the kubelet puts tokens. */
function isMounted(path: string): boolean {
  return path.startsWith('/var/run/secrets/') || path.startsWith('/run/secrets/');
}

async function privateText(path: string, isMounted: boolean): Promise<string> {
  let handle;
  try {
    handle = await open(path, openWithoutWaiting);
  } catch (cause) {
    throw unusable(path, `cannot be read: ${messageOf(cause)}`, cause);
  }
  try {
    // of the open file, so that it cannot be another by the time it is read
    const facts = await handle.stat();
    if (!facts.isFile()) throw unusable(path, 'is no file');
    if (!isMounted && (facts.mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw unusable(
        path,
        `can be read by others (mode ${(facts.mode & 0o777).toString(8).padStart(4, '0')})`,
      );
    }
    if (facts.size > longest) throw unusable(path, `has ${facts.size} bytes, which is no token`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function usable(text: string, where: string): Secret {
  const value = text.trim();
  if (value === '') throw unusable(where, 'is empty');
  if (!/^[\x21-\x7e]+$/.test(value)) throw unusable(where, 'holds characters that no token has');
  if (value.length > longest) throw unusable(where, 'is too long for a token');
  return new Secret(value);
}

function unusable(where: string, problem: string, cause?: unknown): RemedyError {
  const hint = problem.startsWith('can be read by others')
    ? `Take it from the others: chmod 600 ${where}`
    : `Give a token by environment variable, by file or with ${optionName('credentials')}.`;
  return new RemedyError('CREDENTIALS_FAILED', `the credential in ${where} ${problem}`, { hint, cause });
}
