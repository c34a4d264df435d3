/** What differs from kind to kind when objects are written. */
import { fieldError, invalidValue, type FieldError } from './field-error.ts';
import { isObject, sameJson, type Json } from './json.ts';
import { checkLease } from './lease.ts';
import { validateBySchema, type Place } from './schema-validation.ts';
import type { ServedKind } from './served-kind.ts';
import { contentOf, type StoredObject } from './stored-object.ts';
import { checkTransitions } from './transition-rules.ts';
import { apiVersionOf } from '../api/objects.ts';

const isNamespace = (kind: ServedKind): boolean => kind.res === 'namespaces';

/** The server's own fields of a new object. */
export function prepareNew(object: StoredObject, kind: ServedKind): void {
  if (kind.traits.status) Reflect.deleteProperty(object, 'status');
  if (kind.traits.generation) object.metadata.generation = 1;
  else delete object.metadata.generation;
  if (isNamespace(kind)) {
    const { name } = object.metadata;
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name ?? '' };
    object['spec'] = { finalizers: ['kubernetes'] };
    object['status'] = { phase: 'Active' };
  }
}

/** What a write to the main resource may not change comes from the old object. */
export function prepareChanged(object: StoredObject, old: StoredObject, kind: ServedKind): void {
  if (kind.traits.status) keep(object, old, 'status');
  if (isNamespace(kind)) {
    keep(object, old, 'spec');
    object.metadata.labels = {
      ...object.metadata.labels,
      'kubernetes.io/metadata.name': object.metadata.name ?? '',
    };
  }
  if (kind.traits.generation && !sameJson(generationSource(object, kind), generationSource(old, kind))) {
    object.metadata.generation = (old.metadata.generation ?? 0) + 1;
  }
}

/** Custom resources count every change outside metadata, built-in kinds those of the spec. */
function generationSource(object: StoredObject, kind: ServedKind): unknown {
  return kind.custom === undefined ? object['spec'] : contentOf(object);
}

function keep(object: StoredObject, old: StoredObject, field: string): void {
  if (old[field] === undefined) Reflect.deleteProperty(object, field);
  else object[field] = old[field];
}

/** A write to /status changes nothing but the status. */
export function withStatusOnly(object: StoredObject, old: StoredObject): StoredObject {
  const changed: StoredObject = { ...old };
  if (object['status'] === undefined) Reflect.deleteProperty(changed, 'status');
  else changed['status'] = object['status'];
  return changed;
}

export function checkNewContent(object: StoredObject, kind: ServedKind): FieldError[] {
  if (kind.res === 'leases.coordination.k8s.io') return checkLease(object);
  if (kind.custom === undefined) return [];
  const schema = kind.custom.schema;
  if (schema === undefined) return [];
  const errors = validateBySchema(schema, { path: '', value: forSchema(object), old: undefined });
  return withBlocked(errors, []);
}

export function checkChangedContent(object: StoredObject, old: StoredObject, kind: ServedKind): FieldError[] {
  if (kind.res === 'leases.coordination.k8s.io') return checkLease(object);
  const schema = kind.custom?.schema;
  if (schema === undefined) return [];
  const place: Place = { path: '', value: forSchema(object), old: { value: forSchema(old) } };
  return withBlocked(validateBySchema(schema, place), checkTransitions(schema, place));
}

/** Metadata is validated by rules of its own. */
function forSchema(object: StoredObject): Json {
  return isObject(object.metadata) ? { ...object, metadata: {} } : object;
}

/** Rules are not evaluated on an object whose shape is wrong; the server says so in an error of its own. */
function withBlocked(errors: FieldError[], rules: FieldError[]): FieldError[] {
  if (!errors.some((error) => blocking.has(error.reason))) return [...errors, ...rules];
  const text =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [...errors, fieldError('FieldValueInvalid', '<nil>', null, text)];
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Only custom resources reach this with a type that is not their own. */
export function checkTypeMeta(object: StoredObject, kind: ServedKind): FieldError[] {
  if (kind.custom === undefined) return [];
  const errors: FieldError[] = [];
  if (object.kind !== kind.kind) errors.push(invalidValue('kind', object.kind, `must be ${kind.kind}`));
  const apiVersion = apiVersionOf(kind);
  if (object.apiVersion !== apiVersion) {
    errors.push(invalidValue('apiVersion', object.apiVersion, `must be ${apiVersion}`));
  }
  return errors;
}
