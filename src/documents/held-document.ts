import type { Notice } from '../errors/reason.ts';
import type { SourceDocument } from './source-document.ts';
import type { SkippedText } from './text-lines.ts';

/** Larger ones are let go at once. */
const mostBytes = 1024 * 1024;
/** Refused documents that wait behind the one that is held back. */
const mostRefused = 64;

/**
 * Holds back the last document of a file that was read until it is known what else is to be said with it: how much text
 * was skipped, which may stand behind it. What concerns the whole file goes with the first document that was read.
 */
export class HeldDocument {
  readonly #text: SkippedText | undefined;
  readonly #first: Notice[];
  /** A document that was read, and what was refused behind it. */
  #held: SourceDocument[] = [];

  /** Without `text` nothing is held back. */
  constructor(text: SkippedText | undefined, first: Notice[]) {
    this.#text = text;
    this.#first = first;
  }

  /** The documents that may go when another one comes. */
  *exchange(document: SourceDocument): Iterable<SourceDocument> {
    if (document.kind === 'document') {
      document.warnings.unshift(...this.#first.splice(0));
      yield* this.#held.splice(0);
    }
    this.#held.push(document);
    if (this.#isToGo(document)) yield* this.release();
  }

  /** Lets go what is held, with what is to be said. */
  *release(): Iterable<SourceDocument> {
    const [first, ...others] = this.#held.splice(0);
    if (first === undefined) return;
    const notice = first.kind === 'document' ? this.#text?.take() : undefined;
    if (notice !== undefined && first.kind === 'document') first.warnings.push(notice);
    yield first;
    yield* others;
  }

  #isToGo(last: SourceDocument): boolean {
    const [first] = this.#held;
    if (this.#text === undefined || first?.kind !== 'document') return true;
    return this.#held.length > mostRefused || (last.kind === 'document' && (last.bytes ?? 0) > mostBytes);
  }
}
