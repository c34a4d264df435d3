import type { Notice } from '../errors/reason.ts';
import type { SourceDocument } from './source-document.ts';
import type { ByteWindow } from './byte-window.ts';
import { bomSkipped, byteOrderMark, mayStartWithMark, startsWithMark } from './byte-order-mark.ts';
import { refuse } from './document-failure.ts';
import { mostWholeBytes, tooLarge, type DocumentStream, type StreamOptions } from './document-stream.ts';
import { JsonElements } from './json-elements.ts';
import { findElements } from './json-frame.ts';
import { JsonValueReader } from './json-value-reader.ts';
import { isJsonSpace, JsonValueScanner, more } from './json-value-scanner.ts';
import { beginsText, bracketBegins, findEmbedded, isPunctuation } from './text-lines.ts';
import type { TextFault } from './text-fault.ts';
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
 *
 * With `text` a document begins with `{` or `[` only; every other line is counted and passed over, but for an object
 * that ends it (what a logger wrote before it is text). After a refused document `{` then opens a value even in an
 * array, and so does such a line.
 */
export class JsonStream implements DocumentStream {
  readonly #window: ByteWindow;
  readonly #options: StreamOptions;
  readonly #scanner = new JsonValueScanner();
  readonly #values: JsonValueReader;
  #step: (ended: boolean) => Step = (ended) => this.#begin(ended);
  #document = 0;
  /** Bytes of the window that are done with, or known to belong to the value under way. */
  #scanned = 0;
  /** Only `[` opens a line at which to go on. */
  #arraysOnly = false;
  /** Nothing was read since the last refusal: what is left of that document may still come. */
  #isLost = false;
  /** Something was refused before. */
  #hasRefused = false;
  /** The document under way has no elements by which it could be read. */
  #isWhole = false;
  #warnings: Notice[] = [];

  constructor(window: ByteWindow, options: StreamOptions) {
    this.#window = window;
    this.#options = options;
    this.#values = new JsonValueReader(window, this.#scanner);
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
    const isValue = this.#options.text === undefined ? true : this.#beginsDocument(ended);
    if (isValue === undefined) return undefined;
    if (isValue) this.#beginValue();
    else this.#step = (over) => this.#text(over);
    return 'again';
  }

  #beginValue(): void {
    const first = this.#window.bytes[this.#window.start] ?? 0;
    this.#scanner.begin(first);
    this.#scanned = 0;
    this.#isLost = false;
    this.#isWhole = this.#options.elements !== true;
    this.#arraysOnly = first === openArray && this.#options.text === undefined;
    this.#step = (ended) => this.#value(ended);
  }

  /** Between lines of text; undefined where more has to be seen. */
  #beginsDocument(ended: boolean): boolean | undefined {
    const { bytes, start, end } = this.#window;
    if (bytes[start] !== openArray) return bytes[start] === openObject;
    const held = bytes.subarray(start, end);
    const lineEnd = held.indexOf(newline);
    const begins = bracketBegins(lineEnd < 0 ? held : held.subarray(0, lineEnd), ended || lineEnd >= 0);
    return begins && begins === 'array';
  }

  /** The rest of a line that begins as no document does. */
  #text(ended: boolean): Step {
    const window = this.#window;
    const held = window.bytes.subarray(window.start, window.end);
    const lineEnd = held.indexOf(newline, this.#scanned);
    if (lineEnd < 0 && !ended && held.length <= this.#options.maxDocumentBytes) {
      this.#scanned = held.length;
      return undefined;
    }
    const line = lineEnd < 0 ? held : held.subarray(0, lineEnd);
    const embedded = findEmbedded(line);
    this.#passOverText(embedded < 0 ? line : line.subarray(0, embedded));
    if (embedded >= 0) {
      window.drop(embedded);
      this.#beginValue();
      return 'again';
    }
    this.#scanned = line.length;
    this.#step = (over) => this.#lost(over);
    return 'again';
  }

  /** Of a refused document its brackets and commas may be left, which nobody wrote as text. */
  #passOverText(text: Buffer): void {
    if (this.#hasRefused && isPunctuation(text)) return;
    this.#options.text?.add(text, this.#window.position.line);
  }

  #value(ended: boolean): Step {
    const window = this.#window;
    const result = this.#scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result === more) return this.#incomplete(ended);
    const offset = (result < 0 ? ~result : result) - window.start;
    if (this.#readByElements(offset)) return 'again';
    return result < 0 ? this.#broken(offset) : this.#complete(offset);
  }

  #incomplete(ended: boolean): Step {
    const length = this.#window.length;
    this.#scanned = length;
    if (this.#readByElements(length)) return 'again';
    if (length > this.#options.maxDocumentBytes) {
      this.#step = (over) => this.#oversized(over);
      return this.#refuseTooLarge();
    }
    if (!ended) return undefined;
    if (this.#scanner.endsWithInput) return this.#complete(length);
    return this.#refuseAt(this.#values.faultAtEnd(length), 0);
  }

  #complete(length: number): Step {
    this.#step = (ended) => this.#begin(ended);
    if (length > this.#options.maxDocumentBytes) {
      this.#scanned = length;
      return this.#refuseTooLarge();
    }
    return this.#hand(length);
  }

  #broken(offset: number): SourceDocument {
    const fault = this.#values.faultAt(offset);
    return this.#refuseAt(fault, this.#scanner.neverEnded ? 0 : fault.offset);
  }

  #hand(length: number): SourceDocument {
    const found = this.#values.read(length);
    if ('fault' in found) return this.#refuseAt(found.fault);
    this.#scanned = length;
    const { value, text, warnings } = found;
    return {
      kind: 'document',
      ...this.#place(),
      line: this.#window.position.line,
      value,
      text,
      bytes: length,
      warnings: [...this.#warnings.splice(0), ...warnings],
    };
  }

  /** Goes over to elements where a document of so many bytes, or more, has some and is to be read so. */
  #readByElements(length: number): boolean {
    const most = mostWholeBytes(this.#options);
    if (this.#isWhole || length <= most) return false;
    const { bytes, start } = this.#window;
    const frame = findElements(bytes.subarray(start, start + most));
    this.#isWhole = frame === undefined;
    if (frame === undefined) return false;
    const reader = new JsonElements(
      {
        window: this.#window,
        scanner: this.#scanner,
        values: this.#values,
        options: this.#options,
        document: this.#document,
        warnings: this.#warnings,
      },
      frame,
    );
    this.#warnings = [];
    this.#document += 1;
    this.#step = (ended) => this.#element(reader, ended);
    return true;
  }

  #element(reader: JsonElements, ended: boolean): Step {
    const step = reader.next(ended);
    if (reader.over === undefined) return step;
    this.#hasRefused ||= reader.hasRefused;
    if (reader.over !== 'ended') {
      this.#loseFrom(reader.over.lostFrom);
    } else {
      this.#scanned = 0;
      this.#step = (over) => this.#begin(over);
    }
    return step ?? 'again';
  }

  #refuseAt(fault: TextFault, resumeFrom = fault.offset): SourceDocument {
    const { bytes, start } = this.#window;
    const position = advance(this.#window.position, bytes, start, start + fault.offset);
    this.#hasRefused = true;
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
    this.#isLost = true;
    this.#scanned = offset;
    this.#step = (ended) => this.#lost(ended);
    return 'again';
  }

  /** After an error, or in a line that is too long to be held: finds the line at which to go on. */
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
    const first = window.bytes[window.start];
    if (!this.#isLost || this.#opensValue(first)) this.#goOn();
    else if (this.#options.text !== undefined && beginsText(first)) this.#step = (ended) => this.#text(ended);
    return window.length === 0 ? undefined : 'again';
  }

  #goOn(): void {
    this.#isLost = false;
    this.#step = (ended) => this.#begin(ended);
  }

  #opensValue(byte: number | undefined): boolean {
    return byte === openArray || (byte === openObject && !this.#arraysOnly);
  }
}
