/**
 * Reads the fields that a Go struct has out of a parsed JSON object, with the type rules of Go's decoder: a wrong
 * type refuses the whole document by the path of the field, `null` and absence are the same, keys are exact.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { memberSlice } from './json-slices.ts';
import { quoteText, shortenText } from './quoted-text.ts';
import type { WrittenTime } from '../time/rfc3339.ts';
import { isUnsetTime, parseRfc3339 } from '../time/rfc3339.ts';
import type { Notice } from '../errors/reason.ts';
import { wellFormed } from './well-formed-text.ts';

export type JsonObject = Record<string, unknown>;

/** An object of a document, with its path (empty for the document itself) for the error that names a field. */
export interface KnownObject {
  value: JsonObject;
  path: string;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member; never something inherited, whatever the key is called. */
export function memberOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The value as an object; absent and `null` are an empty one. Throws INVALID_DOCUMENT. */
export function asObject(value: unknown, path: string): KnownObject {
  if (value === undefined || value === null) return { value: {}, path };
  if (!isJsonObject(value)) throw wrongType(path, value, 'an object');
  return { value, path };
}

export function objectField(parent: KnownObject, key: string): KnownObject {
  return asObject(memberOf(parent.value, key), fieldPath(parent, key));
}

/** Absent and `null` are the empty string. Throws INVALID_DOCUMENT. */
export function textField(parent: KnownObject, key: string): string {
  return asText(memberOf(parent.value, key), fieldPath(parent, key));
}

/** A map of strings without a prototype: a key such as `__proto__` is a key. Throws INVALID_DOCUMENT. */
export function textMapField(parent: KnownObject, key: string): Record<string, string> {
  const { value, path } = objectField(parent, key);
  const map = emptyTextMap();
  for (const [name, text] of Object.entries(value))
    map[wellFormed(name)] = asText(text, `${path}.${shortenText(name)}`);
  return map;
}

export function emptyTextMap(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

/** An array, or undefined where it is absent or `null`. Throws INVALID_DOCUMENT. */
export function arrayField(parent: KnownObject, key: string): unknown[] | undefined {
  const value = memberOf(parent.value, key);
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(fieldPath(parent, key), value, 'an array');
  return value as unknown[];
}

/** A time that is set: absent, `null` and Go's zero time are none. Throws INVALID_DOCUMENT. */
export function timeField(parent: KnownObject, key: string): WrittenTime | undefined {
  const value = memberOf(parent.value, key);
  const path = fieldPath(parent, key);
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(path, value, 'an RFC 3339 time');
  const time = parseRfc3339(value);
  if (time === undefined) {
    throw invalid(`${path}: ${quoteText(value)} is not an RFC 3339 time such as 2026-08-22T11:58:30Z`);
  }
  return isUnsetTime(time) ? undefined : time;
}

/** Checks an integer that is not used: a whole number written without fraction or exponent. Throws INVALID_DOCUMENT. */
export function checkIntegerField(parent: KnownObject, key: string, text: () => string): void {
  const value = memberOf(parent.value, key);
  if (value === undefined || value === null) return;
  const path = fieldPath(parent, key);
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(path, value, 'an integer');
  const written = writtenWithPoint(text(), key);
  if (written !== undefined) throw invalid(`${path}: ${written} is not written as an integer`);
}

/** The fields of a struct, and what their keys come down to where case does not matter. */
export interface KnownKeys {
  exact: ReadonlySet<string>;
  folded: ReadonlyMap<string, string>;
}

export function knownKeys(keys: Iterable<string>): KnownKeys {
  const exact = new Set(keys);
  return { exact, folded: new Map([...exact].map((key) => [foldCase(key), key])) };
}

/** Warns about keys that would be a known field if case did not matter: they are ignored. */
export function noticesOfKeyCase({ value, path }: KnownObject, known: KnownKeys): Notice[] {
  const notices: Notice[] = [];
  for (const key of Object.keys(value)) {
    if (known.exact.has(key)) continue;
    const meant = known.folded.get(foldCase(key));
    if (meant === undefined) continue;
    const at = path === '' ? key : `${path}.${key}`;
    const message = `${at} is ignored: the field is called ${meant}, and keys are exact`;
    notices.push({ code: 'KEY_CASE', message });
  }
  return notices;
}

function fieldPath(parent: KnownObject, key: string): string {
  return parent.path === '' ? key : `${parent.path}.${key}`;
}

function asText(value: unknown, path: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrongType(path, value, 'a string');
  return wellFormed(value);
}

function writtenWithPoint(text: string, key: string): string | undefined {
  if (!new RegExp(`"${key}"\\s*:\\s*-?\\d+[.eE]`).test(text)) return undefined;
  const slice = memberSlice(text, key);
  const written = slice === undefined ? '' : text.slice(slice.start, slice.end);
  return /[.eE]/.test(written) ? written : undefined;
}

/** Go folds keys by simple Unicode folding, by which the long s is an s and the Kelvin sign a k. */
function foldCase(key: string): string {
  return key.toUpperCase().toLowerCase();
}

function wrongType(path: string, value: unknown, wanted: string): RemedyError {
  const where = path === '' ? 'the document' : path;
  return invalid(`${where} must be ${wanted}, not ${describeType(value)}`);
}

function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isJsonObject(value)) return 'an object';
  if (typeof value === 'string') return `the string ${quoteText(value)}`;
  return `the ${typeof value} ${String(value)}`;
}

function invalid(message: string): RemedyError {
  return new RemedyError('INVALID_DOCUMENT', message);
}
