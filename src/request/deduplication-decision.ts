import { isTerminalPhase } from './phase.ts';
import type { RequestSummary } from './request-summary.ts';
import { parseRfc3339 } from '../time/rfc3339.ts';

/** Why a signal is a duplicate; `none` where it is new. */
export type DecisionReason = 'active' | 'manualReview' | 'backoff' | 'none';

/** One request that was looked at. */
export interface ConsideredRequest {
  request: RequestSummary;
  /** Whether it alone would have made the signal a duplicate. */
  counted: boolean;
  /** One sentence for `explain`. */
  why: string;
}

/** What a signal is beside the requests of its fingerprint, and by which of them. */
export interface DeduplicationDecision {
  kind: 'duplicate' | 'new';
  reason: DecisionReason;
  /** The request that suppresses the signal. */
  request?: RequestSummary;
  /** Its phase; empty where it has none yet. */
  phase?: string;
  /** `backoff` only: RFC 3339, when the suppression ends. */
  until?: string;
  considered: ConsideredRequest[];
}

/** What one request alone says; `until` and `untilMs` of a backoff. */
interface Standing {
  request: RequestSummary;
  reason: DecisionReason;
  why: string;
  until?: string;
  untilMs?: number;
}

const precedence: readonly Exclude<DecisionReason, 'none'>[] = ['active', 'manualReview', 'backoff'];

/**
 * Decides what a signal is, given every request of its fingerprint. Pure, and independent of the order of the
 * candidates: an active request (the oldest) goes before one that waits for manual review (the first by name),
 * and that before a backoff (the one furthest in the future). An active request that is being deleted does not
 * count, since nobody will work on it; manual review and backoff are verdicts and count until the object is gone.
 *
 * @param nowMs milliseconds since the epoch; a backoff that ends exactly now has ended.
 */
export function decideDeduplication(
  candidates: readonly RequestSummary[],
  nowMs: number,
): DeduplicationDecision {
  const standings = candidates.map((request) => standingOf(request, nowMs));
  const considered = standings.map(({ request, reason, why }) => ({
    request,
    counted: reason !== 'none',
    why,
  }));
  for (const reason of precedence) {
    const [first] = standings.filter((standing) => standing.reason === reason).sort(order[reason]);
    if (first !== undefined) {
      return {
        kind: 'duplicate',
        reason,
        request: first.request,
        phase: first.request.phase,
        ...(first.until === undefined ? {} : { until: first.until }),
        considered,
      };
    }
  }
  return { kind: 'new', reason: 'none', considered };
}

function standingOf(request: RequestSummary, nowMs: number): Standing {
  if (!isTerminalPhase(request.phase)) {
    return request.deletionTimestamp === undefined
      ? { request, reason: 'active', why: `it is active (phase ${shown(request.phase)})` }
      : { request, reason: 'none', why: 'it is not finished, but it is being deleted' };
  }
  if (request.outcome === 'ManualReviewRequired') {
    return { request, reason: 'manualReview', why: 'it waits for manual review' };
  }
  return backoffStanding(request, nowMs);
}

function backoffStanding(request: RequestSummary, nowMs: number): Standing {
  const ended = `it has ended (phase ${shown(request.phase)})`;
  const until = request.nextAllowedExecution;
  if (until === undefined) {
    return { request, reason: 'none', why: `${ended} and holds nothing back` };
  }
  const untilMs = parseRfc3339(until)?.ms ?? Number.NaN;
  return untilMs > nowMs
    ? {
        request,
        reason: 'backoff',
        until,
        untilMs,
        why: `${ended}; the next execution is allowed at ${until}`,
      }
    : { request, reason: 'none', why: `${ended} and its backoff is over since ${until}` };
}

const order = {
  active: (a: Standing, b: Standing) => createdMs(a) - createdMs(b) || byName(a, b),
  manualReview: byName,
  backoff: (a: Standing, b: Standing) => (b.untilMs ?? 0) - (a.untilMs ?? 0) || byName(a, b),
};

function createdMs({ request }: Standing): number {
  const parsed = Date.parse(request.creationTimestamp ?? '');
  return Number.isNaN(parsed) ? Number.MAX_SAFE_INTEGER : parsed;
}

function byName(a: Standing, b: Standing): number {
  if (a.request.name === b.request.name) return 0;
  return a.request.name < b.request.name ? -1 : 1;
}

function shown(phase: string): string {
  return phase === '' ? 'not set' : phase;
}
