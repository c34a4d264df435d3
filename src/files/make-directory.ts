import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a directory and whatever is missing above it, for its owner alone; one that is there stays as it is.
 *
 * Not by mkdir's own `recursive`: where a file system answers ENOENT in a folder that is there (as /proc, and
 * automounters), Node tries for ever, and no signal ends it.
 *
 * @throws what the file system says, with the `path` that could not be made; ENOTDIR where a file is in the way
 */
export function makeDirectory(directory: string): void {
  if (existsSync(directory)) {
    if (statSync(directory).isDirectory()) return;
    throw Object.assign(new Error(`ENOTDIR: not a directory, ${directory}`), {
      code: 'ENOTDIR',
      path: directory,
    });
  }
  const parent = path.dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
