import type { NormalizedSignal, Notice, Reason, SignalSource } from '../signal/signal.ts';

/** What became of one signal; `wouldCreate` and `wouldDuplicate` stand in dry runs only. */
export type IngestOutcome =
  'created' | 'duplicate' | 'wouldCreate' | 'wouldDuplicate' | 'skipped' | 'rejected' | 'failed' | 'notRun';

/** One signal's result, in the shape that `signal ingest` prints (docs/machine-output.md). */
export interface IngestItem {
  source: SignalSource;
  outcome: IngestOutcome;
  resolution?: 'owner' | 'resource';
  ownerChain?: string[];
  signal?: NormalizedSignal;
  scope?: ScopeFacts;
  request?: RequestReference;
  decision?: DecisionFacts;
  deduplication?: DeduplicationFacts;
  /** Requests that this signal alone cost; look-ups and what the run shares are counted in the summary. */
  apiRequests?: number;
  /** Creation attempts. */
  attempts?: number;
  reason?: Reason;
  error?: ItemError;
  warnings?: Notice[];
}

export interface ScopeFacts {
  /** Absent where nothing was checked. */
  managed?: boolean;
  /** `Kind/name` of the object whose label decided. */
  decidedBy?: string;
  skipped: boolean;
}

export interface RequestReference {
  namespace: string;
  name: string;
  uid?: string;
}

export interface DecisionFacts {
  reason: 'active' | 'manualReview' | 'backoff' | 'none';
  request?: { namespace: string; name: string };
  phase?: string;
  /** RFC 3339; while a terminal request backs off. */
  until?: string;
}

export interface DeduplicationFacts {
  /** Absent where nothing is known to be stored. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** False where the count could not be written (exit code 4). */
  persisted: boolean;
}

export interface ItemError {
  code: string;
  message: string;
  /** The error type of gateway-behaviour.md 7. */
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
  skipped: number;
  rejected: number;
  failed: number;
  notRun: number;
  /** `shared`: lists and watches of the run; `lookups`: owner, scope and discovery reads. */
  apiRequests: { shared: number; lookups: number };
}
