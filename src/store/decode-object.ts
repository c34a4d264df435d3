/** From the body of a write to an object of the kind that the path names. */
import { apiVersionOf } from '../api/objects.ts';
import { decodeEvent } from './core-event.ts';
import { fieldsAsStored, isEventView } from './event-views.ts';
import { isTooDeep, scanJson, tooDeep } from './go-json.ts';
import { isObject, type Json } from './json.ts';
import { decodeLease } from './lease.ts';
import { cleanMetadata } from './metadata-fields.ts';
import { badRequest, bodyTooLarge } from './refusals.ts';
import { applyDefaults } from './schema-defaults.ts';
import { pruneUnknown } from './schema-pruning.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredObject } from './stored-object.ts';
import { jsonTypeOf, unreadable } from './typed-fields.ts';
import type { FieldValidation } from './write-options.ts';

const bodyLimitBytes = 3 * 1024 * 1024;

export interface ParsedBody {
  value: unknown;
  text: string;
  /** Paths of keys that occur more than once; the last one counts. */
  repeated: string[];
}

export interface DecodedObject {
  object: StoredObject;
  warnings: string[];
}

/** `explain` makes the refusal out of Go's error text. @throws that refusal, and a 413 one */
export function parseBody(text: string | undefined, explain: (why: string) => Error): ParsedBody {
  const body = text ?? '';
  // No character takes more than three bytes: short bodies need not be measured.
  if (body.length * 3 > bodyLimitBytes && Buffer.byteLength(body) > bodyLimitBytes) {
    throw bodyTooLarge(bodyLimitBytes);
  }
  if (isTooDeep(body)) throw explain(tooDeep);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw explain(scanJson(body).error ?? 'unexpected end of JSON input');
  }
  return { value, text: body, repeated: repeatedKeys(value, body) };
}

/** What was written by JSON.stringify, as every body of ours, needs no scan: it repeats no key. */
function repeatedKeys(value: unknown, text: string): string[] {
  return JSON.stringify(value) === text ? [] : scanJson(text).repeated;
}

/** @throws 400 and 413 refusals */
export function parseObjectBody(text: string | undefined, kind: ServedKind): ParsedBody {
  return parseBody(text, (why) => {
    return unrecognized(kind, `couldn't get version/kind; json parse error: ${why}`, text ?? '');
  });
}

const summaryLength = 30;

function unrecognized(kind: ServedKind, why: string, text: string): Error {
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summaryOf(text)})`,
  );
}

function summaryOf(text: string): string {
  if (text === '') return '<empty>';
  const bytes = Buffer.from(text);
  const shown = (part: Buffer): string => part.toString(text.startsWith('{') ? 'utf8' : 'hex');
  return bytes.length > summaryLength ? `${shown(bytes.subarray(0, summaryLength))} ...` : shown(bytes);
}

const typeStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** @throws 400 refusals */
export function decodeObject(body: ParsedBody, kind: ServedKind, validation: FieldValidation): DecodedObject {
  const { value, text, repeated } = body;
  if (!isObject(value)) {
    const why = `json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type ${typeStruct}`;
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${why}`, text);
  }
  requireType(value, kind, text);
  const { object, unknown } = cleanObject(value, kind);
  const problems = [
    ...repeated.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (validation === 'Strict' && problems.length > 0) {
    throw unreadable(kind, `strict decoding error: ${problems.join(', ')}`);
  }
  return { object, warnings: validation === 'Ignore' ? [] : problems };
}

export interface CleanObject {
  object: StoredObject;
  /** Paths of fields that the kind does not have. */
  unknown: string[];
}

/** Works in place. @throws 400 refusals for fields of the wrong Go type */
export function cleanObject(value: Json, kind: ServedKind): CleanObject {
  const object = value as StoredObject;
  const given = value['metadata'] ?? {};
  if (!isObject(given)) {
    const found = jsonTypeOf(given);
    throw unreadable(kind, `json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`);
  }
  object.metadata = given;
  const unknown = [...cleanMetadata(given, kind), ...cleanContent(object, kind)].sort();
  return { object, unknown };
}

function requireType(value: Json, kind: ServedKind, text: string): void {
  const expected = apiVersionOf(kind);
  if (kind.custom === undefined) {
    value['apiVersion'] ??= expected;
    value['kind'] ??= kind.kind;
  }
  const apiVersion = typeof value['apiVersion'] === 'string' ? value['apiVersion'] : '';
  const name = value['kind'];
  if (typeof name !== 'string' || name === '') {
    throw unrecognized(kind, `Object 'Kind' is missing in '${text}'`, text);
  }
  if (kind.custom === undefined) requireRegistered(kind, apiVersion, name);
  if (apiVersion === expected) return;
  throw badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
  );
}

/** The scheme of the built-in kinds knows no other kind under this group. */
function requireRegistered(kind: ServedKind, apiVersion: string, name: string): void {
  const expected = apiVersionOf(kind);
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  if (group !== kind.group || (name === kind.kind && apiVersion === expected)) return;
  throw badRequest(
    `${name} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: no kind ${JSON.stringify(name)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

function cleanContent(object: StoredObject, kind: ServedKind): string[] {
  if (kind.res === 'leases.coordination.k8s.io') return decodeLease(object);
  if (kind.res === 'events') return isEventView(kind) ? fieldsAsStored(object) : decodeEvent(object);
  if (kind.custom === undefined) return [];
  const foreign = object.apiVersion !== apiVersionOf(kind);
  // A version that the definition does not have has no schema, and so no fields.
  const schema = foreign ? {} : kind.custom.schema;
  if (schema === undefined) return [];
  const unknown = pruneUnknown(object, schema);
  applyDefaults(object, schema);
  return unknown;
}
