/** From the body of a write to an object of the kind that the path names. */
import { messageOf } from '../errors/remedy-error.ts';
import { apiVersionOf } from '../api/objects.ts';
import { isObject, type Json } from './json.ts';
import { decodeLease } from './lease.ts';
import { cleanMetadata } from './metadata-fields.ts';
import { badRequest, bodyTooLarge } from './refusals.ts';
import { applyDefaults } from './schema-defaults.ts';
import { pruneUnknown } from './schema-pruning.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredObject } from './stored-object.ts';
import type { FieldValidation } from './write-options.ts';

export const bodyLimitBytes = 3 * 1024 * 1024;

export interface DecodedObject {
  object: StoredObject;
  warnings: string[];
}

/** @throws 400 and 413 refusals */
export function parseBody(text: string | undefined, kind: ServedKind): unknown {
  const body = text ?? '';
  if (Buffer.byteLength(body) > bodyLimitBytes) throw bodyTooLarge(bodyLimitBytes);
  try {
    return JSON.parse(body);
  } catch (error) {
    throw badRequest(
      `${unrecognized(kind)}: couldn't get version/kind; json parse error: ${messageOf(error)}`,
    );
  }
}

function unrecognized(kind: ServedKind): string {
  return `the object provided is unrecognized (must be of type ${kind.kind})`;
}

/** @throws 400 refusals */
export function decodeObject(value: unknown, kind: ServedKind, validation: FieldValidation): DecodedObject {
  if (!isObject(value)) {
    throw badRequest(
      `${unrecognized(kind)}: couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct { APIVersion string; Kind string }`,
    );
  }
  requireType(value, kind);
  const object = value as StoredObject;
  const metadata: Json = isObject(object['metadata']) ? object['metadata'] : {};
  object.metadata = metadata;
  const unknown = [...cleanMetadata(metadata, kind), ...cleanContent(object, kind)].sort();
  if (validation === 'Strict' && unknown.length > 0) throw strictly(kind, unknown);
  return {
    object,
    warnings: validation === 'Ignore' ? [] : unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  };
}

function strictly(kind: ServedKind, unknown: string[]): Error {
  const texts = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  return badRequest(
    `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: strict decoding error: ${texts.join(', ')}`,
  );
}

function requireType(value: Json, kind: ServedKind): void {
  const expected = apiVersionOf(kind);
  if (kind.custom === undefined) {
    value['apiVersion'] ??= expected;
    value['kind'] ??= kind.kind;
  }
  if (typeof value['kind'] !== 'string' || value['kind'] === '') throw missingKind(value, kind);
  const apiVersion = typeof value['apiVersion'] === 'string' ? value['apiVersion'] : '';
  if (apiVersion !== expected) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (kind.custom === undefined && value['kind'] !== kind.kind) {
    throw badRequest(
      `${value['kind']} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: no kind ${JSON.stringify(value['kind'])} is registered for version ${JSON.stringify(expected)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
}

function missingKind(value: Json, kind: ServedKind): Error {
  const text = JSON.stringify(value);
  const summary = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
  return badRequest(`${unrecognized(kind)}: Object 'Kind' is missing in '${text}' (${summary})`);
}

function cleanContent(object: StoredObject, kind: ServedKind): string[] {
  if (kind.res === 'leases.coordination.k8s.io') return decodeLease(object);
  const schema = kind.custom?.schema;
  if (schema === undefined) return [];
  const unknown = pruneUnknown(object, schema);
  applyDefaults(object, schema);
  return unknown;
}
