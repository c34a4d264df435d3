import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { LockRecord } from '../lease/lock-record.ts';
import { compilePath } from '../jsonpath/jsonpath.ts';
import { nearest } from '../text/nearest.ts';

const fields = [
  'name',
  'namespace',
  'fingerprint',
  'state',
  'holder',
  'acquiredAt',
  'renewedAt',
  'durationSeconds',
  'expiresAt',
  'expiresInSeconds',
  'transitions',
] as const;

/**
 * Orders locks by a field of theirs, or by a path such as `.request.phase`; those without it come last, ties go by
 * name. Throws what `valueReader` throws.
 */
export function sortLocks(locks: readonly LockRecord[], sortBy: string): LockRecord[] {
  const read = valueReader(sortBy);
  return locks
    .map((lock) => ({ lock, value: read(lock) }))
    .sort((a, b) => compare(a.value, b.value) || compare(a.lock.name, b.lock.name))
    .map(({ lock }) => lock);
}

/** How to read what locks are sorted by. Throws INVALID_OPTION for a field that no lock has, or no path. */
export function valueReader(sortBy: string): (lock: LockRecord) => string | undefined {
  const path = /^\{(.*)\}$/.exec(sortBy)?.[1] ?? sortBy;
  if (path.startsWith('.')) {
    const find = compilePath(path);
    return (lock) => find(lock)[0];
  }
  const field = fields.find((name) => name === path);
  if (field !== undefined) return (lock) => lock[field]?.toString();
  const close = nearest(path, fields);
  throw new RemedyError('INVALID_OPTION', `locks have no field ${path} to sort by`, {
    hint:
      close === undefined
        ? `choose one of ${fields.join(', ')}`
        : `did you mean ${optionName('sortBy')} ${close}?`,
  });
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const difference = Number(a) - Number(b);
  if (a !== '' && b !== '' && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : Number(a > b);
}
