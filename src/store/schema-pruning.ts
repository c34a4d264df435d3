import { isObject, type Json } from './json.ts';
import type { Schema } from './schema.ts';

/**
 * Removes what a structural schema does not name, in place, and returns the paths removed, as the API server
 * warns of them. The type and the metadata of the root are not the schema's business.
 */
export function pruneUnknown(root: Json, schema: Schema): string[] {
  const removed: string[] = [];
  for (const name of Object.keys(root)) {
    if (name === 'apiVersion' || name === 'kind' || name === 'metadata') continue;
    const child = schema.properties?.[name];
    if (child !== undefined) prune(root[name], child, name, removed);
    else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) drop(root, name, name, removed);
  }
  return removed;
}

function prune(value: unknown, schema: Schema, path: string, removed: string[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items !== undefined) {
      value.forEach((item, index) => {
        prune(item, items, `${path}[${index}]`, removed);
      });
    }
    return;
  }
  if (!isObject(value)) return;
  for (const name of Object.keys(value)) pruneField(value, name, schema, { path, removed });
}

interface Place {
  path: string;
  removed: string[];
}

const embedded = new Set(['apiVersion', 'kind', 'metadata']);

function pruneField(parent: Json, name: string, schema: Schema, { path, removed }: Place): void {
  const here = `${path}.${name}`;
  const declared = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  if (declared !== undefined) {
    prune(parent[name], declared, here, removed);
  } else if (typeof schema.additionalProperties === 'object') {
    prune(parent[name], schema.additionalProperties, here, removed);
  } else if (!keepsUnknown(schema, name)) {
    drop(parent, name, here, removed);
  }
}

function keepsUnknown(schema: Schema, name: string): boolean {
  if (schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true)
    return true;
  return schema['x-kubernetes-embedded-resource'] === true && embedded.has(name);
}

function drop(parent: Json, name: string, path: string, removed: string[]): void {
  Reflect.deleteProperty(parent, name);
  removed.push(path);
}
