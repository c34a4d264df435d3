import type { OptionalMeta } from '../api/objects.ts';
import { DamageError, parseRow } from '../sqlite/damage-error.ts';
import { isObject, type Json } from './json.ts';

/** An object under work: parsed, its metadata an object; everything else may still be anything. */
export interface StoredObject extends Json {
  apiVersion: string;
  kind: string;
  metadata: StoredMetadata;
}

export interface StoredMetadata extends OptionalMeta, Json {
  name?: string;
  deletionGracePeriodSeconds?: number;
  ownerReferences?: Json[];
}

/** The text kept in the tables: type first, so that lists can cut it off, then metadata with its version. */
export function renderBody(object: StoredObject, version: number): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  return JSON.stringify({
    apiVersion,
    kind,
    metadata: { ...metadata, resourceVersion: String(version) },
    ...rest,
  });
}

/** @throws DamageError: nothing else than an object was ever written */
export function readBody(body: string): StoredObject {
  const object = parseRow(body, 'an object in it');
  if (!isStoredObject(object)) throw new DamageError('an object in it lacks its type or its metadata');
  return object;
}

/** The items of a list of a built-in kind carry no type of their own. */
export function withoutType(body: string): string {
  return body.replace(/^\{"apiVersion":"[^"]*","kind":"[^"]*",/, '{');
}

/** Everything but the metadata and the type. */
export function contentOf(object: Json): Json {
  const outside = new Set(['apiVersion', 'kind', 'metadata']);
  return Object.fromEntries(Object.entries(object).filter(([name]) => !outside.has(name)));
}

export function isStoredObject(value: unknown): value is StoredObject {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isObject(value['metadata'])
  );
}
