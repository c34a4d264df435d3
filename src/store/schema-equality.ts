/** Equality as CEL sees it: times are instants, however they are written, and durations lengths of time. */
import { parseDuration } from '../time/duration.ts';
import { isObject, sameJson, type Json } from './json.ts';
import type { Schema } from './schema.ts';

export function sameByMeaning(left: unknown, right: unknown, schema: Schema): boolean {
  if (sameJson(left, right)) return true;
  if (typeof left === 'string' && typeof right === 'string') return sameText(left, right, schema.format);
  if (Array.isArray(left) && Array.isArray(right)) return sameItems(left, right, schema.items ?? {});
  return isObject(left) && isObject(right) && sameFields(left, right, schema);
}

function sameFields(left: Json, right: Json, schema: Schema): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => {
    return Object.hasOwn(right, name) && sameByMeaning(left[name], right[name], fieldSchema(schema, name));
  });
}

function sameItems(left: unknown[], right: unknown[], items: Schema): boolean {
  return left.length === right.length && left.every((one, at) => sameByMeaning(one, right[at], items));
}

function sameText(left: string, right: string, format: string | undefined): boolean {
  if (format === 'date-time') return Date.parse(left) === Date.parse(right);
  if (format !== 'duration') return false;
  const length = parseDuration(left);
  return length !== undefined && length === parseDuration(right);
}

function fieldSchema(schema: Schema, name: string): Schema {
  const field = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  if (field !== undefined) return field;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
}
