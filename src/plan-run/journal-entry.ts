/**
 * What a run writes down, in order. An entry is durable before what it announces happens, and what it reports has
 * happened: from the entries alone a later process knows what was sent, what came back, and what it cannot know.
 * Headers are never part of one, so no credential is.
 */
import type { NoteLine, PlannedAction, PlannedActionOf } from '../plan/plan.ts';

/** What became of an action; `not_run` and `interrupted` things have no entry. */
export const outcomes = [
  'succeeded',
  'failed',
  'skipped_duplicate',
  'skipped_uninstalling',
  'skipped_mode',
  'skipped_dependency',
  'intercepted',
  'not_run',
  'unknown',
] as const;
/** One of `outcomes`. */
export type Outcome = (typeof outcomes)[number];

/** Why an attempt or an action failed, as it was told. */
export interface RecordedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

interface EntryPlace {
  /** The index of the action. */
  readonly action: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An action begins; what depends on the moment is decided now and stays. */
export interface Begun extends EntryPlace {
  readonly kind: 'begun';
  readonly content: Content;
}

/** What is sent is rendered once, so that it can be recognised later. */
export interface Content {
  /** The text of a note, the data of a report. */
  readonly text?: string;
  /** The summary of a report with its time. */
  readonly summary?: string;
}

/** A request leaves right after this entry. */
export interface Sending extends EntryPlace {
  readonly kind: 'sending';
  /** Counts the requests of the run. */
  readonly request: number;
  /** Of the action, from 1. */
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  /** Of a write. */
  readonly body?: string;
  /** Whether it changes what the plan is about. */
  readonly write: boolean;
}

/** Status and headers of the answer are there. */
export interface Answered extends EntryPlace {
  readonly kind: 'answered';
  readonly request: number;
  readonly status: number;
}

/** An attempt failed. */
export interface Failed extends EntryPlace {
  readonly kind: 'failed';
  /** Of the action, from 1; it may have failed before anything was sent. */
  readonly attempt: number;
  /** The write may have taken effect. */
  readonly unknown: boolean;
  readonly error: RecordedError;
}

/** A write of unknown outcome was looked up and is not there: it may be sent again. */
export interface NotFound extends EntryPlace {
  readonly kind: 'notFound';
}

/** An object that an action would have made, and that was there. */
export interface FoundObject {
  readonly id?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** The account that has made it, where the system tells. */
  readonly createdBy?: string;
}

/** The end of an action; one of outcome `unknown` may be settled again by a later process. */
export interface Settled extends EntryPlace {
  readonly kind: 'settled';
  readonly outcome: Outcome;
  readonly attempts: number;
  /** What the notes say from now on. */
  readonly lines: readonly NoteLine[];
  /** What the system calls the object that was made. */
  readonly id?: string;
  /** Of a duplicate: what was there already. */
  readonly found?: FoundObject;
  readonly error?: RecordedError;
  /** Takes the place of a silence that is not run. */
  readonly standIn?: PlannedActionOf<'escalate_incident'>;
}

/** One entry of the journal. */
export type JournalEntry = Begun | Sending | Answered | Failed | NotFound | Settled;

/** What an arranged plan says of an action before the run begins. */
export interface ArrangedStep {
  readonly action: PlannedAction;
  readonly treatment: 'run' | 'skipped_mode' | 'intercepted';
}
