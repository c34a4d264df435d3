import type { Notice, Reason } from '../errors/reason.ts';

/** One document out of a file, as the reader hands it on. */
export type SourceDocument = ReadDocument | UnreadableDocument;

/** An element of a large document that is read element by element: the document is not there as a whole. */
export interface DocumentPart {
  /** Of the elements, from 0. */
  index: number;
  /** The document is an array, or an object whose `items` are read one after the other. */
  of: 'array' | 'items';
  /** The members of the object that stand before its `items`; empty for an array. */
  frame: Readonly<Record<string, unknown>>;
}

/** A document that could be read; what it means is for its reader to find out. */
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
  /** When it came, milliseconds of a monotonic clock, where that is earlier than when it is taken up. */
  cameMonotonicMs?: number;
  /** `value`, `text` and `line` are those of one element of the document. */
  part?: DocumentPart;
}

/** A document that is refused; the reader goes on with the next one where the format allows it. */
export interface UnreadableDocument {
  kind: 'unreadable';
  file: string;
  document: number;
  /** INVALID_DOCUMENT, UNKNOWN_FORMAT, DOCUMENT_TOO_LARGE, INPUT_NOT_FOUND, INPUT_UNREADABLE or EMPTY_INPUT; of a named input also its own. */
  reason: Reason;
  /** The element that is refused, where the document is read element by element. */
  part?: Pick<DocumentPart, 'index' | 'of'>;
  line?: number;
  column?: number;
}
