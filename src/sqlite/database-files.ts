/**
 * Whether the files of an open database are still the ones of their names. A file that was removed, moved away or
 * replaced goes on taking writes through its descriptor, and everything in it is gone with the process.
 *
 * Guaranteed: what was committed before `requireThere` returned was in the files of these names at that moment.
 * Not guaranteed: that nobody removes them afterwards.
 */
import { statSync, type BigIntStats } from 'node:fs';
import path from 'node:path';
import { RemedyError } from '../errors/remedy-error.ts';

interface KnownFile {
  name: string;
  device: bigint;
  inode: bigint;
}

/** SQLite keeps the log and its index as long as anybody has the database open. */
const besides = ['-wal', '-shm'];

export class DatabaseFiles {
  readonly #file: string;
  readonly #known: readonly KnownFile[];
  #lost: RemedyError | undefined;

  /** To be made once the database was read: only then are all of its files there. */
  constructor(file: string) {
    this.#file = file;
    this.#known = ['', ...besides].flatMap((end) => identityOf(`${file}${end}`) ?? []);
  }

  /** A few microseconds for each file. What was lost once stays lost. @throws STORE_LOST, and errors of the disk */
  requireThere(): void {
    if (this.#lost !== undefined) throw this.#lost;
    for (const known of this.#known) {
      const found = identityOf(known.name);
      if (found?.device === known.device && found.inode === known.inode) continue;
      throw this.lose(
        `${known.name} was ${found === undefined ? 'removed or moved away' : 'replaced by another file'}`,
      );
    }
  }

  /** From now on `requireThere` throws what is returned. `how`: what became of the store while it was open. */
  lose(
    how: string,
    hint = 'Put back what was moved, and look at what is there before doing anything again.',
  ): RemedyError {
    const directory = path.dirname(this.#file);
    this.#lost = new RemedyError(
      'STORE_LOST',
      `The store in ${directory} was lost while it was open: ${how}; what was written to it is gone, or not where it belongs`,
      { hint, details: { directory, file: this.#file } },
    );
    return this.#lost;
  }
}

function identityOf(name: string): KnownFile | undefined {
  const found = statOf(name);
  return found === undefined ? undefined : { name, device: found.dev, inode: found.ino };
}

function statOf(name: string): BigIntStats | undefined {
  try {
    return statSync(name, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // a folder on the way may have been replaced by a file
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
