/**
 * The x-kubernetes-validations of a schema. The store has no CEL interpreter: it knows the rules that the
 * definitions of remediation kinds carry by their text. A rule that it does not know is not checked.
 */
import { invalidValue, omitted, type FieldError } from './field-error.ts';
import { isObject, sameJson } from './json.ts';
import { sameByMeaning } from './schema-equality.ts';
import type { Place } from './schema-validation.ts';
import type { Schema, ValidationRule } from './schema.ts';

type Transition = (self: unknown, old: unknown, schema: Schema) => boolean;

const knownRules: Record<string, Transition> = {
  'self == oldSelf': sameByMeaning,
  "oldSelf == '' || self == oldSelf": (self, old, schema) => old === '' || sameByMeaning(self, old, schema),
};

/** Transition rules hold only between an old value and a new one. */
export function checkTransitions(schema: Schema, place: Place): FieldError[] {
  if (place.old === undefined || sameJson(place.old.value, place.value)) return [];
  const old = place.old.value;
  const errors: FieldError[] = [];
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const holds = Object.hasOwn(knownRules, rule.rule) ? knownRules[rule.rule] : undefined;
    if (holds?.(place.value, old, schema) === false) errors.push(broken(rule, place));
  }
  for (const child of childrenOf(schema, place)) errors.push(...checkTransitions(child.schema, child.place));
  return errors;
}

function broken(rule: ValidationRule, place: Place): FieldError {
  const composite = isObject(place.value) || Array.isArray(place.value);
  const detail = rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`;
  return invalidValue(place.path, composite ? omitted : place.value, detail);
}

function* childrenOf(schema: Schema, place: Place): Generator<{ schema: Schema; place: Place }> {
  const before = place.old?.value;
  if (!isObject(place.value) || !isObject(before)) return;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(place.value, name) || !Object.hasOwn(before, name)) continue;
    const path = place.path === '' ? name : `${place.path}.${name}`;
    yield { schema: child, place: { path, value: place.value[name], old: { value: before[name] } } };
  }
}
