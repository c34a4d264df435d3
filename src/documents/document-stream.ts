import { optionName } from '../errors/option-name.ts';
import type { SourceDocument, UnreadableDocument } from './source-document.ts';
import { refuse, type DocumentPlace } from './document-failure.ts';
import type { SkippedText } from './text-lines.ts';
import type { YamlThreads } from './yaml-thread.ts';

/** What a format reads its window with. */
export interface StreamOptions {
  file: string;
  maxDocumentBytes: number;
  /** Ends the work on a document that takes long, with its reason. */
  signal?: AbortSignal | undefined;
  yamlThreads?: YamlThreads | undefined;
  /** Documents that do not fit into 1 MiB are handed on element by element, where they have elements. */
  elements?: boolean;
  /** Takes up the lines between JSON documents that are no JSON; without it they are refused. */
  text?: SkippedText;
  /** What to do about a document that is refused, where the format was a guess. */
  hint?: string;
}

/** One format's way to cut a byte window into documents. */
export interface DocumentStream {
  /** The documents that the window holds in full; it is to be called again after every fill. */
  take(ended: boolean): Iterable<SourceDocument> | AsyncIterable<SourceDocument>;
  /** Documents met so far, refused ones included. */
  readonly documents: number;
}

const wholeBytes = 1024 * 1024;

/** Larger documents are read element by element where that is asked for. */
export function mostWholeBytes({ maxDocumentBytes }: StreamOptions): number {
  return Math.min(wholeBytes, maxDocumentBytes);
}

/** DOCUMENT_TOO_LARGE, for a limit in bytes. */
export function tooLarge(
  place: DocumentPlace,
  maxDocumentBytes: number,
  what = 'the document',
): UnreadableDocument {
  return refuse(
    place,
    'DOCUMENT_TOO_LARGE',
    `${what} is larger than ${maxDocumentBytes} bytes`,
    `Split it, or raise the limit with ${optionName('maxDocument')}.`,
  );
}
