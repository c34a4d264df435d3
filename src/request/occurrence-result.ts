import type { Notice } from '../errors/reason.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import type { RequestSummary } from './request-summary.ts';

/** What became of a count that was to be written to `status.deduplication`. */
export type OccurrenceResult = RecordedOccurrence | UnrecordedOccurrence | StaleOccurrence;

/** The count is stored. */
export interface RecordedOccurrence {
  kind: 'recorded';
  persisted: true;
  /** The count now stored. Of n merged duplicates the i-th (from 1) shows `occurrenceCount - n + i`. */
  occurrenceCount: number;
  /** RFC 3339; absent where the stored record never had one. */
  firstSeenAt?: string;
  lastSeenAt: string;
  /** The request with the resourceVersion and deduplication after the write: enters the index. */
  request: RequestSummary;
  notice?: Notice;
}

/** The write failed for good, or the served schema has no field to hold it. */
export interface UnrecordedOccurrence {
  kind: 'unrecorded';
  persisted: false;
  /** What is stored, as far as is known: never the count that could not be written. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  request: RequestSummary;
  /** STATUS_NOT_PERSISTED, with the cause. */
  error: Error;
}

/** The request is not what it was when the decision was made: decide again. */
export interface StaleOccurrence {
  kind: 'stale';
  persisted: false;
  /**
   * `conflict`: a 409; `unanswered`: whether it was written has to be looked up; `gone`: a 404, or another object of that
   * name; `changed`: read again, and decided anew.
   */
  cause: 'conflict' | 'unanswered' | 'gone' | 'changed';
  /** The request as last known. */
  request: RequestSummary;
  /** `changed` only: the request as it is now. */
  current?: RequestSummary;
  /** `unanswered` only: the count that was sent, and what came of it. */
  sent?: { occurrenceCount: number; lastSeenAt: string; error: RemedyError };
}
