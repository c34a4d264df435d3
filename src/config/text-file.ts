import { readFile } from 'node:fs';
import { promisify } from 'node:util';

const read = promisify(readFile);

/** A whole file, UTF-8. Without `node:fs/promises`, which would cost every start two milliseconds. */
export function readText(path: string): Promise<string> {
  return read(path, 'utf8');
}
