import type { Notice } from '../errors/reason.ts';
import type { DocumentPart, SourceDocument } from './source-document.ts';
import type { ByteWindow } from './byte-window.ts';
import { refuse, type DocumentPlace } from './document-failure.ts';
import { tooLarge, type StreamOptions } from './document-stream.ts';
import { findJsonFault } from './json-fault.ts';
import type { ElementsFrame } from './json-frame.ts';
import { isJsonSpace, mayBeginValue, more, type JsonValueScanner } from './json-value-scanner.ts';
import type { JsonValueReader } from './json-value-reader.ts';
import { findNonUtf8, nameByte, type TextFault } from './text-fault.ts';
import { advance } from './text-position.ts';

const comma = 0x2c;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
/** What the end of an object is parsed behind: a member that no document of ours has. */
const someMember = '{"":0';

type Step = SourceDocument | 'again' | undefined;

/** What elements are read with. */
export interface ElementsGround {
  window: ByteWindow;
  scanner: JsonValueScanner;
  values: JsonValueReader;
  options: StreamOptions;
  /** Of the file, from 0. */
  document: number;
  /** Of what was skipped before the document: told with its first element. */
  warnings: Notice[];
}

/**
 * Reads one large document element by element.
 *
 * Guarantees: one element is held at most, and what stands behind an object's `items`; an element whose brackets close
 * costs itself alone when it is refused; what comes behind the elements is checked as JSON.
 * Non-guarantee: a key that stands both before and behind the elements is not noticed, unless it is `items`.
 */
export class JsonElements {
  /** Some of it was refused. */
  hasRefused = false;
  /** Where the document ended, or, by an offset in the window, from where on it is lost; undefined while it goes on. */
  over: 'ended' | { lostFrom: number } | undefined;
  readonly #ground: ElementsGround;
  readonly #frame: ElementsFrame;
  #index = 0;
  #read = 0;
  #scanned = 0;
  #step: (ended: boolean) => Step = (ended) => this.#element(ended);

  /** Takes over the window at the first byte of the document. */
  constructor(ground: ElementsGround, frame: ElementsFrame) {
    this.#ground = ground;
    this.#frame = frame;
    ground.window.drop(frame.at);
  }

  /** One thing done, as in JsonStream. */
  next(ended: boolean): Step {
    return this.#step(ended);
  }

  /** Where an element may begin. */
  #element(ended: boolean): Step {
    const byte = this.#nextByte();
    if (byte === undefined) return this.#wait(ended);
    if (byte === closeArray && this.#index === 0) return this.#close();
    if (!mayBeginValue(byte)) return this.#unexpected();
    this.#ground.scanner.begin(byte);
    this.#scanned = 0;
    this.#step = (more) => this.#value(more);
    return 'again';
  }

  /** Behind an element. */
  #separator(ended: boolean): Step {
    const byte = this.#nextByte();
    if (byte === undefined) return this.#wait(ended);
    if (byte === closeArray) return this.#close();
    if (byte !== comma) return this.#unexpected();
    this.#ground.window.drop(1);
    this.#step = (more) => this.#element(more);
    return 'again';
  }

  #nextByte(): number | undefined {
    const { window } = this.#ground;
    let at = window.start;
    while (at < window.end && isJsonSpace(window.bytes[at])) at += 1;
    window.drop(at - window.start);
    return window.length === 0 ? undefined : window.bytes[window.start];
  }

  #wait(ended: boolean): Step {
    return ended ? this.#giveUp(endOfInput(0), 0) : undefined;
  }

  #unexpected(): Step {
    const { bytes, start, position } = this.#ground.window;
    const refused = this.#giveUp({ offset: 0, message: `unexpected ${nameByte(bytes, start)}` }, 0);
    // what opens a value at the start of a line is read as a document of its own
    if (position.column === 1 && isOpening(bytes[start])) this.over = 'ended';
    return refused;
  }

  #value(ended: boolean): Step {
    const { window, scanner, values, options } = this.#ground;
    const result = scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result === more) {
      this.#scanned = window.length;
      if (window.length > options.maxDocumentBytes) return this.#passOver();
      if (!ended) return undefined;
      return this.#giveUp(values.faultAtEnd(window.length), 0);
    }
    if (result < 0) {
      const fault = values.faultAt(~result - window.start);
      return this.#giveUp(fault, scanner.neverEnded ? 0 : fault.offset);
    }
    return this.#complete(result - window.start);
  }

  #complete(length: number): Step {
    const { window, options } = this.#ground;
    const step = length > options.maxDocumentBytes ? this.#refuseTooLarge() : this.#hand(length);
    window.drop(length);
    this.#nextElement();
    return step;
  }

  #nextElement(): void {
    this.#index += 1;
    this.#scanned = 0;
    this.#step = (ended) => this.#separator(ended);
  }

  #hand(length: number): SourceDocument {
    const { window, values, options, document, warnings } = this.#ground;
    const { of, frame } = this.#frame;
    const found = values.read(length, of === 'array' ? [this.#index] : ['items', this.#index]);
    if ('fault' in found) return this.#refuse(found.fault, this.#name);
    this.#read += 1;
    return {
      kind: 'document',
      file: options.file,
      document,
      line: window.position.line,
      value: found.value,
      text: found.text,
      bytes: length,
      warnings: [...warnings.splice(0), ...found.warnings],
      part: { index: this.#index, of, frame },
    };
  }

  /** Refuses an element that is too large, and looks for its end without holding it. */
  #passOver(): Step {
    this.#step = (ended) => this.#passing(ended);
    return this.#refuseTooLarge();
  }

  #passing(ended: boolean): Step {
    const { window, scanner } = this.#ground;
    const result = scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result >= 0) {
      window.drop(result - window.start);
      this.#nextElement();
      return 'again';
    }
    if (result === more && !ended) {
      // one byte stays, so that an error at the start of a line finds the line's end before it
      window.drop(window.length - 1);
      this.#scanned = 1;
      return undefined;
    }
    const offset = result === more ? window.length : ~result - window.start;
    const message = 'the element that is too large does not end as it should';
    return this.#giveUp({ offset, message }, Math.max(0, offset - 1));
  }

  #close(): Step {
    const { window, scanner } = this.#ground;
    window.drop(1);
    if (this.#frame.of === 'array') return this.#end();
    scanner.beginBehindMember();
    this.#scanned = 0;
    this.#step = (ended) => this.#tail(ended);
    return 'again';
  }

  /** What stands behind the elements of an object. */
  #tail(ended: boolean): Step {
    const { window, scanner, values, options } = this.#ground;
    const result = scanner.scan(window.bytes, window.start + this.#scanned, window.end);
    if (result === more) {
      this.#scanned = window.length;
      if (window.length > options.maxDocumentBytes) return this.#endlessTail();
      if (!ended) return undefined;
      return this.#giveUp(this.#tailFault(window.length) ?? endOfInput(window.length), 0, '');
    }
    if (result < 0) {
      const offset = ~result - window.start;
      const fault = this.#tailFault(offset) ?? values.whereStopped(offset);
      return this.#giveUp(fault, scanner.neverEnded ? 0 : fault.offset, '');
    }
    return this.#endTail(result - window.start);
  }

  #endTail(length: number): Step {
    const { window } = this.#ground;
    const fault = this.#tailFault(length);
    if (fault !== undefined) return this.#giveUp(fault, fault.offset, '');
    const text = window.bytes.toString('utf8', window.start, window.start + length);
    const members = JSON.parse(someMember + text) as Record<string, unknown>;
    const again = Object.hasOwn(members, 'items') ? this.#refuse(secondItems, '') : undefined;
    window.drop(length);
    return this.#end() ?? again;
  }

  /** What is wrong in the first bytes behind the elements; a text that is cut off there is not wrong for that. */
  #tailFault(length: number): TextFault | undefined {
    const { bytes, start } = this.#ground.window;
    const tail = bytes.subarray(start, start + length);
    const inUtf8 = findNonUtf8(tail);
    if (inUtf8 !== undefined) return inUtf8;
    const fault = findJsonFault(Buffer.concat([Buffer.from(someMember), tail]));
    return fault && { ...fault, offset: fault.offset - someMember.length };
  }

  #endlessTail(): SourceDocument {
    const { window, options } = this.#ground;
    this.over = { lostFrom: window.length };
    return tooLarge(this.#place(0), options.maxDocumentBytes, 'what stands behind the elements');
  }

  /** An array or list without elements is a document like any other. */
  #end(): Step {
    this.over = 'ended';
    const { window, options, document, warnings } = this.#ground;
    const { of, frame } = this.#frame;
    if (this.#index > 0) return undefined;
    const value = of === 'array' ? [] : { ...frame, items: [] };
    const text = JSON.stringify(value);
    const { line } = window.position;
    return { kind: 'document', file: options.file, document, line, value, text, warnings };
  }

  /** The document ends here, whatever stands behind it. */
  #giveUp(fault: TextFault, lostFrom: number, name = this.#name): SourceDocument {
    const read = this.#read === 1 ? 'the one element' : `the ${this.#read} elements`;
    const message = `${fault.message}; ${read} before it ${this.#read === 1 ? 'was' : 'were'} read`;
    this.over = { lostFrom };
    return this.#refuse({ ...fault, message }, name);
  }

  get #name(): string {
    const { of } = this.#frame;
    return of === 'array' ? `[${this.#index}]: ` : `items[${this.#index}]: `;
  }

  #refuse({ offset, message }: TextFault, name: string): SourceDocument {
    this.hasRefused = true;
    const { hint } = this.#ground.options;
    return { ...refuse(this.#place(offset), 'INVALID_DOCUMENT', `${name}${message}`, hint), ...this.#part };
  }

  #refuseTooLarge(): SourceDocument {
    const { maxDocumentBytes } = this.#ground.options;
    const what = `the element ${this.#name.replace(': ', '')}`;
    return { ...tooLarge(this.#place(0), maxDocumentBytes, what), ...this.#part };
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

function isOpening(byte: number | undefined): boolean {
  return byte === openArray || byte === openObject;
}

const secondItems: TextFault = {
  offset: 0,
  message: 'items stands a second time in the object: of these nothing is read',
};

function endOfInput(offset: number): TextFault {
  return { offset, message: 'the input ends in the middle of a document' };
}
