/**
 * Who set which field: `metadata.managedFields`, as server-side apply needs them.
 *
 * The fields of an object are followed from its making on where the maker names itself (`fieldManager`, as kubectl does),
 * and else from its first server-side apply on. What was there before that belongs to `before-first-apply`, which is what
 * an API server makes of an object that it has not followed.
 */
import { apiVersionOf } from '../api/objects.ts';
import { FieldSet, fieldSetOf, pathText, type Step } from './field-set.ts';
import { compareFields, fieldsOf, mergeFields, removeFields, withNamedFields } from './field-walks.ts';
import { Managers, type Manager, type Operation } from './field-managers.ts';
import { isObject, sameJson, without, type Json } from './json.ts';
import { shapeOf, type MergeShape } from './merge-shape.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredObject } from './stored-object.ts';

/** Who writes, and how. */
export interface Writer {
  kind: ServedKind;
  manager: string;
  subresource: string;
  /** RFC 3339. */
  time: string;
}

export interface Conflict {
  manager: string;
  path: readonly Step[];
}

const field = (...names: string[]): Step[] => names.map((name) => `f:${name}`);

/** Nobody's fields: they say what an object is, or are the server's. */
const ofTheServer = fieldSetOf([
  field('apiVersion'),
  field('kind'),
  field('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => field('metadata', name)),
]);

/** What a write to this path can change at all. */
function writable(fields: FieldSet, { kind, subresource }: Writer): FieldSet {
  const inReach = (step: Step): boolean =>
    subresource === 'status' ? step === 'f:status' : step !== 'f:status' || !kind.traits.status;
  return new FieldSet(false, new Map([...fields.children].filter(([step]) => inReach(step))));
}

function withoutManagedFields(object: StoredObject): StoredObject {
  return { ...object, metadata: without(object.metadata, 'managedFields') };
}

function selfOf(writer: Writer, operation: Operation): Manager {
  return {
    manager: writer.manager,
    operation,
    apiVersion: apiVersionOf(writer.kind),
    subresource: writer.subresource,
    time: writer.time,
    fields: FieldSet.empty,
  };
}

/** Takes changed fields from those who had them. Where `force` is not given, who had them is in the way. */
function takeFields(
  managers: Managers,
  self: Manager,
  { added, modified, removed }: { added: FieldSet; modified: FieldSet; removed: FieldSet },
  force: boolean,
): Conflict[] {
  const changed = modified.union(added);
  const others = [...managers.others(self)];
  if (!force) {
    const conflicts = others.flatMap((other) => {
      const paths = [...other.fields.intersection(changed).paths()];
      return paths.map((path) => ({ manager: shownManager(other), path }));
    });
    if (conflicts.length > 0) return conflicts;
  }
  for (const other of others) {
    managers.set({ ...other, fields: other.fields.difference(changed).difference(removed) });
  }
  return [];
}

function shownManager({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const where = subresource === '' ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${where} using ${apiVersion}` : where;
}

function update(
  managers: Managers,
  objects: { live: StoredObject | undefined; next: StoredObject },
  writer: Writer,
): void {
  const { live, next } = objects;
  const comparison = compareFields(
    live === undefined ? unset(next, writer.kind) : withoutManagedFields(live),
    withoutManagedFields(next),
    shapeOf(writer.kind),
  );
  const self = selfOf(writer, 'Update');
  // what the manager had already is not in its own way: it is taken and given back
  const nobody: Manager = { ...self, manager: '', apiVersion: '' };
  takeFields(managers, nobody, comparison, true);
  const taken = writable(comparison.modified.union(comparison.added), writer).difference(ofTheServer);
  if (!taken.isEmpty) {
    const before = managers.get(self)?.fields ?? FieldSet.empty;
    managers.set({ ...self, fields: before.union(taken) });
  }
  managers.capUpdates();
}

/** An object before anything was set. The structs of a built-in kind are always there, those of others are set with it. */
function unset(next: StoredObject, kind: ServedKind): Json {
  const structs = kind.custom === undefined ? ['spec', 'status'].filter((name) => isObject(next[name])) : [];
  return { ...emptyLike(next), ...Object.fromEntries(structs.map((name) => [name, {}])) };
}

/** A list with nothing in it, or with one empty entry, is how a client says that nothing is to be followed any more. */
function isReset(given: unknown): boolean {
  if (!Array.isArray(given)) return false;
  const [first] = given as unknown[];
  return given.length === 0 || (given.length === 1 && isObject(first) && Object.keys(first).length === 0);
}

/**
 * The `managedFields` of an object that is made or replaced; undefined where they are not followed. `given`: those that the
 * client sent, which count where they can be read.
 */
export function managedAfterUpdate(
  objects: { live: StoredObject | undefined; next: StoredObject; given: unknown },
  writer: Writer,
  { followsNew }: { followsNew: boolean },
): Json[] | undefined {
  const { live, next, given } = objects;
  if (isReset(given)) return undefined;
  const known = live?.metadata['managedFields'];
  const sent = Managers.read(given);
  const managers = sent.isEmpty ? Managers.read(known) : sent;
  if (managers.isEmpty && !(live === undefined && followsNew)) return undefined;
  update(managers, { live, next }, writer);
  const entries = managers.toJson();
  return sameBut(entries, known, 'time') && isSameBeside(live, next) ? (known as Json[]) : entries;
}

function isSameBeside(live: StoredObject | undefined, next: StoredObject): boolean {
  return live !== undefined && sameJson(withoutManagedFields(live), withoutManagedFields(next));
}

/** The same entries, whenever they were. */
function sameBut(one: unknown, other: unknown, name: string): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  const strip = (entries: unknown[]): unknown[] =>
    entries.map((entry) => (isObject(entry) ? { ...entry, [name]: undefined } : entry));
  return sameJson(strip(one), strip(other));
}

export interface Application {
  live: StoredObject | undefined;
  /** Its `metadata` an object. */
  applied: StoredObject;
  force: boolean;
}

export interface Applied {
  object: StoredObject;
  managedFields: Json[] | undefined;
}

/** A server-side apply, or what is in its way. Inputs stay as they are. */
export function applyFields(
  application: Application,
  writer: Writer,
): Applied | { conflicts: readonly Conflict[] } {
  const { live } = application;
  const first = attempt(application, writer);
  if (!('conflicts' in first) || writer.manager !== 'kubectl' || live === undefined) {
    return synced(first, application, writer);
  }
  // what kubectl applied itself before, on its own side, it may take over
  const own = lastAppliedFields(live, shapeOf(writer.kind));
  const conflicts = first.conflicts.filter(({ path }) => !own.has(path));
  if (conflicts.length > 0) return { conflicts };
  return synced(attempt({ ...application, force: true }, writer), application, writer);
}

function attempt(application: Application, writer: Writer): Applied | { conflicts: readonly Conflict[] } {
  const { live, applied, force } = application;
  const shape = shapeOf(writer.kind);
  const before = live === undefined ? emptyLike(applied) : withoutManagedFields(live);
  const managers = managersBefore(live, writer);
  const self = selfOf(writer, 'Apply');
  const last = managers.get(self);
  const fields = writable(fieldsOf(applied, shape), writer);
  managers.set({ ...self, fields });
  const merged = mergeFields(before, applied, shape) as StoredObject;
  const next = last === undefined ? merged : pruned(merged, last.fields, { managers, shape });
  const conflicts = takeFields(managers, self, compareFields(before, next, shape), force);
  if (conflicts.length > 0) return { conflicts };
  const own = fields.difference(ofTheServer);
  const isUnchanged = live !== undefined && sameJson(before, next);
  const time = isUnchanged ? (last?.time ?? '') : writer.time;
  managers.remove(self);
  managers.set({ ...self, time, fields: own });
  return { object: next, managedFields: managers.toJson() };
}

function emptyLike({ apiVersion, kind }: StoredObject): StoredObject {
  return { apiVersion, kind, metadata: {} };
}

/** Of an object that was not followed, all that is in it is an older update's. */
function managersBefore(live: StoredObject | undefined, writer: Writer): Managers {
  const managers = Managers.read(live?.metadata['managedFields']);
  if (!managers.isEmpty || live === undefined) return managers;
  update(managers, { live: undefined, next: live }, { ...writer, manager: 'before-first-apply' });
  return managers;
}

/** Without what this manager applied last time and not now, unless others have it too. */
function pruned(
  merged: StoredObject,
  last: FieldSet,
  { managers, shape }: { managers: Managers; shape: MergeShape },
): StoredObject {
  const named = (set: FieldSet): FieldSet => withNamedFields(set, shape);
  const remove = (set: FieldSet): StoredObject => (removeFields(merged, set, shape) ?? {}) as StoredObject;
  const fieldsIn = (object: StoredObject): FieldSet => named(fieldsOf(object, shape));
  const all = fieldsIn(merged);
  const owned = managers.all().reduce((set, { fields }) => set.union(fields), FieldSet.empty);
  const candidate = remove(named(last));
  const kept = remove(all.difference(fieldsIn(candidate).union(named(owned))));
  return remove(all.difference(fieldsIn(kept)).intersection(named(last)));
}

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

function lastAppliedFields(live: StoredObject, shape: MergeShape): FieldSet {
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  try {
    const applied: unknown = JSON.parse(text ?? '');
    if (!isObject(applied) || applied['apiVersion'] !== live.apiVersion) return FieldSet.empty;
    const { added, modified, removed } = compareFields(applied, withoutManagedFields(live), shape);
    return fieldsOf(applied, shape).difference(modified).difference(added).difference(removed);
  } catch {
    return FieldSet.empty;
  }
}

/** kubectl's own record of what it applied stays true, where there is one. */
function synced(
  result: Applied | { conflicts: readonly Conflict[] },
  { applied }: Application,
  writer: Writer,
): Applied | { conflicts: readonly Conflict[] } {
  if ('conflicts' in result || writer.manager !== 'kubectl') return result;
  const { object, managedFields } = result;
  const { annotations } = object.metadata;
  if ((annotations?.[lastAppliedAnnotation] ?? '') === '') return result;
  const metadata: Json = { ...applied.metadata };
  const own = metadata['annotations'];
  if (isObject(own)) metadata['annotations'] = without(own, lastAppliedAnnotation);
  const record = `${JSON.stringify({ ...applied, metadata })}\n`;
  const next = { ...annotations, [lastAppliedAnnotation]: record };
  return { object: { ...object, metadata: { ...object.metadata, annotations: next } }, managedFields };
}

/** As an API server tells them. */
export function conflictText(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only !== undefined && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${only.manager}: ${pathText(only.path)}`;
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((one) => one.manager === manager).map(({ path }) => `- ${pathText(path)}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
