/** Lists that are sets or maps hold each item, or each key, once. */
import { fieldError, type FieldError } from './field-error.ts';
import { isObject, sameJson, type Json } from './json.ts';
import type { Schema } from './schema.ts';

export function checkListTypes(value: unknown, schema: Schema, path = ''): FieldError[] {
  if (Array.isArray(value)) return checkList(value, schema, path);
  if (!isObject(value)) return [];
  const errors: FieldError[] = [];
  for (const [name, child] of Object.entries(value)) {
    const childSchema = schemaOfField(schema, name);
    if (childSchema === undefined) continue;
    errors.push(...checkListTypes(child, childSchema, path === '' ? name : `${path}.${name}`));
  }
  return errors;
}

function schemaOfField(schema: Schema, name: string): Schema | undefined {
  if (Object.hasOwn(schema.properties ?? {}, name)) return schema.properties?.[name];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function checkList(items: unknown[], schema: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen: unknown[] = [];
  items.forEach((item, index) => {
    const key = identityOf(item, schema);
    if (key !== undefined) {
      if (seen.some((one) => sameJson(one, key))) {
        errors.push(fieldError('FieldValueDuplicate', `${path}[${index}]`, key, ''));
      }
      seen.push(key);
    }
    if (schema.items !== undefined) errors.push(...checkListTypes(item, schema.items, `${path}[${index}]`));
  });
  return errors;
}

/** Undefined for an item of a plain list. */
function identityOf(item: unknown, schema: Schema): unknown {
  if (schema['x-kubernetes-list-type'] === 'set') return item;
  if (schema['x-kubernetes-list-type'] !== 'map' || !isObject(item)) return undefined;
  const keys: Json = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    if (item[name] !== undefined) keys[name] = item[name];
  }
  return keys;
}
