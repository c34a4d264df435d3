/** The bytes of plan files and of what they include. */
import { open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import type { Runtime } from '../runtime.ts';

const largestFileBytes = 10 * 1024 * 1024;

/** A file's text. Errors: INPUT_NOT_FOUND, INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, INVALID_DOCUMENT for what is no UTF-8. */
export async function readPlanFile(name: string, file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(name, file);
  } catch (cause) {
    if (cause instanceof RemedyError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const code = isMissing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE';
    throw new RemedyError(code, `${name}: ${isMissing ? 'no such file' : messageOf(cause)}`, { cause });
  }
  return decode(name, bytes);
}

async function readRegularFile(name: string, file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new RemedyError('INPUT_UNREADABLE', `${name}: is a folder`);
    // a process substitution is a pipe: its size is not known before
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      size += (chunk as Buffer).length;
      if (size > largestFileBytes) throw tooLarge(name);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}

/** All of stdin as text; the same errors. */
export async function readPlanFromStdin({ stdin }: Runtime): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > largestFileBytes) throw tooLarge('-');
    chunks.push(bytes);
  }
  return decode('-', Buffer.concat(chunks));
}

/**
 * A file that a plan includes: relative to the folder of the plan, and in or below it even after symbolic links, so that
 * a plan that came from elsewhere sends no other file of this machine. The same errors, and USAGE for one outside.
 */
export async function readIncludedFile(
  include: string,
  { folder, shownFolder }: { folder: string; shownFolder: string },
): Promise<{ text: string; file: string }> {
  const name = path.join(shownFolder, include);
  const outside = new RemedyError('USAGE', `${include} is not in or below the folder of the plan`);
  if (path.isAbsolute(include) || !isInside(folder, path.resolve(folder, include))) throw outside;
  const real = await realpath(path.resolve(folder, include)).catch(() => undefined);
  if (real === undefined) throw new RemedyError('INPUT_NOT_FOUND', `${name}: no such file`);
  if (!isInside(await realpath(folder), real)) throw outside;
  // only what the user names may be a pipe: one that nobody writes to holds a program up for good
  if (!(await stat(real)).isFile()) throw new RemedyError('INPUT_UNREADABLE', `${name}: is no regular file`);
  return { text: await readPlanFile(name, real), file: name };
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

function decode(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RemedyError('INVALID_DOCUMENT', `${name}: is no UTF-8 text`);
  }
}

function tooLarge(name: string): RemedyError {
  return new RemedyError('DOCUMENT_TOO_LARGE', `${name}: is larger than 10 MiB`);
}
