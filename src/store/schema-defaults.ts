import { isObject, setOwn, type Json } from './json.ts';
import type { Schema } from './schema.ts';

/** Fills in the defaults of a structural schema, in place; a present null stays unless the field has a default. */
export function applyDefaults(value: unknown, schema: Schema): void {
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) applyDefaults(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (child.default !== undefined && needsDefault(value, name, child)) {
      setOwn(value, name, structuredClone(child.default));
    }
    if (Object.hasOwn(value, name)) applyDefaults(value[name], child);
  }
  if (typeof schema.additionalProperties === 'object') {
    for (const [name, child] of Object.entries(value)) {
      if (schema.properties?.[name] === undefined) applyDefaults(child, schema.additionalProperties);
    }
  }
}

function needsDefault(value: Json, name: string, schema: Schema): boolean {
  if (!Object.hasOwn(value, name)) return true;
  return value[name] === null && schema.nullable !== true;
}
