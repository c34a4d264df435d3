import type { SourceDocument, UnreadableDocument } from '../source-document.ts';
import { refuse, type DocumentPlace } from './document-failure.ts';

export interface StreamOptions {
  file: string;
  maxDocumentBytes: number;
  /** What to do about a document that is refused, where the format was a guess. */
  hint?: string;
}

/** One format's way to cut a byte window into documents. */
export interface DocumentStream {
  /** The documents that the window holds in full; it is to be called again after every fill. */
  take(ended: boolean): Iterable<SourceDocument>;
  /** Documents met so far, refused ones included. */
  readonly documents: number;
}

export function tooLarge(place: DocumentPlace, maxDocumentBytes: number): UnreadableDocument {
  return refuse(
    place,
    'DOCUMENT_TOO_LARGE',
    `the document is larger than ${maxDocumentBytes} bytes`,
    'Split it, or raise the limit with --max-document.',
  );
}
