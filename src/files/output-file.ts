/**
 * Every file that is written for the user goes through here.
 *
 * Guarantees: a plain file has its old content or the new, never a part, also after a crash; its mode, and where that is
 * allowed its owner, stay; behind a symbolic link the file that it leads to is written, and the link stays. A character
 * device and an open file of this process (/dev/stdout, a shell's `>(command)`) are written into. A folder, a socket, a
 * disk, a FIFO with a name are refused. What is no plain file is never removed or replaced.
 */
import { constants, openSync } from 'node:fs';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { Random } from '../time/random.ts';
import { placeOf, type FilePlace } from './file-place.ts';

export interface OutputFileOptions {
  random: Random;
  /** Of a new file. */
  mode: number;
  /** Whether the mode of a new file is exactly this, whatever the umask says. */
  exactMode?: boolean;
  /** Whatever has the name already stays, and EEXIST is thrown. */
  onlyNew?: boolean;
}

/** Throws what the file system says; then the old content stands, and nothing is left beside it. */
export async function writeOutputFile(file: string, text: string, options: OutputFileOptions): Promise<void> {
  if (options.onlyNew === true) return writeNew(path.resolve(file), text, options);
  const place = await placeOf(file);
  if (place.kind === 'file') return replaceFile(place, text, options);
  const stream = await openThrough(place);
  try {
    await stream.write(text);
  } finally {
    await stream.close();
  }
}

/** In one step, so that nothing that appears meanwhile is replaced. */
async function writeNew(file: string, text: string, options: OutputFileOptions): Promise<void> {
  await beside(file, text, options, async (unfinished) => {
    await link(unfinished, file).catch(async (thrown: unknown) => {
      if (!isWithoutLinks(thrown)) throw thrown;
      // a file system without hard links
      await writePlainly(file, text, options);
    });
    await rm(unfinished, { force: true });
  });
}

function isWithoutLinks(thrown: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(
    (thrown as NodeJS.ErrnoException).code ?? '',
  );
}

async function writePlainly(file: string, text: string, { mode }: OutputFileOptions): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function replaceFile(
  { path: file, existing }: Extract<FilePlace, { kind: 'file' }>,
  text: string,
  options: OutputFileOptions,
): Promise<void> {
  const kept = existing === undefined ? options : { ...options, mode: existing.mode, exactMode: true };
  await beside(file, text, { ...kept, owner: existing }, (unfinished) => rename(unfinished, file));
}

type BesideOptions = OutputFileOptions & { owner?: { uid: number; gid: number } | undefined };

/** The whole text in a file beside it, which then takes its name by `become`. Its own name is a hidden one that ends in .tmp. */
async function beside(
  file: string,
  text: string,
  { random, mode, exactMode, owner }: BesideOptions,
  become: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = path.join(
    path.dirname(file),
    `.${path.basename(file).slice(0, 40)}.${random.uuid()}.tmp`,
  );
  try {
    const handle = await open(unfinished, 'wx', mode & 0o777);
    try {
      await handle.writeFile(text);
      if (owner !== undefined) await giveTo(handle, owner);
      if (exactMode === true) await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await become(unfinished);
  } catch (thrown) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

/** Only root may give a file away, and others may keep its group where it is one of theirs. */
async function giveTo(handle: FileHandle, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  const now = await handle.stat();
  if (now.uid === uid && now.gid === gid) return;
  await handle.chown(uid, gid).catch(() => handle.chown(now.uid, gid).catch(() => undefined));
}

/** Something that is written into as it is. */
export interface ThroughStream {
  /** Resolves when it is taken. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Throws what the system says, and for a pipe that nobody reads any more. */
export async function openThrough(place: Exclude<FilePlace, { kind: 'file' }>): Promise<ThroughStream> {
  if (place.kind === 'device') {
    return intoHandle(await open(place.path, constants.O_WRONLY | constants.O_NOCTTY));
  }
  const { descriptor, isPipe } = place;
  // where the program prints as well, both go one way and neither overwrites the other
  if (descriptor === 1) return intoStream(process.stdout);
  if (descriptor === 2) return intoStream(process.stderr);
  const name = `/proc/self/fd/${descriptor}`;
  if (isPipe) return openPipe(name);
  return intoHandle(await open(name, constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY));
}

function intoHandle(handle: FileHandle): ThroughStream {
  return { write: (text) => handle.writeFile(text), close: () => handle.close() };
}

function intoStream(stream: Writable): ThroughStream {
  return { write: (text) => taken(stream, text), close: () => Promise.resolve() };
}

/** At the reader's pace, without a thread that waits for it. */
function openPipe(name: string): ThroughStream {
  const fd = openSync(name, constants.O_WRONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: false, writable: true });
  // each write has its own answer
  socket.on('error', () => undefined);
  return {
    write: (text) => taken(socket, text),
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => {
          resolve();
        });
        socket.destroySoon();
      }),
  };
}

function taken(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error);
    });
  });
}
