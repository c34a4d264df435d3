import { setImmediate } from 'node:timers/promises';
import type { Notice } from '../errors/reason.ts';
import type { SourceDocument } from './source-document.ts';
import { bomSkipped, byteOrderMark, startsWithMark } from './byte-order-mark.ts';
import type { ByteWindow } from './byte-window.ts';
import { refuse } from './document-failure.ts';
import { mostWholeBytes, tooLarge, type DocumentStream, type StreamOptions } from './document-stream.ts';
import { findNonText } from './text-fault.ts';
import { advance } from './text-position.ts';
import { yamlDocuments, type YamlPart } from './yaml-document.ts';
import { YamlElements } from './yaml-elements.ts';
import { findYamlElements, type YamlFrame } from './yaml-frame.ts';
import { workOnYaml } from './yaml-thread.ts';

/** Read in a quarter of a second: so much at most between two turns of the event loop, which sees signals then. */
const bytesPerTurn = 64 * 1024;
const marker = Buffer.from('\n---');
const space = 0x20;
/** A line that is neither blank, nor a comment, nor a directive. */
const contentLine = /^(?![ \t]*(?:[#%]|\r?$))/m;

/**
 * YAML documents, cut at the lines that start with `---`: YAML allows such a line nowhere else, so each part is
 * parsed alone and an error in one costs that one only.
 */
export class YamlStream implements DocumentStream {
  documents = 0;
  readonly #window: ByteWindow;
  readonly #options: StreamOptions;
  #scanned = 0;
  #skipping = false;
  /** The part under way has no elements by which it could be read. */
  #isWhole = false;
  #elements: YamlElements | undefined;
  /** Whose elements the part under way stands behind. */
  #tailOf: YamlFrame['of'] | undefined;
  #warnings: Notice[] = [];
  #bytesInTurn = 0;

  constructor(window: ByteWindow, options: StreamOptions) {
    this.#window = window;
    this.#options = options;
  }

  async *take(ended: boolean): AsyncGenerator<SourceDocument, void> {
    while (yield* this.#takeElements(ended)) {
      const length = this.#nextPart(ended);
      if (this.#readByElements(length ?? this.#window.length)) continue;
      if (length === undefined) {
        yield* this.#waitForEnd();
        return;
      }
      yield* this.#takePart(length);
      await this.#letOthers(length);
    }
  }

  /** False while elements are to come that are not in the window. */
  async *#takeElements(ended: boolean): AsyncGenerator<SourceDocument, boolean> {
    const elements = this.#elements;
    if (elements === undefined) return true;
    yield* elements.take(ended);
    if (!elements.over) return false;
    this.#elements = undefined;
    this.#tailOf = endsDocument(this.#window) ? undefined : elements.of;
    return true;
  }

  *#waitForEnd(): Iterable<SourceDocument> {
    if (this.#window.length > this.#options.maxDocumentBytes) {
      if (!this.#skipping) yield this.#refuseTooLarge();
      this.#skipping = true;
    }
    if (this.#skipping) this.#dropScanned();
  }

  async *#takePart(length: number): AsyncGenerator<SourceDocument, void> {
    if (!this.#skipping) {
      if (length > this.#options.maxDocumentBytes) yield this.#refuseTooLarge();
      else yield* this.#tailOf === undefined ? this.#readPart(length) : this.#readTail(length);
    }
    this.#skipping = this.#isWhole = false;
    this.#tailOf = undefined;
    this.#window.drop(length);
    this.#scanned = 0;
  }

  /** Goes over to elements where a part of so many bytes, or more, has some and is to be read so. */
  #readByElements(length: number): boolean {
    const most = mostWholeBytes(this.#options);
    if (this.#options.elements !== true || this.#isWhole || this.#skipping) return false;
    if (this.#tailOf !== undefined || length <= most) return false;
    const window = this.#window;
    const mark = startsWithMark(window) ? byteOrderMark.length : 0;
    const frame = findYamlElements(window.bytes.subarray(window.start + mark, window.start + most));
    this.#isWhole = frame === undefined;
    if (frame === undefined) return false;
    if (mark > 0) this.#warnings.push(bomSkipped);
    window.dropMark(mark);
    const { document } = this.#place();
    const ground = { window, options: this.#options, document, warnings: this.#warnings };
    this.#elements = new YamlElements(ground, frame);
    this.#scanned = 0;
    return true;
  }

  /** The length of the part in front of the next `---`, or of the rest; undefined while its end is not there. */
  #nextPart(ended: boolean): number | undefined {
    const { bytes, start, end, length } = this.#window;
    const held = bytes.subarray(start, end);
    let at = held.indexOf(marker, this.#scanned);
    while (at >= 0 && at + marker.length < length) {
      if (endsMarker(held[at + marker.length]) && !this.#isPrologue(held, at + 1)) return at + 1;
      at = held.indexOf(marker, at + 1);
    }
    if (ended) return length > 0 ? length : undefined;
    this.#scanned = at >= 0 ? at : Math.max(0, length - marker.length + 1);
    return undefined;
  }

  /** Directives and comments belong to the document whose `---` follows them. */
  #isPrologue(held: Buffer, length: number): boolean {
    return !this.#skipping && !contentLine.test(held.toString('latin1', 0, length));
  }

  async #letOthers(length: number): Promise<void> {
    this.#bytesInTurn += length;
    if (this.#bytesInTurn < bytesPerTurn) return;
    this.#bytesInTurn = 0;
    await setImmediate();
  }

  #dropScanned(): void {
    this.#window.drop(this.#scanned);
    this.#scanned = 0;
  }

  async *#readPart(length: number): AsyncGenerator<SourceDocument, void> {
    const { bytes, start, position } = this.#window;
    const marked = startsWithMark(this.#window);
    if (marked) this.#warnings.push(bomSkipped);
    const slice = bytes.subarray(marked ? start + byteOrderMark.length : start, start + length);
    for await (const part of this.#parse(slice)) {
      const at = advance(position, slice, 0, part.offset);
      if (part.refused !== undefined) {
        yield refuse({ ...this.#place(), position: at }, part.refused.code, part.refused.message);
        continue;
      }
      yield {
        kind: 'document',
        ...this.#place(),
        line: at.line,
        value: JSON.parse(part.text),
        text: part.text,
        bytes: length,
        warnings: [...this.#warnings.splice(0), ...part.warnings],
      };
    }
  }

  async *#parse(slice: Buffer): AsyncGenerator<YamlPart, void> {
    const fault = findNonText(slice);
    if (fault !== undefined) {
      yield { offset: fault.offset, refused: { code: 'INVALID_DOCUMENT', message: fault.message } };
      return;
    }
    const { maxDocumentBytes, signal, yamlThreads: threads } = this.#options;
    const options = { bytes: slice.length, signal, threads };
    yield* workOnYaml(yamlDocuments, { utf8: slice, maxDocumentBytes }, options);
  }

  /** What stands behind the elements is a mapping that goes on, or nothing. */
  async *#readTail(length: number): AsyncGenerator<SourceDocument, void> {
    const { bytes, start, position } = this.#window;
    const slice = bytes.subarray(start, start + length);
    for await (const part of this.#parse(slice)) {
      const fault = part.refused?.message ?? this.#tailFault(slice, part);
      if (fault === undefined) continue;
      const at = advance(position, slice, 0, part.offset);
      const what = `${fault}, in what stands behind the elements; they were read`;
      yield refuse({ ...this.#tailPlace, position: at }, 'INVALID_DOCUMENT', what);
    }
  }

  #tailFault(slice: Buffer, part: YamlPart): string | undefined {
    const value = part.refused === undefined ? (JSON.parse(part.text) as unknown) : undefined;
    const goesOn = this.#tailOf === 'items' && slice[0] !== space;
    if (!goesOn || value === null || typeof value !== 'object' || Array.isArray(value)) return 'no key';
    return Object.hasOwn(value, 'items') ? 'items a second time, of which nothing is read' : undefined;
  }

  get #tailPlace(): { file: string; document: number } {
    return { file: this.#options.file, document: this.documents - 1 };
  }

  #refuseTooLarge(): SourceDocument {
    const { maxDocumentBytes } = this.#options;
    const { position } = this.#window;
    if (this.#tailOf === undefined) return tooLarge({ ...this.#place(), position }, maxDocumentBytes);
    return tooLarge({ ...this.#tailPlace, position }, maxDocumentBytes, 'what stands behind the elements');
  }

  #place(): { file: string; document: number } {
    const place = { file: this.#options.file, document: this.documents };
    this.documents += 1;
    return place;
  }
}

function endsMarker(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
}

/** Whether a document ends where the window begins. */
function endsDocument({ bytes, start, end }: ByteWindow): boolean {
  return /^(?:---|\.\.\.)(?:[ \t\r\n]|$)/.test(bytes.toString('latin1', start, Math.min(end, start + 4)));
}
