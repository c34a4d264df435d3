import { isUtf8 } from 'node:buffer';
import type { DocumentPart } from './source-document.ts';
import { isJsonSpace, JsonValueScanner } from './json-value-scanner.ts';

const openArray = 0x5b;
const openObject = 0x7b;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;

/** Where the elements of a document begin, and what stands before them. */
export interface ElementsFrame extends Pick<DocumentPart, 'of' | 'frame'> {
  /** Of the first byte behind the bracket that opens the elements. */
  at: number;
}

/**
 * Finds the elements of a document by its beginning: those of an array, or of an object's `items`. Undefined where
 * `items` is no array, does not begin within the bytes, or something before it is not in order.
 */
export function findElements(beginning: Buffer): ElementsFrame | undefined {
  if (beginning[0] === openArray) return { of: 'array', at: 1, frame: {} };
  if (beginning[0] !== openObject) return undefined;
  const scanner = new JsonValueScanner();
  let at = skipSpace(beginning, 1);
  while (beginning[at] === quote) {
    const keyAt = at;
    const keyEnd = endOfValue(scanner, beginning, at);
    const colonAt = skipSpace(beginning, keyEnd);
    const valueAt = skipSpace(beginning, colonAt + 1);
    if (beginning[colonAt] !== colon || valueAt >= beginning.length) return undefined;
    if (beginning[valueAt] === openArray && isItems(beginning.subarray(keyAt, keyEnd))) {
      const frame = parseFrame(beginning.subarray(0, keyAt));
      return frame && { of: 'items', at: valueAt + 1, frame };
    }
    at = skipSpace(beginning, endOfValue(scanner, beginning, valueAt));
    if (beginning[at] !== comma) return undefined;
    at = skipSpace(beginning, at + 1);
  }
  return undefined;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isJsonSpace(bytes[at])) at += 1;
  return at;
}

/** The end of the bytes where the value does not end in them, or is broken. */
function endOfValue(scanner: JsonValueScanner, bytes: Buffer, from: number): number {
  scanner.begin(bytes[from] ?? 0);
  const end = scanner.scan(bytes, from, bytes.length);
  return end < 0 ? bytes.length : end;
}

function isItems(key: Buffer): boolean {
  return key.toString('latin1') === '"items"';
}

/** The members before the key at which the bytes end. */
function parseFrame(bytes: Buffer): Record<string, unknown> | undefined {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(`${bytes.toString('utf8').trimEnd().replace(/,$/, '')}}`) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
