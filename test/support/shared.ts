import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../../shared');

/** Whether the reference material is beside the checkout; tests that need it are skipped elsewhere. */
export const hasShared = existsSync(root);

export function sharedPath(...parts: string[]): string {
  return path.join(root, ...parts);
}

export function readShared(...parts: string[]): string {
  return readFileSync(sharedPath(...parts), 'utf8');
}

export function readVectors<T>(name: string): T {
  return JSON.parse(readShared('vectors', `${name}.json`)) as T;
}
