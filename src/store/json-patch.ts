/**
 * JSON patch (RFC 6902), with what the API server's library adds: an index may count from the end. Inputs stay as they
 * are. Why a patch does not apply is not said by an API server, so it is not said here.
 */
import { isObject, sameJson, setOwn, type Json } from './json.ts';

export interface PatchOperation {
  op: string;
  path: string;
  from?: string;
  value?: unknown;
}

/** Copies of copies grow without end. */
const mostCopied = 3 * 1024 * 1024;

/** A patch that does not fit the document. */
export class PatchMismatch extends Error {}

/** What an operation lacks is left to its application. Undefined where it is no list of objects. */
export function readJsonPatch(value: unknown): PatchOperation[] | undefined {
  if (!Array.isArray(value) || !value.every(isObject)) return undefined;
  return value.map((one) => ({
    op: String(one['op']),
    path: String(one['path']),
    ...(typeof one['from'] === 'string' ? { from: one['from'] } : {}),
    ...(Object.hasOwn(one, 'value') ? { value: one['value'] } : {}),
  }));
}

/** @throws PatchMismatch */
export function applyJsonPatch(document: unknown, operations: readonly PatchOperation[]): unknown {
  const root: Json = { document: structuredClone(document) };
  let copied = 0;
  for (const operation of operations) {
    if (operation.op === 'copy') copied += sizeOf(root, operation);
    if (copied > mostCopied) throw new PatchMismatch();
    apply(root, operation);
  }
  return root['document'];
}

function apply(root: Json, { op, path, from, value }: PatchOperation): void {
  const target = placeOf(root, path);
  switch (op) {
    case 'add':
      add(target, required(value));
      break;
    case 'replace':
      replace(target, required(value));
      break;
    case 'remove':
      remove(target);
      break;
    case 'move': {
      const source = placeOf(root, required(from));
      const moved = requireThere(source);
      remove(source);
      add(placeOf(root, path), moved);
      break;
    }
    case 'copy':
      add(target, structuredClone(requireThere(placeOf(root, required(from)))));
      break;
    case 'test':
      // a field that is not there is as null
      if (!sameJson(read(target) ?? null, value ?? null)) throw new PatchMismatch();
      break;
    default:
      throw new PatchMismatch();
  }
}

function sizeOf(root: Json, { from }: PatchOperation): number {
  return JSON.stringify(read(placeOf(root, required(from))) ?? null).length;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new PatchMismatch();
  return value;
}

interface Place {
  parent: Json | unknown[];
  key: string;
}

function placeOf(root: Json, pointer: string): Place {
  if (pointer !== '' && !pointer.startsWith('/')) throw new PatchMismatch();
  const keys = ['document', ...pointer.split('/').slice(1)].map((key) =>
    key.replaceAll('~1', '/').replaceAll('~0', '~'),
  );
  const last = keys.pop() ?? '';
  let parent: Json | unknown[] = root;
  for (const key of keys) {
    const inner = read({ parent, key });
    if (!isObject(inner) && !Array.isArray(inner)) throw new PatchMismatch();
    parent = inner;
  }
  return { parent, key: last };
}

function read({ parent, key }: Place): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, key, parent.length - 1)];
  return Object.hasOwn(parent, key) ? parent[key] : undefined;
}

function requireThere(place: Place): unknown {
  return required(read(place));
}

/** `last`: the greatest index that is one. @throws PatchMismatch */
function indexIn(list: readonly unknown[], key: string, last: number): number {
  if (!/^-?\d+$/.test(key)) throw new PatchMismatch();
  const index = Number(key);
  const found = index < 0 ? index + last + 1 : index;
  if (found < 0 || found > last || list.length < last) throw new PatchMismatch();
  return found;
}

function add(place: Place, value: unknown): void {
  const { parent, key } = place;
  if (!Array.isArray(parent)) setOwn(parent, key, value);
  else if (key === '-') parent.push(value);
  else parent.splice(indexIn(parent, key, parent.length), 0, value);
}

/** A field that is not there is made, as the API server's library has it. */
function replace({ parent, key }: Place, value: unknown): void {
  if (Array.isArray(parent)) parent[indexIn(parent, key, parent.length - 1)] = value;
  else setOwn(parent, key, value);
}

function remove(place: Place): void {
  const { parent, key } = place;
  requireThere(place);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, key, parent.length - 1), 1);
  else Reflect.deleteProperty(parent, key);
}
