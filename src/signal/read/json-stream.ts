import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../errors/remedy-error.ts';
import type { Notice } from '../signal.ts';
import type { ReadDocument, SourceDocument } from '../source-document.ts';
import type { ByteWindow } from './byte-window.ts';
import { bomSkipped, byteOrderMark, mayStartWithMark, startsWithMark } from './byte-order-mark.ts';
import { refuse } from './document-failure.ts';
import { tooLarge, type DocumentStream, type StreamOptions } from './document-stream.ts';
import { countMembers, findDuplicateKeys, warnOfDuplicates } from './duplicate-keys.ts';
import { findJsonFault } from './json-fault.ts';
import { isJsonSpace, JsonValueScanner, maxDepth, more } from './json-value-scanner.ts';
import { findNonUtf8, nameByte, type TextFault } from './text-fault.ts';
import { advance } from './text-position.ts';

const newline = 0x0a;
const openArray = 0x5b;
const openObject = 0x7b;

/** One thing done: a document, `again` to look further, or undefined when more bytes are needed first. */
type Step = SourceDocument | 'again' | undefined;

/**
 * A sequence of JSON values, one a line or not, with or without space between them.
 *
 * After a refused document reading goes on at a line whose first character opens a value: `{` or `[`, after a
 * refused array `[` only (its items may well stand at the first column). Which line:
 * - The document never ended (a value opens where none can stand, a string is broken by a line's end, the
 *   input ended): the first such line behind the one on which it began, so a cut line costs itself alone.
 * - Anything else: the first such line behind the error.
 * Where there is no such line, which is so for one pretty-printed document, the error ends the file.
 */
export class JsonStream implements DocumentStream {
  readonly #window: ByteWindow;
  readonly #options: StreamOptions;
  readonly #scanner = new JsonValueScanner();
  #step: (ended: boolean) => Step = (ended) => this.#begin(ended);
  #document = 0;
  /** Bytes of the window that are done with, or known to belong to the value under way. */
  #scanned = 0;
  /** Only `[` opens a line at which to go on. */
  #arraysOnly = false;
  #warnings: Notice[] = [];
  /** How far into the input the last search for an error went, and what it found; by offset in the input. */
  #examined: { end: number; fault: TextFault | undefined } = { end: 0, fault: undefined };

  constructor(window: ByteWindow, options: StreamOptions) {
    this.#window = window;
    this.#options = options;
  }

  *take(ended: boolean): Generator<SourceDocument, void> {
    for (let step = this.#step(ended); step !== undefined; step = this.#step(ended)) {
      if (step !== 'again') yield step;
    }
  }

  get documents(): number {
    return this.#document;
  }

  /** Between documents: finds where the next one starts. */
  #begin(ended: boolean): Step {
    const window = this.#window;
    let at = window.start + this.#scanned;
    while (at < window.end && isJsonSpace(window.bytes[at])) at += 1;
    window.drop(at - window.start);
    this.#scanned = 0;
    if (window.length === 0) return undefined;
    if (!ended && mayStartWithMark(window)) return undefined;
    if (startsWithMark(window)) {
      window.dropMark(byteOrderMark.length);
      this.#warnings.push(bomSkipped);
      return 'again';
    }
    const first = window.bytes[window.start] ?? 0;
    this.#scanner.begin(first);
    this.#arraysOnly = first === openArray;
    this.#step = (ended) => this.#value(ended);
    return 'again';
  }

  #value(ended: boolean): Step {
    const window = this.#window;
    const result = this.#scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result === more) return this.#incomplete(ended);
    if (result < 0) return this.#broken(~result - window.start);
    return this.#complete(result - window.start);
  }

  #incomplete(ended: boolean): Step {
    const length = this.#window.length;
    this.#scanned = length;
    if (length > this.#options.maxDocumentBytes) {
      this.#step = (over) => this.#oversized(over);
      return this.#refuseTooLarge();
    }
    if (!ended) return undefined;
    if (this.#scanner.endsWithInput) return this.#complete(length);
    const fault = this.#findFault(length) ?? {
      offset: length,
      message: 'the input ends in the middle of a value',
    };
    return this.#refuseAt(fault, 0);
  }

  #complete(length: number): Step {
    this.#step = (ended) => this.#begin(ended);
    if (length > this.#options.maxDocumentBytes) {
      this.#scanned = length;
      return this.#refuseTooLarge();
    }
    return this.#parse(length);
  }

  #broken(offset: number): SourceDocument {
    const fault = this.#findFault(offset) ?? { offset, message: this.#describe(offset) };
    const neverEnded = this.#scanner.fault === 'unclosed' || this.#scanner.fault === 'lineBreakInString';
    return this.#refuseAt(fault, neverEnded ? 0 : fault.offset);
  }

  #describe(offset: number): string {
    const { bytes, start, position } = this.#window;
    switch (this.#scanner.fault) {
      case 'deep':
        return `nested deeper than ${maxDepth}`;
      case 'unclosed':
        return `a value opens here, but the one from line ${position.line} has not ended`;
      case 'lineBreakInString':
        return 'the line ends in the middle of a string';
      case 'controlInString':
        return `control character ${nameByte(bytes, start + offset)} in a string`;
      case 'mismatch':
        return `unexpected ${nameByte(bytes, start + offset)}`;
    }
  }

  #parse(length: number): SourceDocument {
    const { bytes, start, position } = this.#window;
    const slice = bytes.subarray(start, start + length);
    if (!isUtf8(slice)) return this.#refuseAt(this.#findFault(length) ?? { offset: 0, message: 'no UTF-8' });
    const text = slice.toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return this.#refuseAt(this.#findFault(length) ?? { offset: 0, message: messageOf(error) });
    }
    const warnings = this.#warnings;
    this.#warnings = [];
    if (countMembers(value) < this.#scanner.members) {
      warnings.push(...warnOfDuplicates(findDuplicateKeys(slice)));
    }
    this.#scanned = length;
    const read: ReadDocument = {
      kind: 'document',
      file: this.#options.file,
      document: this.#document,
      line: position.line,
      value,
      text,
      bytes: length,
      warnings,
    };
    this.#document += 1;
    return read;
  }

  /** The first error in the first `length` bytes of the document, whatever the scanner stumbled over later. */
  #findFault(length: number): TextFault | undefined {
    const { bytes, start, offset } = this.#window;
    const { end, fault } = this.#examined;
    // A line in a document that never ended is read again as a document: a value in it, it has the same error.
    if (offset < (fault?.offset ?? end) && offset + length <= end) {
      return fault && { ...fault, offset: fault.offset - offset };
    }
    const slice = bytes.subarray(start, start + length);
    const found = findNonUtf8(slice) ?? findJsonFault(slice);
    this.#examined = {
      end: offset + length,
      fault: found && { ...found, offset: found.offset + offset },
    };
    return found;
  }

  #refuseAt(fault: TextFault, resumeFrom = fault.offset): SourceDocument {
    const { bytes, start } = this.#window;
    const position = advance(this.#window.position, bytes, start, start + fault.offset);
    this.#loseFrom(resumeFrom);
    return refuse({ ...this.#place(), position }, 'INVALID_DOCUMENT', fault.message, this.#options.hint);
  }

  #refuseTooLarge(): SourceDocument {
    return tooLarge({ ...this.#place(), position: this.#window.position }, this.#options.maxDocumentBytes);
  }

  #place(): { file: string; document: number } {
    const place = { file: this.#options.file, document: this.#document };
    this.#document += 1;
    return place;
  }

  /** Passes over the rest of a document that is too large, without holding it. */
  #oversized(ended: boolean): Step {
    const window = this.#window;
    const result = this.#scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result === more) {
      // One byte stays, so that an error at the start of a line finds the line's end before it.
      window.drop(window.length - 1);
      this.#scanned = 1;
      return ended ? this.#loseFrom(1) : undefined;
    }
    if (result < 0) return this.#loseFrom(Math.max(0, ~result - window.start - 1));
    this.#scanned = result - window.start;
    this.#step = (ended) => this.#begin(ended);
    return 'again';
  }

  #loseFrom(offset: number): Step {
    this.#scanned = offset;
    this.#step = (ended) => this.#lost(ended);
    return 'again';
  }

  /** After an error: finds the line at which to go on. */
  #lost(ended: boolean): Step {
    const window = this.#window;
    const lineEnd = window.bytes.subarray(window.start, window.end).indexOf(newline, this.#scanned);
    this.#scanned = 0;
    if (lineEnd < 0) {
      window.drop(window.length);
      return undefined;
    }
    if (lineEnd + 1 === window.length && !ended) {
      window.drop(lineEnd);
      return undefined;
    }
    window.drop(lineEnd + 1);
    if (this.#opensValue(window.bytes[window.start])) this.#step = (ended) => this.#begin(ended);
    return window.length === 0 ? undefined : 'again';
  }

  #opensValue(byte: number | undefined): boolean {
    return byte === openArray || (byte === openObject && !this.#arraysOnly);
  }
}
