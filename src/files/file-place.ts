/** What stands where a file is to be written: it decides whether a new file may take its name. */
import { constants, type Stats } from 'node:fs';
import { access, lstat, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where something is written to. */
export type FilePlace =
  /** A plain file, or none yet; `path` is what symbolic links lead to. */
  | { kind: 'file'; path: string; existing?: { mode: number; uid: number; gid: number } }
  /** An open file of this process, as /dev/stdout names one. */
  | { kind: 'descriptor'; descriptor: number; isPipe: boolean }
  /** A character device. */
  | { kind: 'device'; path: string };

const mostLinks = 40;
const descriptorFolder = /^\/proc\/(?:self|\d+)\/(?:task\/\d+\/)?fd$/;

/**
 * Looks at `file` without opening it. Throws what the file system says, and an Error for what cannot be written to: a
 * folder, a disk, a socket, a FIFO with a name (who opens one waits for a reader that may never come), another process's
 * open file.
 */
export async function placeOf(file: string): Promise<FilePlace> {
  const found = await followLinks(path.resolve(file));
  if (found.descriptor !== undefined) return descriptorPlace(found.descriptor);
  const facts = await stat(found.path).catch(unlessMissing);
  if (facts === undefined) {
    if (file.endsWith(path.sep)) throw new Error('it names a folder');
    return { kind: 'file', path: found.path };
  }
  const { mode, uid, gid } = facts;
  if (facts.isFile()) {
    const own = ownDescriptor(await sameAsOutput(facts));
    return own ?? { kind: 'file', path: found.path, existing: { mode: mode & 0o7777, uid, gid } };
  }
  if (facts.isCharacterDevice()) return { kind: 'device', path: found.path };
  throw new Error(`it is ${whatIs(facts)}`);
}

function whatIs(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a FIFO (a shell gives a pipe as >(command))';
  return facts.isSocket() ? 'a socket' : 'a disk';
}

/** The same, and that the place will take what is written, as far as that is known without writing. */
export async function checkPlace(file: string): Promise<void> {
  const place = await placeOf(file);
  if (place.kind === 'file') {
    // a file in the place of the folder shows by the slash
    await access(path.dirname(place.path) + path.sep, constants.W_OK);
  } else if (place.kind !== 'descriptor') {
    await access(place.path, constants.W_OK);
  }
}

/** One link after the other, since what is behind /dev/stdout has no name of its own. */
async function followLinks(start: string): Promise<{ path: string; descriptor?: number }> {
  let at = start;
  for (let links = 0; links <= mostLinks; links += 1) {
    const folder = await realpath(path.dirname(at)).catch(unlessMissing);
    if (folder === undefined) return { path: at };
    if (descriptorFolder.test(folder)) {
      if (!(await isOurs(folder))) throw new Error("it is another process's open file");
      return { path: at, descriptor: Number(path.basename(at)) };
    }
    const real = path.join(folder, path.basename(at));
    const facts = await lstat(real).catch(unlessMissing);
    if (facts?.isSymbolicLink() !== true) return { path: real };
    at = path.resolve(folder, await readlink(real));
  }
  throw new Error('too many symbolic links');
}

async function isOurs(folder: string): Promise<boolean> {
  return folder === (await realpath('/proc/self/fd'));
}

async function descriptorPlace(descriptor: number): Promise<FilePlace> {
  const facts = await stat(`/proc/self/fd/${descriptor}`);
  if (facts.isDirectory() || facts.isBlockDevice()) throw new Error(`it is ${whatIs(facts)}`);
  return { kind: 'descriptor', descriptor, isPipe: facts.isFIFO() };
}

/** What stdout or stderr goes to has this program's own output in it, which a new file in its place would lose. */
async function sameAsOutput({ dev, ino }: { dev: number; ino: number }): Promise<number | undefined> {
  for (const descriptor of [1, 2]) {
    const facts = await stat(`/dev/fd/${descriptor}`).catch(() => undefined);
    if (facts?.dev === dev && facts.ino === ino) return descriptor;
  }
  return undefined;
}

function ownDescriptor(descriptor: number | undefined): FilePlace | undefined {
  return descriptor === undefined ? undefined : { kind: 'descriptor', descriptor, isPipe: false };
}

function unlessMissing(thrown: unknown): undefined {
  if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw thrown;
}
