import type { Notice, Reason } from '../errors/reason.ts';
import type { ForetoldLock } from '../lease/lock-forecast.ts';
import type { NormalizedSignal, SignalAbout, SignalSource } from '../signal/signal.ts';

/**
 * What became of one signal; `wouldCreate`, `wouldDuplicate` and `wouldWait` (for a lock, in vain) stand in dry runs
 * only.
 */
export type IngestOutcome =
  | 'created'
  | 'duplicate'
  | 'wouldCreate'
  | 'wouldDuplicate'
  | 'wouldWait'
  | 'skipped'
  | 'rejected'
  | 'failed'
  | 'notRun';

/** One signal's result, in the shape that `signal ingest` prints (docs/machine-output.md). */
export interface IngestItem {
  source: SignalSource;
  outcome: IngestOutcome;
  resolution?: 'owner' | 'resource';
  ownerChain?: string[];
  signal?: NormalizedSignal;
  /** Where there is no `signal`: which alert or event it was. */
  about?: SignalAbout;
  scope?: ScopeFacts;
  request?: RequestReference;
  decision?: DecisionFacts;
  /** `wouldWait` only: the lock that would not be had in time. */
  lock?: ForetoldLock;
  deduplication?: DeduplicationFacts;
  /** Requests that this signal alone cost; look-ups and what the run shares are counted in the summary. */
  apiRequests?: number;
  /** Creation attempts. */
  attempts?: number;
  reason?: Reason;
  error?: ItemError;
  warnings?: Notice[];
}

/** Whether the resource of a signal is managed. */
export interface ScopeFacts {
  /** Absent where nothing was checked. */
  managed?: boolean;
  /** `Kind/name` of the object whose label decided. */
  decidedBy?: string;
  skipped: boolean;
}

/** A RemediationRequest by its place; `uid` where it is known. */
export interface RequestReference {
  namespace: string;
  name: string;
  uid?: string;
}

/** Why a signal is new or a duplicate: the reason, and the request that decided. */
export interface DecisionFacts {
  reason: 'active' | 'manualReview' | 'backoff' | 'none';
  request?: { namespace: string; name: string };
  phase?: string;
  /** RFC 3339; while a terminal request backs off. */
  until?: string;
}

/** What stands in `status.deduplication` of the request after the signal was counted. Times are RFC 3339. */
export interface DeduplicationFacts {
  /** Absent where nothing is known to be stored. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** False where the count could not be written (exit code 4). */
  persisted: boolean;
}

/** A failure of one signal, as the gateway would put it; `attempts` counts those of the creation. */
export interface ItemError {
  code: string;
  message: string;
  /** The error type of docs/gateway-semantics.md 7.2. */
  type: string;
  retryable: boolean;
  attempts: number;
}

/** Totals of a run. */
export interface IngestSummary {
  total: number;
  created: number;
  duplicate: number;
  wouldCreate: number;
  wouldDuplicate: number;
  wouldWait: number;
  skipped: number;
  rejected: number;
  failed: number;
  notRun: number;
  /** `shared`: what the whole run listed and watched; `lookups`: what was read to find owners, scopes and kinds. */
  apiRequests: { shared: number; lookups: number };
}
