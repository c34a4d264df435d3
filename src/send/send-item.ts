import type { JsonObject } from '../signal/known-fields.ts';
import type { IngestItem } from '../ingest/ingest-item.ts';
import type { Reason } from '../errors/reason.ts';

/**
 * What became of one signal at a gateway. `dropped`: its webhook was taken and it was left out of the answer; `unknown`:
 * it may have been taken; `wouldSend` stands in dry runs only. The others are those of an ingest.
 */
export const sendOutcomes = [
  'created',
  'duplicate',
  'wouldSend',
  'skipped',
  'rejected',
  'dropped',
  'failed',
  'unknown',
  'notRun',
] as const;

/** What became of one signal at a gateway. */
export type SendOutcome = (typeof sendOutcomes)[number];

/** One signal's result, in the shape that `signal send` prints (docs/machine-output.md). */
export interface SendItem extends Pick<
  IngestItem,
  | 'source'
  | 'resolution'
  | 'ownerChain'
  | 'signal'
  | 'about'
  | 'scope'
  | 'request'
  | 'attempts'
  | 'reason'
  | 'error'
  | 'warnings'
> {
  outcome: SendOutcome;
  /** Absent where no answer came. */
  gateway?: GatewayFacts;
  deduplication?: SentDeduplication;
  /** Dry runs only: what would be sent. */
  delivery?: DeliveryFacts;
  /** What our own walk would have made of it, right before it was sent. */
  ours?: OursFacts;
  /** Whether that is something else than what the gateway did; absent where either is not known. */
  differs?: boolean;
  /** In which ways, a clause each. */
  differences?: string[];
}

/** An answer of a gateway; of a batch all of its signals share it. */
export interface GatewayFacts {
  status: number;
  /** As it came: an object where it was JSON, else its text. */
  body: unknown;
  /** Of a batch: the result of this signal, counted from 0. */
  result?: number;
}

/** What stands in the request; where it could not be read, what the gateway claims of times alone. RFC 3339. */
export interface SentDeduplication {
  /** As it was read from the request; absent where that was not possible. */
  occurrenceCount?: number;
  /** As the answer had it: what was to be written, and nobody knows whether it was. */
  claimedCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** Whether the claimed count stands in the request; absent where it could not be read. */
  persisted?: boolean;
}

/** What would be sent. */
export interface DeliveryFacts {
  url: string;
  /** Of UTF-8. */
  bytes: number;
  body: JsonObject;
}

/** As `signal explain` has it. */
export interface OursFacts {
  outcome: 'wouldCreate' | 'wouldDuplicate' | 'wouldWait' | 'skipped' | 'rejected' | 'failed';
  fingerprint?: string;
  reason?: Reason;
}

/** Totals of a run. */
export interface SendSummary extends Record<SendOutcome, number> {
  total: number;
  /** With a comparison: how many differ from our own walk. */
  differs?: number;
}
