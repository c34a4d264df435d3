/**
 * Strategic merge patch, as kubectl makes it for built-in kinds: a merge patch in which some lists merge too, by a key or
 * as sets, with directives (`$patch`, `$retainKeys`, `$deleteFromPrimitiveList/…`, `$setElementOrder/…`) for what a merge
 * cannot say. Inputs stay as they are.
 */
import { isObject, sameJson, setOwn, without, type Json } from './json.ts';
import type { MergeShape } from './merge-shape.ts';

/** A patch with directives that mean nothing. */
export class BadPatch extends Error {}

const directive = '$patch';
const retained = '$retainKeys';
const deletedItems = '$deleteFromPrimitiveList/';
const itemOrder = '$setElementOrder/';

/** @throws BadPatch */
export function applyStrategicMergePatch(target: Json, patch: Json, shape: MergeShape): Json {
  const whole = wholeByDirective(patch);
  if (whole !== undefined) return whole;
  const result = retainKeys({ ...target }, patch, shape);
  for (const [name, value] of Object.entries(patch)) {
    if (name === directive || name === retained) continue;
    if (name.startsWith(deletedItems)) deleteItems(result, name.slice(deletedItems.length), value);
    else if (!name.startsWith(itemOrder)) patchField(result, { name, value, shape: shape.field(name) });
  }
  for (const [name, order] of Object.entries(patch)) {
    if (name.startsWith(itemOrder))
      orderItems({ result, target, shape }, name.slice(itemOrder.length), order);
  }
  return result;
}

/** What `$patch` makes of all of it; undefined where there is nothing but a merge to do. */
function wholeByDirective(patch: Json): Json | undefined {
  const asked = patch[directive];
  switch (asked) {
    case undefined:
    case 'merge':
      return undefined;
    case 'replace':
      return without(patch, directive);
    case 'delete':
      return {};
    default:
      throw new BadPatch(`unknown patch type: ${goText(asked)} in map: ${goText(patch)}`);
  }
}

/** A value as Go prints it, which refusals quote. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value === null) return '<nil>';
  if (!isObject(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `map[${names.map((name) => `${name}:${goText(value[name])}`).join(' ')}]`;
}

function retainKeys(target: Json, patch: Json, shape: MergeShape): Json {
  const keys = patch[retained];
  if (keys === undefined || !shape.patch.retainsKeys) return target;
  if (!Array.isArray(keys)) throw new BadPatch('invalid $retainKeys: it is no list');
  const kept = new Set<unknown>(keys);
  for (const name of Object.keys(patch)) {
    if (!name.startsWith('$') && patch[name] !== null && !kept.has(name)) {
      throw new BadPatch('$retainKeys does not include all keys in the patch');
    }
  }
  return Object.fromEntries(Object.entries(target).filter(([name]) => kept.has(name)));
}

function deleteItems(result: Json, name: string, items: unknown): void {
  if (!Array.isArray(items)) throw new BadPatch(`invalid ${deletedItems}${name}: it is no list`);
  const list = result[name];
  if (!Array.isArray(list)) return;
  setOwn(
    result,
    name,
    list.filter((one) => !items.some((other) => sameJson(one, other))),
  );
}

interface PatchedField {
  name: string;
  value: unknown;
  shape: MergeShape;
}

function patchField(result: Json, { name, value, shape }: PatchedField): void {
  if (value === null) {
    Reflect.deleteProperty(result, name);
    return;
  }
  const before = Object.hasOwn(result, name) ? result[name] : undefined;
  setOwn(result, name, patched(before, value, shape));
}

function patched(before: unknown, value: unknown, shape: MergeShape): unknown {
  if (isObject(value)) return applyStrategicMergePatch(isObject(before) ? before : {}, value, shape);
  if (!Array.isArray(value) || !shape.patch.merges) return value;
  return mergeList(Array.isArray(before) ? before : [], value, shape);
}

function mergeList(before: readonly unknown[], patch: readonly unknown[], shape: MergeShape): unknown[] {
  const { key } = shape.patch;
  if (key === undefined) return inOrder(union(before, patch), { order: patch, before, key });
  const items = patch.map((item) => {
    if (isObject(item)) return item;
    throw new BadPatch('a list that merges by a key has an item that is no object');
  });
  const plain = items.filter((item) => item[directive] === undefined);
  if (items.some((item) => item[directive] === 'replace')) return plain;
  let merged: unknown[] = [...before];
  for (const item of items) merged = mergeItem(merged, item, { key, shape: shape.items(), list: shape });
  return inOrder(merged, { order: plain, before, key });
}

function union(before: readonly unknown[], patch: readonly unknown[]): unknown[] {
  return [...before, ...patch.filter((item) => !before.some((one) => sameJson(one, item)))];
}

function mergeItem(
  list: readonly unknown[],
  item: Json,
  { key, shape, list: listShape }: { key: string; shape: MergeShape; list: MergeShape },
): unknown[] {
  if (!Object.hasOwn(item, key)) {
    throw new BadPatch(`map: ${goText(item)} does not contain declared merge key: ${key}`);
  }
  const isSame = (one: unknown): boolean => isObject(one) && sameJson(one[key], item[key]);
  if (item[directive] === 'delete') return list.filter((one) => !isSame(one));
  if (item[directive] !== undefined && item[directive] !== 'merge') {
    throw new BadPatch(`unknown patch type: ${goText(item[directive])} in list`);
  }
  const at = list.findIndex(isSame);
  const before = list[at];
  const merged = applyStrategicMergePatch(isObject(before) ? before : {}, item, retaining(shape, listShape));
  return at === -1 ? [...list, merged] : list.toSpliced(at, 1, merged);
}

/** Whether the fields of an item may have to go is said of the list. */
function retaining(items: MergeShape, list: MergeShape): MergeShape {
  if (!list.patch.retainsKeys) return items;
  return {
    list: items.list,
    keys: items.keys,
    atomic: items.atomic,
    patch: { merges: false, retainsKeys: true },
    field: (name) => items.field(name),
    isNamed: (name) => items.isNamed(name),
    items: () => items.items(),
  };
}

interface Order {
  order: readonly unknown[];
  before: readonly unknown[];
  key: string | undefined;
}

function orderItems(
  { result, target, shape }: { result: Json; target: Json; shape: MergeShape },
  name: string,
  order: unknown,
): void {
  if (!Array.isArray(order)) throw new BadPatch(`invalid ${itemOrder}${name}: it is no list`);
  const list = result[name];
  if (!Array.isArray(list)) return;
  const before = Array.isArray(target[name]) ? target[name] : [];
  setOwn(result, name, inOrder(list, { order, before, key: shape.field(name).patch.key }));
}

/** What the patch names in its order, the others where they stood before these. */
function inOrder(list: readonly unknown[], { order, before, key }: Order): unknown[] {
  const same = (one: unknown, other: unknown): boolean =>
    key === undefined
      ? sameJson(one, other)
      : isObject(one) && isObject(other) && sameJson(one[key], other[key]);
  const placeIn = (items: readonly unknown[], item: unknown): number =>
    items.findIndex((one) => same(one, item));
  const named = list
    .filter((item) => placeIn(order, item) !== -1)
    .sort((one, other) => placeIn(order, one) - placeIn(order, other));
  const others = list.filter((item) => placeIn(order, item) === -1);
  const sorted: unknown[] = [];
  for (const item of named) {
    const at = placeIn(before, item);
    while (others.length > 0 && at !== -1 && placeIn(before, others[0]) < at) sorted.push(others.shift());
    sorted.push(item);
  }
  return [...sorted, ...others];
}
