import { compareText } from './compare-text.ts';
import type { DeduplicationState } from './deduplication-state.ts';
import { stateNames } from './deduplication-state.ts';
import type { FingerprintIndex } from './fingerprint-index.ts';
import { lastSeenMs, matchesFilter, type StateFilter } from './state-filter.ts';

/** Fields of a state to sort by. */
export const stateOrders = [
  'lastSeenAt',
  'firstSeenAt',
  'occurrenceCount',
  'state',
  'until',
  'resource',
  'fingerprint',
] as const;

/** A field of a state to sort by. */
export type StateOrder = (typeof stateOrders)[number];

/** Smaller goes first: the newest and the most frequent, what stands in the way, what ends soonest. */
const values: Readonly<Record<StateOrder, (state: DeduplicationState) => number | string>> = {
  lastSeenAt: (state) => -(lastSeenMs(state) ?? 0),
  firstSeenAt: ({ firstSeenAt }) => -timeMs(firstSeenAt, 0),
  occurrenceCount: ({ occurrenceCount = 0 }) => -occurrenceCount,
  state: ({ state }) => stateNames.indexOf(state),
  until: ({ until }) => timeMs(until, Number.MAX_SAFE_INTEGER),
  resource: ({ clusterID = '', resource }) =>
    [clusterID, resource?.namespace ?? '', resource?.kind ?? '', resource?.name ?? ''].join('\u0000'),
  fingerprint: ({ fingerprint }) => fingerprint,
};

/** What is kept of a state to sort it: a list of 100,000 cannot keep them whole. */
interface OrderKey {
  fingerprint: string;
  value: number | string;
}

/**
 * The fingerprints of the states that are wanted, in order; ties by fingerprint, so that it is always the same.
 *
 * @param nowMs the time of decisions, milliseconds since the epoch.
 */
export function orderedFingerprints(
  index: FingerprintIndex,
  { filter, order }: { filter: StateFilter; order: StateOrder },
  nowMs: number,
): string[] {
  const keys: OrderKey[] = [];
  for (const fingerprint of index.fingerprints()) {
    const state = index.state(fingerprint, nowMs);
    if (matchesFilter(state, filter)) keys.push(orderKey(state, order));
  }
  return keys.sort(compareKeys).map(({ fingerprint }) => fingerprint);
}

function orderKey(state: DeduplicationState, order: StateOrder): OrderKey {
  return { fingerprint: state.fingerprint, value: values[order](state) };
}

function compareKeys(a: OrderKey, b: OrderKey): number {
  return compareValues(a.value, b.value) || compareText(a.fingerprint, b.fingerprint);
}

function compareValues(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

function timeMs(text: string | undefined, otherwise: number): number {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? otherwise : atMs;
}
