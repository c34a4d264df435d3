import type { SortKeys } from '../jsonpath/sort-by.ts';
import type { LockRecord } from '../lease/lock-record.ts';

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

/** What locks can be sorted by: fields of their JSON. */
export const lockSortKeys: SortKeys<LockRecord> = {
  noun: 'locks',
  fields: Object.fromEntries(fields.map((field) => [field, `.${field}`])),
  nameOf: ({ name }) => name,
};
