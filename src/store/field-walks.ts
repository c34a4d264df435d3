/** Objects looked at field by field, as sigs.k8s.io/structured-merge-diff does it for server-side apply. */
import { FieldSet, FieldSetBuilder, type Step } from './field-set.ts';
import { isObject, sameJson, setOwn, type Json } from './json.ts';
import type { MergeShape } from './merge-shape.ts';

const namedStep = (name: string): Step => `f:${name}`;

/** What makes an item of a list the same item; undefined where it has no key, or is no item of such a list. */
function stepOf(item: unknown, shape: MergeShape): Step | undefined {
  if (shape.list === 'set') {
    return item === null || typeof item === 'object' ? undefined : `v:${JSON.stringify(item)}`;
  }
  if (!isObject(item)) return undefined;
  const entries = shape.keys.flatMap(({ name, fallback }) => {
    const value = Object.hasOwn(item, name) ? item[name] : fallback;
    return value === undefined ? [] : [[name, value] as const];
  });
  if (entries.length === 0) return undefined;
  entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `k:${JSON.stringify(Object.fromEntries(entries))}`;
}

/** The items by what they are known by, the first of each; undefined for a list that is one value. */
function indexed(value: unknown, shape: MergeShape): Map<Step, unknown> | undefined {
  if (shape.list === 'atomic' || !Array.isArray(value)) return undefined;
  const items = new Map<Step, unknown>();
  for (const item of value) {
    const step = stepOf(item, shape);
    if (step === undefined) return undefined;
    if (!items.has(step)) items.set(step, item);
  }
  return items;
}

interface Part {
  step: Step;
  value: unknown;
  shape: MergeShape;
  isNamed: boolean;
}

/** What a value is made of; undefined for one that is whole. */
function partsOf(value: unknown, shape: MergeShape): Part[] | undefined {
  if (isObject(value)) {
    if (shape.atomic) return undefined;
    return Object.entries(value).map(([name, inner]) => ({
      step: namedStep(name),
      value: inner,
      shape: shape.field(name),
      isNamed: shape.isNamed(name),
    }));
  }
  const items = indexed(value, shape);
  if (items === undefined) return undefined;
  return [...items].map(([step, item]) => ({ step, value: item, shape: shape.items(), isNamed: false }));
}

/** The fields that an applied configuration names. */
export function fieldsOf(value: unknown, shape: MergeShape): FieldSet {
  return new FieldSet(false, fieldsBelow(value, shape).children);
}

function fieldsBelow(value: unknown, shape: MergeShape): FieldSet {
  const parts = partsOf(value, shape);
  if (parts === undefined) return leaf;
  const children = new Map<Step, FieldSet>();
  for (const part of parts) {
    const below = fieldsBelow(part.value, part.shape);
    const isEmptyObject = isObject(part.value) && Object.keys(part.value).length === 0;
    const isMember = below.isMember || !part.isNamed || isEmptyObject;
    const set = new FieldSet(isMember, below.children);
    if (!set.isEmpty) children.set(part.step, set);
  }
  return new FieldSet(false, children);
}

const leaf = new FieldSet(true, new Map());

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

export function compareFields(before: Json, after: Json, shape: MergeShape): Comparison {
  const comparer = new Comparer();
  comparer.compare(before, after, shape, []);
  return comparer.done();
}

class Comparer {
  readonly #added = new FieldSetBuilder();
  readonly #modified = new FieldSetBuilder();
  readonly #removed = new FieldSetBuilder();

  /** `undefined` is absent, null a value. */
  compare(before: unknown, after: unknown, shape: MergeShape, path: readonly Step[]): void {
    const one = before === undefined ? [] : partsOf(before, shape);
    const other = after === undefined ? [] : partsOf(after, shape);
    if (one === undefined || other === undefined || one.length + other.length === 0) {
      this.#leaf(before, after, path);
      return;
    }
    this.#parts(one, other, path);
    if (before === undefined) this.#added.insert(path);
    else if (after === undefined) this.#removed.insert(path);
  }

  #parts(before: readonly Part[], after: readonly Part[], path: readonly Step[]): void {
    const later = new Map(after.map((part) => [part.step, part]));
    for (const { step, value, shape } of before) {
      this.compare(value, later.get(step)?.value, shape, [...path, step]);
      later.delete(step);
    }
    for (const { step, value, shape } of later.values()) {
      this.compare(undefined, value, shape, [...path, step]);
    }
  }

  #leaf(before: unknown, after: unknown, path: readonly Step[]): void {
    if (before === undefined) this.#added.insert(path);
    else if (after === undefined) this.#removed.insert(path);
    else if (!sameJson(before, after)) this.#modified.insert(path);
  }

  done(): Comparison {
    return { added: this.#added.done(), modified: this.#modified.done(), removed: this.#removed.done() };
  }
}

/** What is applied, on what is there: named fields are replaced or merged, the rest stays. */
export function mergeFields(live: unknown, applied: unknown, shape: MergeShape): unknown {
  if (isObject(live) && isObject(applied) && !shape.atomic) {
    const merged: Json = { ...live };
    for (const [name, value] of Object.entries(applied)) {
      const before = Object.hasOwn(live, name) ? live[name] : undefined;
      setOwn(merged, name, mergeFields(before, value, shape.field(name)));
    }
    return merged;
  }
  const before = indexed(live, shape);
  const after = indexed(applied, shape);
  if (before === undefined || after === undefined) return applied;
  return mergeItems(before, after, shape);
}

/** Items that both have come in the applied order; those of the live object alone keep their places between them. */
function mergeItems(
  live: ReadonlyMap<Step, unknown>,
  applied: ReadonlyMap<Step, unknown>,
  shape: MergeShape,
): unknown[] {
  const merged: unknown[] = [];
  const ofLive = [...live.keys()];
  const ofApplied = [...applied.keys()];
  const shared = ofApplied.filter((step) => live.has(step));
  const taken = new Set<Step>();
  const takeApplied = (step: Step): void => {
    taken.add(step);
    if (shared[0] === step) shared.shift();
    merged.push(mergeFields(live.get(step), applied.get(step), shape.items()));
  };
  let next = 0;
  const passTo = (step: Step): void => {
    for (; next < ofLive.length && ofLive[next] !== step; next += 1) {
      const other = ofLive[next] ?? '';
      if (!applied.has(other)) merged.push(live.get(other));
      // an item that comes later: the new ones stand before it
      else if (other === shared[0] && !taken.has(other)) return;
    }
    if (ofLive[next] === step) next += 1;
  };
  for (const step of ofApplied) {
    passTo(step);
    takeApplied(step);
  }
  for (const step of ofLive.slice(next)) if (!applied.has(step)) merged.push(live.get(step));
  return merged;
}

/** Without the fields of the set, and without all that is below these. */
export function removeFields(value: unknown, set: FieldSet, shape: MergeShape): unknown {
  if (set.children.size === 0) return value;
  if (isObject(value)) return removeFromObject(value, set, shape);
  const items = indexed(value, shape);
  if (items === undefined || !Array.isArray(value)) return value;
  const kept = value.flatMap((item: unknown) => {
    const below = set.child(stepOf(item, shape) ?? '');
    return below.isMember ? [] : [removeFields(item, below, shape.items())];
  });
  return kept.length === 0 && value.length > 0 ? undefined : kept;
}

function removeFromObject(value: Json, set: FieldSet, shape: MergeShape): Json | undefined {
  const kept: Json = {};
  for (const [name, inner] of Object.entries(value)) {
    const below = set.child(namedStep(name));
    if (below.isMember) continue;
    const left = removeFields(inner, below, shape.field(name));
    if (left !== undefined) setOwn(kept, name, left);
  }
  return emptied(kept, value) ? undefined : kept;
}

function emptied(kept: Json, value: Json): boolean {
  return Object.keys(kept).length === 0 && Object.keys(value).length > 0;
}

/** With the structs on the way to a field as fields of their own: they go when all that was in them goes. */
export function withNamedFields(set: FieldSet, shape: MergeShape): FieldSet {
  const children = new Map<Step, FieldSet>();
  for (const [step, child] of set.children) {
    const name = step.startsWith('f:') ? step.slice(2) : undefined;
    const inner = withNamedFields(child, name === undefined ? shape.items() : shape.field(name));
    const isNamed = name !== undefined && child.children.size > 0 && shape.isNamed(name);
    children.set(step, new FieldSet(child.isMember || isNamed, inner.children));
  }
  return new FieldSet(set.isMember, children);
}
