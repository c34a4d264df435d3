import type { AcquiredLock } from '../../locks/acquire-lock.ts';
import type { ChangedLock } from '../../locks/change-lock.ts';
import { expiresIn } from './lock-columns.ts';
import type { TableColumn } from './table.ts';

/** A lock that was acquired: its holder and its token are what a later renewal or release is given. */
export const acquiredColumns: readonly TableColumn<AcquiredLock>[] = [
  { header: 'NAME', cell: ({ name }) => name, key: true },
  { header: 'HOLDER', cell: ({ holder }) => holder, key: true },
  { header: 'TOKEN', cell: ({ token }) => token, whole: true },
  { header: 'EXPIRES IN', cell: expiresIn },
  {
    header: 'WAITED',
    cell: ({ waitedSeconds }) => (waitedSeconds === undefined ? undefined : `${waitedSeconds}s`),
    spare: 1,
  },
  { header: 'EXPIRES', cell: ({ expiresAt }) => expiresAt, wide: true },
  { header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint, wide: true },
];

/** A lock that was renewed or released. */
export function changedLockColumns(verb: 'renew' | 'release'): TableColumn<ChangedLock>[] {
  const ends: TableColumn<ChangedLock> = { header: 'EXPIRES IN', cell: ({ lock }) => expiresIn(lock) };
  return [
    { header: 'NAME', cell: ({ lock }) => lock.name, key: true },
    { header: 'OUTCOME', cell: ({ outcome }) => outcome, key: true },
    { header: 'HOLDER', cell: ({ lock }) => lock.holder, whole: true },
    ...(verb === 'renew' ? [ends] : []),
    { header: 'EVENT', cell: ({ event }) => event?.name, whole: true, spare: 1 },
  ];
}
