import type { KubeObject } from '../api/objects.ts';

/**
 * Who wrote a field of an object last by an update (a PUT or PATCH), as its managedFields tell; undefined where they do
 * not. `path`: from the root, such as `status`, `deduplication`, `occurrenceCount`.
 */
export function writerOf(object: KubeObject, path: readonly string[]): string | undefined {
  const { managedFields } = object.metadata;
  if (!Array.isArray(managedFields)) return undefined;
  const entry = (managedFields as unknown[]).find((one) => hasField(valueOf(one, 'fieldsV1'), path));
  const manager = valueOf(entry, 'manager');
  return typeof manager === 'string' ? manager : undefined;
}

function hasField(fields: unknown, path: readonly string[]): boolean {
  return path.reduce<unknown>((at, name) => valueOf(at, `f:${name}`), fields) !== undefined;
}

function valueOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
