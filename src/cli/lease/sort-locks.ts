import { RemedyError } from '../../errors/remedy-error.ts';
import type { LockRecord } from '../../lease/lock-record.ts';
import { nearest } from '../nearest.ts';
import { compilePath } from '../render/jsonpath.ts';

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

/** Orders locks by a field of theirs, or by a path such as `.request.phase`; those without it come last. */
export function sortLocks<T>(locks: readonly T[], by: string, recordOf: (lock: T) => LockRecord): T[] {
  const read = valueReader(by);
  return locks
    .map((lock) => ({ lock, value: read(recordOf(lock)), name: recordOf(lock).name }))
    .sort((a, b) => compare(a.value, b.value) || compare(a.name, b.name))
    .map(({ lock }) => lock);
}

/** Throws USAGE for a field that no lock has. */
export function valueReader(by: string): (lock: LockRecord) => string | undefined {
  const path = /^\{(.*)\}$/.exec(by)?.[1] ?? by;
  if (path.startsWith('.')) {
    const find = compilePath(path);
    return (lock) => find(lock)[0];
  }
  const field = fields.find((name) => name === path);
  if (field !== undefined) return (lock) => lock[field]?.toString();
  const close = nearest(path, fields);
  throw new RemedyError('USAGE', `locks have no field ${path} to sort by`, {
    hint: close === undefined ? `choose one of ${fields.join(', ')}` : `did you mean --sort-by ${close}?`,
  });
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const difference = Number(a) - Number(b);
  if (a !== '' && b !== '' && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : Number(a > b);
}
