import { compareText } from './compare-text.ts';
import type { DeduplicationState } from './deduplication-state.ts';
import { stateNames } from './deduplication-state.ts';
import { lastSeenMs } from './state-filter.ts';

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
export interface OrderKey {
  fingerprint: string;
  value: number | string;
}

export function orderKey(state: DeduplicationState, order: StateOrder): OrderKey {
  return { fingerprint: state.fingerprint, value: values[order](state) };
}

/** Ties by fingerprint, so that the order is always the same. */
export function compareKeys(a: OrderKey, b: OrderKey): number {
  return compareValues(a.value, b.value) || compareText(a.fingerprint, b.fingerprint);
}

function compareValues(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b));
}

function timeMs(text: string | undefined, otherwise: number): number {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? otherwise : atMs;
}
