import { isUtf8 } from 'node:buffer';
import type { Notice } from '../errors/reason.ts';
import { messageOf } from '../errors/remedy-error.ts';
import type { ByteWindow } from './byte-window.ts';
import { countMembers, findDuplicateKeys, warnOfDuplicates, type KeyPath } from './duplicate-keys.ts';
import { findJsonFault } from './json-fault.ts';
import { maxDepth, type JsonValueScanner } from './json-value-scanner.ts';
import { findNonUtf8, nameByte, type TextFault } from './text-fault.ts';

/** One value of a JSON text. */
export interface JsonValue {
  value: unknown;
  text: string;
  /** Of its duplicate keys. */
  warnings: Notice[];
}

/** Makes values of the first bytes of a window, and finds what is wrong with them. */
export class JsonValueReader {
  readonly #window: ByteWindow;
  readonly #scanner: JsonValueScanner;
  /** How far into the input the last search for an error went, and what it found; by offset in the input. */
  #examined: { end: number; fault: TextFault | undefined } = { end: 0, fault: undefined };

  /** `scanner`: what finds the ends of the values. */
  constructor(window: ByteWindow, scanner: JsonValueScanner) {
    this.#window = window;
    this.#scanner = scanner;
  }

  /** The value that the scanner has found to be `length` bytes long; `path`: where it stands in its document. */
  read(length: number, path: KeyPath = []): JsonValue | { fault: TextFault } {
    const { bytes, start } = this.#window;
    const slice = bytes.subarray(start, start + length);
    if (!isUtf8(slice)) return { fault: this.findFault(length) ?? { offset: 0, message: 'no UTF-8' } };
    const text = slice.toString('utf8');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return { fault: this.findFault(length) ?? { offset: 0, message: messageOf(error) } };
    }
    const warnings =
      countMembers(value) < this.#scanner.members
        ? warnOfDuplicates(findDuplicateKeys(slice).map((inside) => [...path, ...inside]))
        : [];
    return { value, text, warnings };
  }

  /** What is wrong at the byte at which the scanner stopped, or before it. */
  faultAt(offset: number): TextFault {
    return this.findFault(offset) ?? this.whereStopped(offset);
  }

  /** What is wrong with a value that the input's end cuts off. */
  faultAtEnd(length: number): TextFault {
    const message = 'the input ends in the middle of a value';
    return this.findFault(length) ?? { offset: length, message };
  }

  /** The first error in the first `length` bytes of the window, whatever the scanner stumbled over later. */
  findFault(length: number): TextFault | undefined {
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

  /** Why the scanner stopped at a byte. */
  whereStopped(offset: number): TextFault {
    return { offset, message: this.#describe(offset) };
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
}
