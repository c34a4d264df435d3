/** The bytes of plan files and of what they include. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import {
  chunksOf,
  joinChunks,
  openFile,
  readStream,
  type ByteSource,
  type ByteStream,
} from './byte-source.ts';
import { textOf } from './input-text.ts';

/** Read at one go, in about a second in which nothing stops the program. */
const largestFileBytes = 256 * 1024;

/** What stdin gives may be a secret: none of its bytes are named. */
const notText = 'is no UTF-8 text';

/**
 * A file's text; of a pipe too, as in a process substitution. Aborting wakes a read that waits. Errors: INPUT_NOT_FOUND,
 * INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, INVALID_DOCUMENT for what is no UTF-8, INTERRUPTED.
 */
export async function readPlanFile(name: string, file: string, signal?: AbortSignal): Promise<string> {
  let source: ByteSource | undefined;
  try {
    if ((await stat(file)).isDirectory()) throw new RemedyError('INPUT_UNREADABLE', `${name}: is a folder`);
    source = await openFile(file, signal);
    return textOf(name, await readAll(name, source, signal), notText);
  } catch (cause) {
    if (cause instanceof RemedyError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const code = isMissing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE';
    throw new RemedyError(code, `${name}: ${isMissing ? 'no such file' : messageOf(cause)}`, { cause });
  } finally {
    await source?.close();
  }
}

/** All of stdin as text; the same errors. */
export async function readPlanFromStdin({
  stdin,
  signal,
}: {
  readonly stdin: ByteStream;
  readonly signal: AbortSignal;
}): Promise<string> {
  const source = readStream(stdin, signal);
  try {
    return textOf('-', await readAll('-', source, signal), notText);
  } finally {
    // somebody who stopped the program does not wait for the writer
    if (signal.aborted) await source.close();
  }
}

async function readAll(name: string, source: ByteSource, signal: AbortSignal | undefined): Promise<Buffer> {
  try {
    return await joinChunks(chunksOf(source, signal), {
      largestBytes: largestFileBytes,
      tooLarge: () => tooLarge(name),
    });
  } catch (cause) {
    if (signal?.aborted !== true) throw cause;
    throw new RemedyError('INTERRUPTED', `${name}: stopped before all of it was read`, { cause });
  }
}

/**
 * A file that a plan includes: relative to the folder of the plan, and in or below it even after symbolic links, so that
 * a plan that came from elsewhere sends no other file of this machine. The same errors, and INVALID_DOCUMENT for one outside.
 */
export async function readIncludedFile(
  include: string,
  { folder, shownFolder }: { folder: string; shownFolder: string },
): Promise<{ text: string; file: string }> {
  const name = path.join(shownFolder, include);
  const outside = new RemedyError('INVALID_DOCUMENT', `${include} is not in or below the folder of the plan`);
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

function tooLarge(name: string): RemedyError {
  return new RemedyError('DOCUMENT_TOO_LARGE', `${name}: is larger than 256 KiB`, {
    hint: 'divide it into several files; cases of signal test name long signals by signalFile',
  });
}
