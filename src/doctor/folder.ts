import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import path from 'node:path';

/** A folder as it is, or as it would be: `existing` is itself, or the nearest folder above that is there. */
export interface FolderState {
  exists: boolean;
  existing: string;
  /** Whether it can be written, or made. */
  writable: boolean;
  /** Why not. */
  problem?: string;
}

/** Looks, and writes nothing. */
export async function lookAtFolder(folder: string): Promise<FolderState> {
  const existing = await nearestExisting(folder);
  const exists = existing === folder;
  try {
    if (!(await stat(existing)).isDirectory()) {
      return { exists, existing, writable: false, problem: `${existing} is no folder` };
    }
    await access(existing, constants.W_OK | constants.X_OK);
    return { exists, existing, writable: true };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    return { exists, existing, writable: false, problem: `${existing} cannot be written (${code})` };
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let candidate = folder; ; candidate = path.dirname(candidate)) {
    const there = await stat(candidate).then(
      () => true,
      (thrown: unknown) => !['ENOENT', 'ENOTDIR'].includes(String((thrown as NodeJS.ErrnoException).code)),
    );
    if (there || path.dirname(candidate) === candidate) return candidate;
  }
}

/** Bytes that an unprivileged process may still write on the disk of a folder that exists. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
