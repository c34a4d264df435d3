import { setImmediate } from 'node:timers/promises';
import type { Notice } from '../errors/reason.ts';
import type { SourceDocument } from './source-document.ts';
import { bomSkipped, byteOrderMark, startsWithMark } from './byte-order-mark.ts';
import type { ByteWindow } from './byte-window.ts';
import { refuse } from './document-failure.ts';
import { tooLarge, type DocumentStream, type StreamOptions } from './document-stream.ts';
import { findNonUtf8, type TextFault } from './text-fault.ts';
import { advance } from './text-position.ts';
import { yamlDocuments } from './yaml-document.ts';
import { workOnYaml } from './yaml-thread.ts';

/** Read in a quarter of a second: so much at most between two turns of the event loop, which sees signals then. */
const bytesPerTurn = 64 * 1024;
const marker = Buffer.from('\n---');
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
  #warnings: Notice[] = [];
  #bytesInTurn = 0;

  constructor(window: ByteWindow, options: StreamOptions) {
    this.#window = window;
    this.#options = options;
  }

  async *take(ended: boolean): AsyncGenerator<SourceDocument, void> {
    for (let length = this.#nextPart(ended); length !== undefined; length = this.#nextPart(ended)) {
      if (this.#skipping) {
        this.#skipping = false;
      } else if (length > this.#options.maxDocumentBytes) {
        yield this.#refuseTooLarge();
      } else {
        yield* this.#readPart(length);
      }
      this.#window.drop(length);
      this.#scanned = 0;
      await this.#letOthers(length);
    }
    if (this.#window.length > this.#options.maxDocumentBytes) {
      if (!this.#skipping) yield this.#refuseTooLarge();
      this.#skipping = true;
    }
    if (this.#skipping) this.#dropScanned();
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
    const fault = findByteFault(slice);
    if (fault !== undefined) {
      const at = advance(position, slice, 0, fault.offset);
      yield refuse({ ...this.#place(), position: at }, 'INVALID_DOCUMENT', fault.message);
      return;
    }
    const { maxDocumentBytes, signal, yamlThreads: threads } = this.#options;
    const options = { bytes: slice.length, signal, threads };
    for await (const part of workOnYaml(yamlDocuments, { utf8: slice, maxDocumentBytes }, options)) {
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

  #refuseTooLarge(): SourceDocument {
    const place = { ...this.#place(), position: this.#window.position };
    return tooLarge(place, this.#options.maxDocumentBytes);
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

/** What the yaml library does not see: it reads text, and takes NUL for a character. */
function findByteFault(bytes: Buffer): TextFault | undefined {
  const nul = bytes.indexOf(0);
  return findNonUtf8(bytes) ?? (nul < 0 ? undefined : { offset: nul, message: 'a NUL byte' });
}
