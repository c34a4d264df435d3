import { compareText } from './compare-text.ts';
import type { DeduplicationState } from './deduplication-state.ts';
import { stateNames } from './deduplication-state.ts';
import { lastSeenMs } from './state-filter.ts';

export type StateOrder = 'fingerprint' | 'resource' | 'state' | 'count' | 'last-seen' | 'first-seen';

export const stateOrders: readonly StateOrder[] = [
  'last-seen',
  'first-seen',
  'state',
  'resource',
  'count',
  'fingerprint',
];

type Compare = (a: DeduplicationState, b: DeduplicationState) => number;

const orders: Readonly<Record<StateOrder, Compare>> = {
  fingerprint: () => 0,
  // What stands in the way first, what is open last.
  state: (a, b) => stateNames.indexOf(a.state) - stateNames.indexOf(b.state),
  resource: (a, b) => compareText(resourceKey(a), resourceKey(b)),
  count: (a, b) => (b.occurrenceCount ?? 0) - (a.occurrenceCount ?? 0),
  'last-seen': (a, b) => (lastSeenMs(b) ?? 0) - (lastSeenMs(a) ?? 0),
  'first-seen': (a, b) => firstSeenMs(a) - firstSeenMs(b),
};

/** Newest, most or worst first, by what is asked for; ties by fingerprint, so that the order is always the same. */
export function compareStates(order: StateOrder): Compare {
  const compare = orders[order];
  return (a, b) => compare(a, b) || compareText(a.fingerprint, b.fingerprint);
}

function resourceKey({ clusterID = '', resource }: DeduplicationState): string {
  return [clusterID, resource?.namespace ?? '', resource?.kind ?? '', resource?.name ?? ''].join('\u0000');
}

function firstSeenMs({ firstSeenAt }: DeduplicationState): number {
  const atMs = Date.parse(firstSeenAt ?? '');
  return Number.isNaN(atMs) ? Number.MAX_SAFE_INTEGER : atMs;
}
