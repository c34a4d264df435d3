import type { Notice, Reason } from './signal.ts';

/** One document out of a file, as the reader hands it on. */
export type SourceDocument = ReadDocument | UnreadableDocument;

export interface ReadDocument {
  kind: 'document';
  file: string;
  /** Counts documents in the file, from 0. */
  document: number;
  /** Line on which the document starts, from 1. */
  line: number;
  value: unknown;
  /** JSON input: the document's exact text. YAML input: its JSON. */
  text: string;
  /** Size in the input: a consumer that holds several documents takes those over 1 MiB one at a time. */
  bytes?: number;
  /** Duplicate keys, a skipped BOM, control characters and the like. */
  warnings: Notice[];
}

/** A document that is refused; the reader goes on with the next one where the format allows it. */
export interface UnreadableDocument {
  kind: 'unreadable';
  file: string;
  document: number;
  /** INVALID_DOCUMENT, UNKNOWN_FORMAT, DOCUMENT_TOO_LARGE, INPUT_NOT_FOUND, INPUT_UNREADABLE or EMPTY_INPUT. */
  reason: Reason;
  line?: number;
  column?: number;
}
