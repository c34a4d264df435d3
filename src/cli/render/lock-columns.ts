import type { ChalkInstance } from 'chalk';
import type { LockRecord, LockResource, LockStanding } from '../../lease/lock-record.ts';
import { ageOf, formatAge } from '../../time/age.ts';
import type { TableColumn } from './table.ts';

interface LockColumnOptions {
  /** Asked for with every cell, so that a table that goes on stays right. */
  now: () => number;
  paint: ChalkInstance;
  withNamespace: boolean;
}

/** A table of locks, times relative to now. */
export function lockColumns({ now, paint, withNamespace }: LockColumnOptions): TableColumn<LockRecord>[] {
  const namespace = { header: 'NAMESPACE', cell: (lock: LockRecord) => lock.namespace, key: true };
  return [
    ...(withNamespace ? [namespace] : []),
    { header: 'NAME', cell: ({ name }) => name, key: true },
    {
      header: 'STATE',
      key: true,
      cell: ({ state }) => state,
      usual: 'orphaned'.length,
      paint: (text, { state }) => paintStanding(paint, state, text),
    },
    { header: 'HOLDER', cell: ({ holder }) => holder, whole: true },
    { header: 'AGE', cell: ({ acquiredAt }) => ageOf(acquiredAt, now()), spare: 5 },
    { header: 'RENEWED', cell: ({ renewedAt }) => ageOf(renewedAt, now()), spare: 4 },
    { header: 'EXPIRES IN', cell: expiresIn },
    { header: 'REQUEST', cell: ({ request }) => request?.name, whole: true, spare: 1 },
    { header: 'PHASE', cell: ({ request }) => request?.phase, spare: 3 },
    { header: 'TARGET', cell: ({ resource }) => resourceText(resource), cutLeft: true, spare: 2 },
    { header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint, wide: true },
    { header: 'DURATION', cell: ({ durationSeconds }) => durationSeconds?.toString(), wide: true },
    { header: 'TRANSITIONS', cell: ({ transitions }) => transitions?.toString(), wide: true },
    { header: 'VERSION', cell: ({ resourceVersion }) => resourceVersion, wide: true },
  ];
}

export function paintStanding(paint: ChalkInstance, state: LockStanding, text: string): string {
  const colours = { held: paint.green, expired: paint.yellow, orphaned: paint.yellow, noExpiry: paint.red };
  return colours[state](text);
}

/** `12s`, or since when it is over: `-5m`. */
export function expiresIn({ expiresInSeconds }: Pick<LockRecord, 'expiresInSeconds'>): string | undefined {
  if (expiresInSeconds === undefined) return undefined;
  return expiresInSeconds < 0 ? `-${formatAge(-expiresInSeconds)}` : formatAge(expiresInSeconds);
}

/** The same as words: `12s left`, `expired 5m ago`. */
export function expiryText({ expiresInSeconds }: Pick<LockRecord, 'expiresInSeconds'>): string | undefined {
  if (expiresInSeconds === undefined) return undefined;
  if (expiresInSeconds < 0) return `expired ${formatAge(-expiresInSeconds)} ago`;
  return `${formatAge(expiresInSeconds)} left`;
}

/** `namespace/Kind/name`, without what is absent. */
export function resourceText(resource: LockResource | undefined): string | undefined {
  if (resource === undefined) return undefined;
  const parts = [resource.namespace, resource.kind, resource.name].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('/');
}

/** As `kubectl -o name` has it. */
export function lockName({ name }: { name: string }): string {
  return `lease.coordination.k8s.io/${name}`;
}
