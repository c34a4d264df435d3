import type { ChalkInstance } from 'chalk';
import type { LockRecord } from '../../lease/lock-record.ts';
import { ageOf } from '../../time/age.ts';
import { expiryText, paintStanding, resourceText } from './lock-columns.ts';
import { wholeTable, type TableColumn, type TableStyle } from './table.ts';

interface Detail {
  field: string;
  value: string | undefined;
  standing?: LockRecord['state'];
}

interface DetailOptions {
  nowMs: number;
  paint: ChalkInstance;
  style: TableStyle;
}

/** One lock as lines of a field and its value. */
export function lockDetails(lock: LockRecord, { nowMs, paint, style }: DetailOptions): Promise<string> {
  return wholeTable(lockDetailColumns(paint), lockDetailRows(lock, nowMs), { ...style, header: false });
}

/** The field's name and its value. */
export function lockDetailColumns(paint: ChalkInstance): TableColumn<Detail>[] {
  return [
    { header: 'FIELD', cell: ({ field }) => field, key: true },
    {
      header: 'VALUE',
      cell: ({ value }) => value,
      paint: (text, { standing }) => (standing === undefined ? text : paintStanding(paint, standing, text)),
    },
  ];
}

/** What is known of a lock, a row a field. */
export function lockDetailRows(lock: LockRecord, nowMs: number): Detail[] {
  const details: Detail[] = [
    { field: 'Name', value: lock.name },
    { field: 'Namespace', value: lock.namespace },
    { field: 'Fingerprint', value: lock.fingerprint },
    { field: 'Target', value: resourceText(lock.resource) },
    { field: 'Request', value: requestText(lock) },
    { field: 'State', value: lock.state, standing: lock.state },
    { field: 'Holder', value: lock.holder },
    { field: 'Acquired', value: at(lock.acquiredAt, ago(lock.acquiredAt, nowMs)) },
    { field: 'Renewed', value: at(lock.renewedAt, ago(lock.renewedAt, nowMs)) },
    { field: 'Duration', value: lock.durationSeconds === undefined ? undefined : `${lock.durationSeconds}s` },
    { field: 'Expires by renewTime', value: at(lock.expiresAt, expiryText(lock)) },
    { field: 'Expires by acquireTime', value: lock.expiresAtByAcquireTime },
    { field: 'Transitions', value: lock.transitions?.toString() },
    { field: 'Resource version', value: lock.resourceVersion },
    { field: 'UID', value: lock.uid },
    { field: 'Server clock', value: skewText(lock) },
    ...(lock.observed ?? []).map(({ holder = 'nobody', from, to }) => ({
      field: 'Seen',
      value: `${holder} from ${from} to ${to}`,
    })),
  ];
  return details.filter(({ value }) => value !== undefined);
}

function requestText({ request }: LockRecord): string | undefined {
  return request === undefined ? undefined : `${request.name} (${request.phase ?? 'no phase yet'})`;
}

function ago(time: string | undefined, nowMs: number): string | undefined {
  const age = ageOf(time, nowMs);
  return age === undefined ? undefined : `${age} ago`;
}

function at(time: string | undefined, relative: string | undefined): string | undefined {
  return time === undefined || relative === undefined ? time : `${time} (${relative})`;
}

function skewText({ clockSkewSeconds, clockSkewErrorSeconds = 0 }: LockRecord): string | undefined {
  if (clockSkewSeconds === undefined) return undefined;
  const direction = clockSkewSeconds < 0 ? 'behind' : 'ahead of';
  return `${Math.abs(clockSkewSeconds)}s ${direction} ours, give or take ${clockSkewErrorSeconds}s`;
}
