import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ByteStream } from './byte-source.ts';
import type { UnreadableDocument } from './source-document.ts';
import { refuse } from './document-failure.ts';
import { expandGlob, GlobError, isGlob } from './glob.ts';

/** Bytes that are no file, such as the answer of a server: read as a file of the same content is. */
export interface NamedInput {
  /** What errors and results call it, as they would a file; never with credentials in it. */
  readonly name: string;
  /**
   * Called once, when its turn comes. What it throws, or its stream later, makes an `unreadable` document: with the
   * code, message and hint of a {@link RemedyError}, else as INPUT_UNREADABLE.
   */
  open(signal?: AbortSignal): Promise<ByteStream>;
}

/** A file, directory or glob, `-` for stdin; or bytes from elsewhere under a name. */
export type DocumentInput = string | NamedInput;

/** Something to open: a path, a stream from elsewhere, or stdin where there is neither. */
export interface InputFile {
  kind: 'file';
  /** As the user wrote it, or made from that: what errors and results call it. */
  name: string;
  /** Absolute; absent for stdin. */
  path?: string;
  stream?: NamedInput;
}

const readable = /\.(json|jsonl|ndjson|yaml|yml)(\.gz)?$/i;
const stdinNames = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** The files behind one argument, in the order in which they are to be read. */
export async function* expandInput(
  input: DocumentInput,
  cwd: string,
): AsyncGenerator<InputFile | UnreadableDocument, void> {
  if (typeof input !== 'string') {
    yield { kind: 'file', name: input.name, stream: input };
    return;
  }
  if (stdinNames.has(input)) {
    yield { kind: 'file', name: input };
    return;
  }
  const stats = await stat(path.resolve(cwd, input)).catch(() => undefined);
  if (stats?.isDirectory() === true) yield* filesIn(input, cwd);
  // What cannot be looked at is left to the one that opens it and can say why.
  else if (stats !== undefined || !isGlob(input)) yield fileAt(input, cwd);
  else yield* matching(input, cwd);
}

function fileAt(name: string, cwd: string): InputFile {
  return { kind: 'file', name, path: path.resolve(cwd, name) };
}

async function* matching(pattern: string, cwd: string): AsyncGenerator<InputFile | UnreadableDocument, void> {
  let names: readonly string[];
  try {
    names = await expandGlob(pattern, cwd);
  } catch (error) {
    if (!(error instanceof GlobError)) throw error;
    yield refuse(
      { file: pattern, document: 0 },
      'INPUT_NOT_FOUND',
      `no such file, and as a pattern it cannot match: ${error.message}`,
    );
    return;
  }
  for (const name of names) yield fileAt(name, cwd);
  if (names.length === 0) {
    yield refuse({ file: pattern, document: 0 }, 'INPUT_NOT_FOUND', 'no file matches this pattern');
  }
}

async function* filesIn(
  directory: string,
  cwd: string,
): AsyncGenerator<InputFile | UnreadableDocument, void> {
  let count = 0;
  for await (const entry of walk(directory, cwd)) {
    count += 1;
    yield entry;
  }
  if (count > 0) return;
  yield refuse(
    { file: directory, document: 0 },
    'EMPTY_INPUT',
    'no .json, .jsonl, .ndjson, .yaml or .yml file in this directory',
    'Files with other names are read when they are named themselves.',
  );
}

/** Depth first, by name; names with a leading dot are left out, as are links to directories (they may loop). */
async function* walk(directory: string, cwd: string): AsyncGenerator<InputFile | UnreadableDocument, void> {
  const absolute = path.resolve(cwd, directory);
  let entries;
  try {
    entries = await readdir(absolute, { withFileTypes: true });
  } catch (error) {
    yield refuseUnopened(directory, error);
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const name = path.join(directory, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) yield* walk(name, cwd);
    else if (readable.test(entry.name) && (await isFile(path.join(absolute, entry.name)))) {
      yield fileAt(name, cwd);
    }
  }
}

async function isFile(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() === true;
}

/** What the file system, or the giver of a named input, had against opening it. */
export function refuseUnopened(file: string, error: unknown): UnreadableDocument {
  if (error instanceof RemedyError)
    return refuse({ file, document: 0 }, error.code, error.message, error.hint);
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? refuse({ file, document: 0 }, 'INPUT_NOT_FOUND', 'no such file or directory')
    : refuse({ file, document: 0 }, 'INPUT_UNREADABLE', code ?? message);
}
