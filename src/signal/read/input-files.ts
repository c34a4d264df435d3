import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { UnreadableDocument } from '../source-document.ts';
import { refuse } from './document-failure.ts';
import { expandGlob, isGlob } from './glob.ts';

/** Something to open: a path, or stdin where there is none. */
export interface InputFile {
  kind: 'file';
  /** As the user wrote it, or made from that: what errors and results call it. */
  name: string;
  /** Absolute; absent for stdin. */
  path?: string;
}

const readable = /\.(json|jsonl|ndjson|yaml|yml)(\.gz)?$/i;
const stdinNames = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);

/** The files behind one argument, in the order in which they are to be read. */
export async function* expandInput(
  input: string,
  cwd: string,
): AsyncGenerator<InputFile | UnreadableDocument, void> {
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
  const names = await expandGlob(pattern, cwd);
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

/** What the file system had against opening an input. */
export function refuseUnopened(file: string, error: unknown): UnreadableDocument {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? refuse({ file, document: 0 }, 'INPUT_NOT_FOUND', 'no such file or directory')
    : refuse({ file, document: 0 }, 'INPUT_UNREADABLE', code ?? message);
}
