import type { RemediationRequest } from './request-access.ts';
import type { RequestSummary } from './request-summary.ts';

/** How an attempt to create one RemediationRequest ended, short of an error (which is thrown). */
export type CreationResult = CreatedRequest | UncertainCreation;

/** There is a request for the signal now. */
export interface CreatedRequest {
  kind: 'created';
  request: RequestSummary;
  /** As the server answered it, long texts empty; on a server-side dry run as it would have been stored. */
  object: RemediationRequest;
  /** POSTs that were made, the successful one included. */
  attempts: number;
  /**
   * The name was there already with our fingerprint: an earlier answer of our own was lost. Others may have written to
   * its status since.
   */
  adopted: boolean;
  /** Warning headers of the server. */
  warnings: string[];
}

/**
 * The retries are over and at least one POST got no definite answer: the request may exist, or may yet appear.
 * Settle it with `settleUncertainCreate` before the lock is let go.
 */
export interface UncertainCreation {
  kind: 'uncertain';
  namespace: string;
  name: string;
  fingerprint: string;
  attempts: number;
  /** What would have been thrown had every answer been definite: a CRDCreationError. */
  error: Error;
}

/** What a GET by name after an uncertain creation found. */
export type SettledCreation =
  | { kind: 'exists'; request: RequestSummary; object: RemediationRequest }
  /** Not there now; a POST under way may still land, so the lease must be left to expire. */
  | { kind: 'absent' }
  /** The name belongs to another fingerprint: our create was refused for certain. */
  | { kind: 'foreign' }
  /** The GET failed as well; treat as `absent`. */
  | { kind: 'unknown'; error: unknown };
