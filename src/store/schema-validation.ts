/**
 * Validation of a value by a structural schema, with the errors of kube-apiserver: the checks, their order and
 * their texts are those of k8s.io/kube-openapi pkg/validation/validate as apiextensions-apiserver (1.35) uses it.
 *
 * Ratcheting: where the old value is known and equal to the new one, errors of that part are dropped, so that a
 * write does not stumble over an invalid value that it leaves as it is.
 */
import { fieldError, invalidValue, requiredValue, tooMany, type FieldError } from './field-error.ts';
import { isObject, sameJson, type Json } from './json.ts';
import { checkEnum, checkNumber, checkText, checkType } from './schema-checks.ts';
import type { Schema } from './schema.ts';

/** A place in the document: the value there, and the value it replaces where one can be correlated. */
export interface Place {
  path: string;
  value: unknown;
  old: { value: unknown } | undefined;
}

export function validateBySchema(schema: Schema, place: Place): FieldError[] {
  const errors = eachOnce(checkAll(schema, place));
  if (errors.length === 0 || place.old === undefined) return errors;
  return sameJson(place.old.value, place.value) ? [] : errors;
}

/** The server's validator keeps one of several errors with the same text. */
function eachOnce(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>();
  return errors.filter((error) => {
    const text = `${error.field}: ${error.body}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

function checkAll(schema: Schema, place: Place): FieldError[] {
  const { path, value } = place;
  const errors = checkType(schema, path, value);
  if (value === null) return [...errors, ...checkEnum(schema, path, value)];
  errors.push(...checkCombinations(schema, place));
  if (typeof value === 'string') errors.push(...checkText(schema, path, value));
  if (typeof value === 'number') errors.push(...checkNumber(schema, path, value));
  if (Array.isArray(value)) errors.push(...checkItems(schema, place, value));
  errors.push(...checkEnum(schema, path, value));
  if (isObject(value)) errors.push(...checkFields(schema, place, value));
  return errors;
}

function checkCombinations(schema: Schema, place: Place): FieldError[] {
  const errors: FieldError[] = [];
  errors.push(...checkAnyOf(schema, place), ...checkOneOf(schema, place));
  const all = (schema.allOf ?? []).map((part) => checkAll(part, place));
  errors.push(...all.flat());
  const failed = all.filter((found) => found.length > 0).length;
  if (failed > 0) {
    const none = failed === all.length ? '. None validated' : '';
    errors.push(combination(place, `must validate all the schemas (allOf)${none}`));
  }
  if (schema.not !== undefined && checkAll(schema.not, place).length === 0) {
    errors.push(combination(place, 'must not validate the schema (not)'));
  }
  return errors;
}

function checkAnyOf(schema: Schema, place: Place): FieldError[] {
  if (schema.anyOf === undefined || schema.anyOf.length === 0) return [];
  const results = schema.anyOf.map((part) => checkAll(part, place));
  if (results.some((found) => found.length === 0)) return [];
  return [combination(place, 'must validate at least one schema (anyOf)'), ...(results[0] ?? [])];
}

function checkOneOf(schema: Schema, place: Place): FieldError[] {
  if (schema.oneOf === undefined || schema.oneOf.length === 0) return [];
  const results = schema.oneOf.map((part) => checkAll(part, place));
  const valid = results.filter((found) => found.length === 0).length;
  if (valid === 1) return [];
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  const error = combination(place, `must validate one and only one schema (oneOf). ${found}`);
  return valid === 0 ? [error, ...(results[0] ?? [])] : [error];
}

/** These come without a field of their own from the server's validator. */
function combination(place: Place, text: string): FieldError {
  return invalidValue('<nil>', '', `${JSON.stringify(place.path)} ${text}`);
}

function checkItems(schema: Schema, place: Place, items: unknown[]): FieldError[] {
  const { path } = place;
  const errors: FieldError[] = [];
  const itemSchema = schema.items;
  if (itemSchema !== undefined) {
    items.forEach((value, index) => {
      const old = oldItem(schema, place.old?.value, { value, index });
      errors.push(...validateBySchema(itemSchema, { path: `${path}[${index}]`, value, old }));
    });
  }
  if (schema.minItems !== undefined && items.length < schema.minItems) {
    errors.push(
      invalidValue(path, items.length, `${path} in body should have at least ${schema.minItems} items`),
    );
  }
  if (schema.maxItems !== undefined && items.length > schema.maxItems) {
    errors.push(tooMany(path, items.length, schema.maxItems));
  }
  return errors;
}

/** Only lists with keys correlate: in others the API server cannot tell which item was which. */
function oldItem(schema: Schema, oldList: unknown, item: { value: unknown; index: number }): Place['old'] {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || keys === undefined || !Array.isArray(oldList))
    return undefined;
  const now = item.value;
  if (!isObject(now)) return undefined;
  const match: unknown = oldList.find(
    (before) => isObject(before) && keys.every((key) => sameJson(before[key], now[key])),
  );
  return match === undefined ? undefined : { value: match };
}

function checkFields(schema: Schema, place: Place, fields: Json): FieldError[] {
  const { properties = {}, additionalProperties: rest } = schema;
  const errors = checkFieldCount(schema, place.path, Object.keys(fields).length);
  if (typeof rest === 'object') {
    for (const name of Object.keys(fields)) {
      if (Object.hasOwn(properties, name)) continue;
      errors.push(...validateBySchema(rest, childPlace(place, fields, name)));
    }
  }
  for (const [name, child] of Object.entries(properties)) {
    if (Object.hasOwn(fields, name)) errors.push(...validateBySchema(child, childPlace(place, fields, name)));
  }
  return [...errors, ...checkRequired(schema, place, fields)];
}

function checkRequired(schema: Schema, place: Place, fields: Json): FieldError[] {
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(fields, name));
  return missing.map((name) => requiredValue(childPath(place, name)));
}

function childPath(parent: Place, name: string): string {
  return parent.path === '' ? name : `${parent.path}.${name}`;
}

function childPlace(parent: Place, fields: Json, name: string): Place {
  const before = parent.old?.value;
  const known = isObject(before) && Object.hasOwn(before, name);
  return {
    path: childPath(parent, name),
    value: fields[name],
    old: known ? { value: before[name] } : undefined,
  };
}

function checkFieldCount(schema: Schema, path: string, count: number): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    const detail = `${path} in body should have at least ${schema.minProperties} properties`;
    errors.push(fieldError('FieldValueInvalid', path, count, detail));
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    errors.push(tooMany(path, count, schema.maxProperties));
  }
  return errors;
}
