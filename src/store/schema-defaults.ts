import { isObject, setOwn, type Json } from './json.ts';
import type { Schema } from './schema.ts';

/**
 * Fills in the defaults of a structural schema and removes nulls that no field may have, in place: a null for a
 * field that is not nullable counts as absent.
 */
export function applyDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) applyDefaults(item, schema.items);
  } else if (isObject(value)) {
    applyToFields(value, schema);
    applyToRest(value, schema);
  }
}

function applyToFields(value: Json, schema: Schema): void {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const absent = !Object.hasOwn(value, name) || isStrayNull(value[name], child);
    if (absent && child.default !== undefined) setOwn(value, name, structuredClone(child.default));
    else if (absent) Reflect.deleteProperty(value, name);
    if (Object.hasOwn(value, name)) applyDefaults(value[name], child);
  }
}

function applyToRest(value: Json, schema: Schema): void {
  const { additionalProperties: rest } = schema;
  if (typeof rest !== 'object') return;
  for (const [name, child] of Object.entries(value)) {
    if (Object.hasOwn(schema.properties ?? {}, name)) continue;
    if (isStrayNull(child, rest)) Reflect.deleteProperty(value, name);
    else applyDefaults(child, rest);
  }
}

function isStrayNull(value: unknown, schema: Schema): boolean {
  return value === null && schema.nullable !== true;
}
