import type { ChalkInstance } from 'chalk';
import type { DeduplicationState, HistoryEntry, StateName } from '../../dedup/deduplication-state.ts';
import { ageOf, formatAge } from '../../time/age.ts';
import { paintPhase } from './request-phase.ts';
import type { TableColumn } from './table.ts';

interface ColumnOptions {
  /** What times are relative to, milliseconds since the epoch; asked for each row, since a watch goes on. */
  now: () => number;
  paint: ChalkInstance;
}

/** The requests of one fingerprint. */
export function historyColumns({ now, paint }: ColumnOptions): TableColumn<HistoryEntry>[] {
  return [
    { header: 'REQUEST', cell: ({ name }) => name, key: true },
    {
      header: 'PHASE',
      cell: ({ phase }) => phase,
      paint: (text, { phase, outcome }) => paintPhase(paint, { phase, outcome }, text),
    },
    { header: 'OUTCOME', cell: ({ outcome }) => outcome, spare: 2 },
    { header: 'COUNT', cell: ({ occurrenceCount }) => occurrenceCount?.toString(), spare: 3 },
    { header: 'AGE', cell: ({ createdAt }) => ageOf(createdAt, now()), spare: 2 },
    { header: 'ENDED', cell: ({ completedAt }) => ageOf(completedAt, now()), spare: 4 },
    { header: 'FIRST SEEN', cell: ({ firstSeenAt }) => ageOf(firstSeenAt, now()), wide: true },
    { header: 'LAST SEEN', cell: ({ lastSeenAt }) => ageOf(lastSeenAt, now()), spare: 5 },
    { header: 'NEXT ALLOWED', cell: ({ nextAllowedExecution }) => nextAllowedExecution, wide: true },
    {
      header: 'CONSIDERED',
      wraps: true,
      cell: ({ considered }) => considered,
      paint: (text, { counted }) => (counted ? paint.bold(text) : paint.gray(text)),
    },
  ];
}

/** One line a fingerprint. */
export function stateColumns({ now, paint }: ColumnOptions): TableColumn<DeduplicationState>[] {
  return [
    { header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint.slice(0, 16), key: true },
    { header: 'TARGET', cell: targetText, cutLeft: true },
    {
      header: 'STATE',
      key: true,
      cell: ({ state }) => state,
      usual: 'manualReview'.length,
      paint: (text, { state }) => paintState(paint, state, text),
    },
    { header: 'REQUEST', cell: ({ decision }) => decision.request?.name, whole: true, spare: 1 },
    {
      header: 'PHASE',
      spare: 2,
      cell: ({ decision }) => decision.phase,
      usual: 'AwaitingApproval'.length,
      paint: (text, { decision }) => paintPhase(paint, { phase: decision.phase }, text),
    },
    { header: 'UNTIL', cell: ({ until }) => untilText(until, now()), spare: 1 },
    { header: 'REQUESTS', cell: ({ history }) => String(history.length), spare: 5 },
    { header: 'COUNT', cell: ({ occurrenceCount }) => occurrenceCount?.toString(), spare: 4 },
    { header: 'FIRST SEEN', cell: ({ firstSeenAt }) => ageOf(firstSeenAt, now()), wide: true },
    { header: 'LAST SEEN', cell: ({ lastSeenAt }) => ageOf(lastSeenAt, now()), spare: 3 },
    { header: 'SINCE', cell: ({ since }) => ageOf(since, now()), wide: true },
    { header: 'WHOLE FINGERPRINT', cell: ({ fingerprint }) => fingerprint, wide: true },
  ];
}

/** `fingerprint/…`, for -o name. */
export function stateName({ fingerprint }: { fingerprint: string }): string {
  return `fingerprint/${fingerprint}`;
}

/** `cluster/namespace/Kind/name`, without what is absent. */
export function targetText({
  clusterID,
  resource,
}: Pick<DeduplicationState, 'clusterID' | 'resource'>): string | undefined {
  const parts = [clusterID, resource?.namespace, resource?.kind, resource?.name];
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join('/');
}

/** Red: only a human ends it. */
export function paintState(paint: ChalkInstance, state: StateName, text: string): string {
  const colours = {
    open: paint.green,
    active: paint.cyan,
    suppressed: paint.yellow,
    manualReview: paint.red,
  };
  return colours[state](text);
}

/** `in 5m`; a time that nobody can read as it is. */
export function untilText(until: string | undefined, nowMs: number): string | undefined {
  if (until === undefined) return undefined;
  const seconds = (Date.parse(until) - nowMs) / 1_000;
  return seconds >= 0 ? `in ${formatAge(seconds)}` : until;
}
