import { setImmediate } from 'node:timers/promises';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Notice } from '../errors/reason.ts';
import type { DocumentPart, SourceDocument } from './source-document.ts';
import type { ByteWindow } from './byte-window.ts';
import { refuse, type DocumentPlace } from './document-failure.ts';
import { tooLarge, type StreamOptions } from './document-stream.ts';
import type { KeyPath } from './duplicate-keys.ts';
import { aliases, anchors, readFastYaml } from './fast-yaml.ts';
import { findNonText } from './text-fault.ts';
import { advance } from './text-position.ts';
import { yamlDocuments, type YamlPart } from './yaml-document.ts';
import type { YamlFrame } from './yaml-frame.ts';
import { workOnYaml } from './yaml-thread.ts';

const newline = 0x0a;
const space = 0x20;
const tab = 0x09;
/** How the rest of a line begins that is blank or a comment, and one of an element. */
const blank = /^(?:[#\r\n]|$)/;
const dash = /^-(?:[ \t\r\n]|$)/;
/** `---` with what tells it from a word: a line is judged when so much of it is there. */
const markerBytes = 4;
/** Elements that are parsed at once: in one turn of the event loop, which sees signals between two of them. */
const batchBytes = 128 * 1024;

/** What the elements are read with. */
export interface YamlElementsGround {
  window: ByteWindow;
  options: StreamOptions;
  /** Of the file, from 0. */
  document: number;
  /** Of what stands before the document: told with its first element. */
  warnings: Notice[];
}

/** What a line is to the elements: a part of the one before it, the next one, or what stands behind them all. */
type LineKind = 'inside' | 'element' | 'behind';

/**
 * Reads one large YAML document element by element, cut where a line begins with the dash of the next one: all that
 * belongs to an element stands further to the right, or is blank.
 *
 * Guarantees: a batch of small elements is held, or one large one; an element that is refused costs itself alone; an alias
 * means what it means in the whole document. Non-guarantee: a key that stands both before and behind the elements is not
 * noticed.
 */
export class YamlElements {
  /** The window begins with what stands behind the elements. */
  over = false;
  readonly #ground: YamlElementsGround;
  readonly #frame: YamlFrame;
  /** Where elements end, from the start of the window. */
  #ends: number[] = [];
  /** Where in the window the last line begins that was looked at. */
  #scanned = 0;
  #index = 0;
  /** The element under way was refused as too large. */
  #skipping = false;
  /** The elements that have an anchor, for the aliases behind them. */
  readonly #anchored: Buffer[] = [];

  get of(): YamlFrame['of'] {
    return this.#frame.of;
  }

  /** Takes over the window at the first byte of the document. */
  constructor(ground: YamlElementsGround, frame: YamlFrame) {
    this.#ground = ground;
    this.#frame = frame;
    ground.window.drop(frame.at);
  }

  /** The elements that end in the window. */
  async *take(ended: boolean): AsyncGenerator<SourceDocument, void> {
    while (this.#scanLine(ended)) {
      if (!this.over && (this.#ends.at(-1) ?? 0) < batchBytes) continue;
      yield* this.#readEnded();
      if (this.over) return;
      await setImmediate();
    }
    const { window, options } = this.#ground;
    if (window.length - (this.#ends.at(-1) ?? 0) <= options.maxDocumentBytes) return;
    yield* this.#readEnded();
    if (!this.#skipping) yield this.#refuseTooLarge();
    this.#skipping = true;
    this.#passOver();
  }

  /** Looks at the next line; false where more bytes are needed first. */
  #scanLine(ended: boolean): boolean {
    const { bytes, start, end } = this.#ground.window;
    const found = bytes.indexOf(newline, start + this.#scanned);
    const isThere = found >= 0 && found < end;
    if (!isThere && !ended) return false;
    const at = isThere ? found + 1 : end;
    const kind = at === end && ended ? 'behind' : this.#kindOf(at, ended);
    if (kind === undefined) return false;
    this.#scanned = at - start;
    this.over = kind === 'behind';
    if (kind !== 'inside') this.#ends.push(this.#scanned);
    return true;
  }

  /** Of the line at that byte; undefined where too little of it is there. */
  #kindOf(from: number, ended: boolean): LineKind | undefined {
    const { bytes, end } = this.#ground.window;
    const at = skip(bytes, from, end, [space]);
    if (at - from > this.#frame.indent) return 'inside';
    const shown = skip(bytes, at, end, [tab, space]);
    if (shown + markerBytes > end && !ended) return undefined;
    const rest = bytes.toString('latin1', shown, Math.min(end, shown + markerBytes));
    if (blank.test(rest)) return 'inside';
    return at === shown && at - from === this.#frame.indent && dash.test(rest) ? 'element' : 'behind';
  }

  async *#readEnded(): AsyncGenerator<SourceDocument, void> {
    const ends = this.#ends.splice(0);
    const lengths = ends.map((end, index) => end - (ends[index - 1] ?? 0));
    this.#scanned -= ends.at(-1) ?? 0;
    const [rest] = this.#skipping ? lengths.splice(0, 1) : [];
    if (rest !== undefined) {
      this.#skipping = false;
      this.#next(rest);
    }
    const values = this.#readAtOnce(lengths);
    for (const [index, length] of lengths.entries()) {
      yield values === undefined ? await this.#read(length) : this.#hand(length, values[index]);
      this.#next(length);
    }
  }

  #next(length: number): void {
    this.#ground.window.drop(length);
    this.#index += 1;
  }

  /** Drops what is known of the element that is too large. */
  #passOver(): void {
    const { window } = this.#ground;
    const rest = window.bytes.subarray(window.start + this.#scanned, window.end);
    window.drop(rest.includes(newline) ? this.#scanned : window.length);
    this.#scanned = 0;
  }

  /** All of them, where the faster library reads them as the other one does. */
  #readAtOnce(lengths: readonly number[]): unknown[] | undefined {
    const isLarge = lengths.some((length) => length > this.#ground.options.maxDocumentBytes);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    return isLarge ? undefined : this.#readFast(total, lengths.length);
  }

  #readFast(length: number, count: number): unknown[] | undefined {
    if (length > 2 * batchBytes) return undefined;
    const slice = this.#slice(length);
    if (findNonText(slice) !== undefined) return undefined;
    const value = readFastYaml(slice.toString('utf8'))?.value;
    return Array.isArray(value) && value.length === count ? value : undefined;
  }

  async #read(length: number): Promise<SourceDocument> {
    if (length > this.#ground.options.maxDocumentBytes) return this.#refuseTooLarge();
    const fast = this.#readFast(length, 1);
    if (fast !== undefined) return this.#hand(length, fast[0]);
    // a copy: it may be kept for the elements behind it
    const slice = Buffer.from(this.#slice(length));
    const fault = findNonText(slice);
    if (fault !== undefined) return this.#refuse(fault.offset, 'INVALID_DOCUMENT', fault.message);
    const part = await this.#readSlowly(slice);
    if (part.refused !== undefined) return this.#refuse(part.offset, part.refused.code, part.refused.message);
    return this.#hand(length, JSON.parse(part.text), part.warnings);
  }

  /** By the library that knows all of YAML, behind the elements with anchors where an alias may lead there. */
  async #readSlowly(slice: Buffer): Promise<YamlPart> {
    const text = slice.toString('utf8');
    const before = aliases.test(text) ? this.#anchored.slice() : [];
    if (anchors.test(text)) this.#anchored.push(slice);
    const alone = await this.#readLast([], slice);
    return alone.refused === undefined || before.length === 0 ? alone : this.#readLast(before, slice);
  }

  async #readLast(before: readonly Buffer[], slice: Buffer): Promise<YamlPart> {
    const utf8 = Buffer.concat([...before, slice]);
    const { maxDocumentBytes, signal, yamlThreads: threads } = this.#ground.options;
    const input = { utf8, maxDocumentBytes, lastOf: { count: before.length + 1, path: this.#path } };
    for await (const part of workOnYaml(yamlDocuments, input, { bytes: utf8.length, signal, threads })) {
      return { ...part, offset: Math.max(0, part.offset - (utf8.length - slice.length)) };
    }
    throw new Error('an element came out as nothing');
  }

  #slice(length: number): Buffer {
    const { bytes, start } = this.#ground.window;
    return bytes.subarray(start, start + length);
  }

  #hand(length: number, value: unknown, warnings: Notice[] = []): SourceDocument {
    const { window, options, document, warnings: before } = this.#ground;
    const { of, frame } = this.#frame;
    return {
      kind: 'document',
      file: options.file,
      document,
      line: window.position.line,
      value,
      text: JSON.stringify(value),
      bytes: length,
      warnings: [...before.splice(0), ...warnings],
      part: { index: this.#index, of, frame },
    };
  }

  #refuse(offset: number, code: ErrorCode, message: string): SourceDocument {
    return { ...refuse(this.#place(offset), code, `${this.#name}: ${message}`), ...this.#part };
  }

  #refuseTooLarge(): SourceDocument {
    const { maxDocumentBytes } = this.#ground.options;
    return { ...tooLarge(this.#place(0), maxDocumentBytes, `the element ${this.#name}`), ...this.#part };
  }

  get #path(): KeyPath {
    return this.#frame.of === 'array' ? [this.#index] : ['items', this.#index];
  }

  get #name(): string {
    return this.#frame.of === 'array' ? `[${this.#index}]` : `items[${this.#index}]`;
  }

  get #part(): { part: Pick<DocumentPart, 'index' | 'of'> } {
    return { part: { index: this.#index, of: this.#frame.of } };
  }

  #place(offset: number): DocumentPlace {
    const { window, options, document } = this.#ground;
    const position = advance(window.position, window.bytes, window.start, window.start + offset);
    return { file: options.file, document, position };
  }
}

function skip(bytes: Buffer, from: number, end: number, what: readonly number[]): number {
  let at = from;
  while (at < end && what.includes(bytes[at] ?? newline)) at += 1;
  return at;
}
