/** What differs from kind to kind when objects are written. */
import { apiVersionOf } from '../api/objects.ts';
import { checkEvent } from './core-event.ts';
import { fieldError, invalidValue, type FieldError } from './field-error.ts';
import { sameJson, type Json } from './json.ts';
import { checkLease } from './lease.ts';
import { checkChangedMetadata, checkNewMetadata } from './metadata-checks.ts';
import { checkListTypes } from './schema-list-types.ts';
import { validateBySchema, type Place } from './schema-validation.ts';
import type { Schema } from './schema.ts';
import type { ServedKind } from './served-kind.ts';
import { contentOf, type StoredObject } from './stored-object.ts';
import { checkTransitions } from './transition-rules.ts';

const isNamespace = (kind: ServedKind): boolean => kind.res === 'namespaces';

/** The server's own fields of a new object. */
export function prepareNew(object: StoredObject, kind: ServedKind): void {
  if (kind.traits.status) Reflect.deleteProperty(object, 'status');
  if (kind.traits.generation) object.metadata.generation = 1;
  else delete object.metadata.generation;
  if (isNamespace(kind)) {
    labelNamespace(object);
    object['spec'] = { finalizers: ['kubernetes'] };
    object['status'] = { phase: 'Active' };
  }
}

function labelNamespace(object: StoredObject): void {
  const { name, labels } = object.metadata;
  object.metadata.labels = { ...labels, 'kubernetes.io/metadata.name': name ?? '' };
}

/** What a write to the main resource may not change comes from the old object. */
export function prepareChanged(object: StoredObject, old: StoredObject, kind: ServedKind): void {
  if (kind.traits.status) keep(object, old, 'status');
  if (isNamespace(kind)) {
    keep(object, old, 'spec');
    labelNamespace(object);
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

/** All errors of a new object, in the server's order. */
export function checkNew(object: StoredObject, kind: ServedKind): FieldError[] {
  const typeErrors = checkTypeMeta(object, kind);
  if (typeErrors.length > 0) return blockRules(typeErrors);
  const errors = checkNewMetadata(object.metadata, kind);
  if (kind.res === 'leases.coordination.k8s.io') return [...errors, ...checkLease(object)];
  if (kind.res === 'events') return [...errors, ...checkEvent(object)];
  const schema = kind.custom?.schema;
  if (schema === undefined) return errors;
  errors.push(...validateBySchema(schema, { path: '', value: forSchema(object), old: undefined }));
  return blockRules([...errors, ...checkListTypes(object, schema)]);
}

export interface Change {
  object: StoredObject;
  old: StoredObject;
  kind: ServedKind;
  subresource: string;
}

/** Metadata is checked twice, by the server's generic code and by that of the kind; both report. */
export function checkChanged(change: Change): FieldError[] {
  const { object, old, kind } = change;
  const common = [
    ...checkNewMetadata(object.metadata, kind, { anyName: true }),
    ...checkChangedMetadata(object.metadata, old.metadata),
  ];
  const typeErrors = checkTypeMeta(object, kind);
  if (typeErrors.length > 0) return [...common, ...blockRules(typeErrors)];
  const own = checkChangedMetadata(object.metadata, old.metadata);
  if (kind.res === 'leases.coordination.k8s.io') return [...common, ...own, ...checkLease(object)];
  const schema = kind.custom?.schema;
  if (schema === undefined) return [...common, ...(kind.custom === undefined ? [] : own)];
  return [...common, ...checkChangedCustom(change, schema, own)];
}

function checkChangedCustom(change: Change, schema: Schema, own: FieldError[]): FieldError[] {
  const { object, old, subresource } = change;
  const errors = [...own, ...(subresource === 'status' ? checkStatus : checkWhole)(change, schema)];
  if (checkListTypes(old, schema).length === 0) errors.push(...checkListTypes(object, schema));
  if (isBlocked(errors)) return blockRules(errors);
  const place: Place = { path: '', value: forSchema(object), old: { value: forSchema(old) } };
  return [...errors, ...checkTransitions(schema, place)];
}

function checkWhole({ object, old }: Change, schema: Schema): FieldError[] {
  return validateBySchema(schema, { path: '', value: forSchema(object), old: { value: forSchema(old) } });
}

/** The status is checked as a document of its own: the errors name the field in full, their texts do not. */
function checkStatus({ object, old }: Change, schema: Schema): FieldError[] {
  const statusSchema = schema.properties?.['status'];
  if (statusSchema === undefined || object['status'] === undefined) return [];
  const known = old['status'] === undefined ? undefined : { value: old['status'] };
  const errors = validateBySchema(statusSchema, { path: '', value: object['status'], old: known });
  return errors.map((error) => {
    const whole = error.field === '' || error.field === '<nil>';
    return { ...error, field: whole ? 'status' : `status.${error.field}` };
  });
}

/** Metadata is validated by rules of its own. */
function forSchema(object: StoredObject): Json {
  return { ...object, metadata: {} };
}

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

function isBlocked(errors: readonly FieldError[]): boolean {
  return errors.some((error) => blocking.has(error.reason));
}

/** Rules are not evaluated on an object whose shape is wrong; the server says so in an error of its own. */
function blockRules(errors: FieldError[]): FieldError[] {
  if (!isBlocked(errors)) return errors;
  const text =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [...errors, fieldError('FieldValueInvalid', '<nil>', null, text)];
}

/** Only custom resources get here with a type that is not their own. */
function checkTypeMeta(object: StoredObject, kind: ServedKind): FieldError[] {
  if (kind.custom === undefined) return [];
  const errors: FieldError[] = [];
  if (object.kind !== kind.kind) errors.push(invalidValue('kind', object.kind, `must be ${kind.kind}`));
  const apiVersion = apiVersionOf(kind);
  if (object.apiVersion !== apiVersion) {
    errors.push(invalidValue('apiVersion', object.apiVersion, `must be ${apiVersion}`));
  }
  return errors;
}
