/**
 * What would become of the next signal of a fingerprint, and what that rests on.
 *
 * Guarantee: the decision is that of `signal ingest` at the same moment over the same requests.
 * Non-guarantees: a request that is being created under the lock at this moment is not seen; and whether the
 * resource is managed, or the signal fresh, is not asked.
 */
import { compareText } from './compare-text.ts';
import type { DecisionReason } from '../request/deduplication-decision.ts';
import { decideDeduplication } from '../request/deduplication-decision.ts';
import type { TargetResource } from '../signal/signal.ts';
import type { RequestFacts } from '../request/request-facts.ts';

/** `open`: the next signal makes a new request; `suppressed`: a backoff that is not over. */
export type StateName = 'active' | 'suppressed' | 'manualReview' | 'open';

/** Every state, what stands in the way first. */
export const stateNames: readonly StateName[] = ['active', 'suppressed', 'manualReview', 'open'];

/** One request of the fingerprint, and why it counted or did not. Times are RFC 3339, as stored. */
export interface HistoryEntry {
  name: string;
  /** Absent where the request has none yet. */
  phase?: string;
  outcome?: string;
  createdAt?: string;
  completedAt?: string;
  nextAllowedExecution?: string;
  /** Being deleted since then. */
  deletedAt?: string;
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** Whether it alone would make the next signal a duplicate. */
  counted: boolean;
  considered: string;
}

/** The shape of `dedup show`; what is unknown is absent. */
export interface DeduplicationState {
  fingerprint: string;
  /** What the newest request is about. */
  resource?: TargetResource;
  clusterID?: string;
  state: StateName;
  decision: {
    reason: DecisionReason;
    request?: { namespace: string; name: string };
    phase?: string;
    until?: string;
  };
  /** Of all its requests together, as far as they are counted. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** Since when the request that decides stands in the way. */
  since?: string;
  /** `suppressed` only: when that ends by itself. */
  until?: string;
  active?: { namespace: string; name: string; phase?: string };
  /** Newest first. */
  history: HistoryEntry[];
}

const stateOf: Readonly<Record<DecisionReason, StateName>> = {
  active: 'active',
  manualReview: 'manualReview',
  backoff: 'suppressed',
  none: 'open',
};

/**
 * What the requests of one fingerprint mean for its next signal, and what has been.
 *
 * @param requests all that the namespace holds of this fingerprint, in any order.
 * @param nowMs milliseconds since the epoch.
 */
export function deduplicationState(
  fingerprint: string,
  requests: readonly RequestFacts[],
  nowMs: number,
): DeduplicationState {
  const newestFirst = [...requests].sort(byAge);
  const decision = decideDeduplication(newestFirst, nowMs);
  const chosen = newestFirst.find((request) => request === decision.request);
  const about = newestFirst.find(({ resource }) => resource !== undefined);
  const phase = chosen?.phase === '' ? undefined : chosen?.phase;
  const reference = chosen && { namespace: chosen.namespace, name: chosen.name };
  const since = chosen && sinceOf(chosen, decision.reason);
  return {
    fingerprint,
    ...optional('resource', about?.resource),
    ...optional('clusterID', about?.clusterID),
    state: stateOf[decision.reason],
    decision: {
      reason: decision.reason,
      ...optional('request', reference),
      ...optional('phase', phase),
      ...optional('until', decision.until),
    },
    ...totals(newestFirst),
    ...optional('since', since),
    ...optional('until', decision.until),
    ...(decision.reason === 'active' && reference !== undefined
      ? { active: { ...reference, ...optional('phase', phase) } }
      : {}),
    history: decision.considered.map(({ counted, why }, index) => {
      const request = newestFirst[index] as RequestFacts;
      return historyEntry(request, counted, verdict(request === chosen, counted, why));
    }),
  };
}

function verdict(isChosen: boolean, counted: boolean, why: string): string {
  if (isChosen) return `stands in the way: ${why}`;
  return counted ? `would stand in the way too: ${why}` : `does not count: ${why}`;
}

/** An active request stands in the way from its creation, one that has ended from its end. */
function sinceOf(request: RequestFacts, reason: DecisionReason): string | undefined {
  return reason === 'active' ? request.creationTimestamp : (request.completedAt ?? request.creationTimestamp);
}

function historyEntry(request: RequestFacts, counted: boolean, considered: string): HistoryEntry {
  return {
    name: request.name,
    ...optional('phase', request.phase === '' ? undefined : request.phase),
    ...optional('outcome', request.outcome),
    ...optional('createdAt', request.creationTimestamp),
    ...optional('completedAt', request.completedAt),
    ...optional('nextAllowedExecution', request.nextAllowedExecution),
    ...optional('deletedAt', request.deletionTimestamp),
    ...optional('occurrenceCount', request.deduplication?.occurrenceCount),
    ...optional('firstSeenAt', firstSeen(request)),
    ...optional('lastSeenAt', lastSeen(request)),
    counted,
    considered,
  };
}

type Totals = Pick<DeduplicationState, 'occurrenceCount' | 'firstSeenAt' | 'lastSeenAt'>;

function totals(requests: readonly RequestFacts[]): Totals {
  const counts = requests.flatMap(({ deduplication }) => deduplication?.occurrenceCount ?? []);
  const sum = counts.reduce((total, count) => total + count, 0);
  return {
    ...optional('occurrenceCount', counts.length === 0 ? undefined : sum),
    ...optional('firstSeenAt', utmost(requests.map(firstSeen), -1)),
    ...optional('lastSeenAt', utmost(requests.map(lastSeen), 1)),
  };
}

/** A request that nobody has counted yet was seen once: when its signal was received. */
function firstSeen({ deduplication, receivedTime }: RequestFacts): string | undefined {
  return deduplication?.firstSeenAt ?? receivedTime;
}

function lastSeen({ deduplication, receivedTime }: RequestFacts): string | undefined {
  return deduplication?.lastSeenAt ?? receivedTime;
}

/** The earliest (-1) or latest (1) of the times that are times; undefined where there is none. */
function utmost(times: readonly (string | undefined)[], direction: -1 | 1): string | undefined {
  let best: { text: string; atMs: number } | undefined;
  for (const text of times) {
    const atMs = text === undefined ? Number.NaN : Date.parse(text);
    if (text === undefined || Number.isNaN(atMs)) continue;
    if (best === undefined || (atMs - best.atMs) * direction > 0) best = { text, atMs };
  }
  return best?.text;
}

/** Newest first; without a time of creation last; ties by name. */
function byAge(a: RequestFacts, b: RequestFacts): number {
  return createdMs(b) - createdMs(a) || compareText(a.name, b.name);
}

function createdMs({ creationTimestamp }: RequestFacts): number {
  const atMs = Date.parse(creationTimestamp ?? '');
  return Number.isNaN(atMs) ? 0 : atMs;
}

function optional<K extends string, T>(key: K, value: T | undefined): { [P in K]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: T });
}
