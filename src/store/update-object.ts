import { Refusal, withWarnings, type Answer } from './answer.ts';
import { matchNamespace, requireOpenNamespace, requireStorable, storeNew } from './create-object.ts';
import { decodeObject, parseObjectBody } from './decode-object.ts';
import { fromStored, toStored } from './event-views.ts';
import { setManagedFields, writerOf } from './field-writer.ts';
import { invalidValue } from './field-error.ts';
import { sameJson, type Json } from './json.ts';
import { checkChanged, prepareChanged, withStatusOnly } from './kind-rules.ts';
import { managedAfterUpdate } from './managed-fields.ts';
import type { ObjectKey, StoredRow } from './object-table.ts';
import { badRequest, conflict, invalid, modifiedMeanwhile, notFound } from './refusals.ts';
import { readBody, renderBody, type StoredObject } from './stored-object.ts';
import type { StoreScope, WriteRequest } from './store-scope.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** An object that is there, before it is changed. */
export interface Found {
  key: ObjectKey;
  row: StoredRow;
  /** As the kind asked for shows it. */
  object: StoredObject;
}

export function find(scope: StoreScope, request: WriteRequest): Found | undefined {
  const key: ObjectKey = { res: request.kind.res, ns: request.ns, name: request.name };
  const row = scope.table.get(key);
  if (row === undefined) return undefined;
  return { key, row, object: readBody(fromStored(row.body, request.kind)) };
}

/** PUT, of the object or of its status. */
export function replaceObject(
  transaction: WriteTransaction,
  scope: StoreScope,
  request: WriteRequest,
): Answer {
  const { kind, options } = request;
  const body = parseObjectBody(request.body, kind);
  const { object, warnings } = decodeObject(body, kind, options.fieldValidation);
  const stored = withWarnings(warnings, () => storeReplacement(transaction, scope, { request, object }));
  return { ...stored, warnings };
}

interface Replacement {
  request: WriteRequest;
  object: StoredObject;
}

function storeReplacement(
  transaction: WriteTransaction,
  scope: StoreScope,
  replacement: Replacement,
): Answer {
  const { request, object } = replacement;
  matchNamespace(object, request);
  matchName(object, request);
  const found = find(scope, request);
  if (found === undefined) return createByUpdate(transaction, scope, replacement);
  requireUid(object, found, request);
  requireVersion(object, found, request);
  return { status: 200, body: storeChange(transaction, found, { change: replacement, scope }) };
}

export function matchName(object: StoredObject, request: WriteRequest): void {
  const name = object.metadata.name;
  if (name === undefined) {
    if (request.kind.custom === undefined) throw badRequest('name must be provided');
    object.metadata.name = request.name;
  } else if (name !== request.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`);
  }
}

function createByUpdate(
  transaction: WriteTransaction,
  scope: StoreScope,
  { request, object }: Replacement,
): Answer {
  const { kind } = request;
  if (!kind.traits.createOnUpdate || request.subresource !== '') throw notFound(kind, request.name);
  if (object.metadata.uid !== undefined)
    throw conflict(kind, request.name, storageError(request, object, ''));
  requireOpenNamespace(scope, request, object);
  delete object.metadata.resourceVersion;
  return { status: 201, body: storeNew(transaction, scope, { request, object }) };
}

function requireUid(object: StoredObject, found: Found, request: WriteRequest): void {
  const asked = object.metadata.uid;
  const kept = found.object.metadata.uid ?? '';
  if (asked === undefined || asked === kept) return;
  throw conflict(request.kind, request.name, storageError(request, object, kept));
}

/** The API server shows what its etcd layer said. */
function storageError(request: WriteRequest, object: StoredObject, kept: string): string {
  const { kind, ns, name } = request;
  const group = kind.custom === undefined ? '' : `${kind.group}/`;
  const path = ['/registry', `${group}${kind.plural}`, ...(ns === '' ? [] : [ns]), name].join('/');
  const uid = object.metadata.uid ?? '';
  return `StorageError: invalid object, Code: 4, Key: ${path}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${kept}`;
}

function requireVersion(object: StoredObject, found: Found, request: WriteRequest): void {
  const asked = object.metadata.resourceVersion;
  const { kind, name } = request;
  if (asked === undefined || asked === '0') {
    if (kind.traits.unconditionalUpdate) return;
    throw invalid(kind.group, kind.plural, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  requireNumber(asked);
  if (asked !== String(found.row.rv)) throw conflict(kind, name, modifiedMeanwhile);
}

export function requireNumber(version: string): void {
  if (/^\d+$/.test(version)) return;
  throw new Refusal({
    code: 500,
    message: `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
  });
}

export interface ObjectChange {
  request: WriteRequest;
  object: StoredObject;
  /** Set by a server-side apply; otherwise they follow from the change. */
  managedFields?: { entries: Json[] | undefined };
}

/** @throws refusals. Returns the body as the kind shows it. */
export function storeChange(
  transaction: WriteTransaction,
  found: Found,
  { change, scope }: { change: ObjectChange; scope: StoreScope },
): string {
  const { request } = change;
  const { kind } = request;
  const next = prepared(change.object, found.object, request);
  const entries = change.managedFields ?? managedFieldsOf(change, { next, old: found.object, scope });
  setManagedFields(next, entries.entries);
  const { subresource } = request;
  const errors = checkChanged({ object: next, old: found.object, kind, subresource });
  if (errors.length > 0) throw invalid(kind.group, next.kind, request.name, errors);
  if (sameJson(next, found.object)) return fromStored(found.row.body, kind);
  const stored = toStored(next, kind);
  requireStorable(stored, (request.body ?? '').length + found.row.body.length);
  if (request.options.dryRun) return fromStored(renderBody(stored, found.row.rv), kind);
  if (isLastFinalizerGone(next, found.object)) {
    transaction.remove(found.key, readBody(found.row.body));
    return fromStored(renderBody(stored, found.row.rv), kind);
  }
  return fromStored(transaction.update(found.key, stored), kind);
}

function managedFieldsOf(
  { object, request }: ObjectChange,
  { next, old, scope }: { next: StoredObject; old: StoredObject; scope: StoreScope },
): { entries: Json[] | undefined } {
  // what is sent through a subresource says nothing of the object's own
  const given = request.subresource === '' ? object.metadata['managedFields'] : undefined;
  const writer = writerOf(request, scope);
  return { entries: managedAfterUpdate({ live: old, next, given }, writer, { followsNew: false }) };
}

const always = ['creationTimestamp', 'generation', 'resourceVersion', 'selfLink'];
const onceDeleted = ['deletionTimestamp', 'deletionGracePeriodSeconds'];

/** What the client may not set comes from the stored object. */
function prepared(object: StoredObject, old: StoredObject, request: WriteRequest): StoredObject {
  if (request.subresource === 'status') {
    const changed = withStatusOnly(object, old);
    return { ...changed, metadata: { ...changed.metadata } };
  }
  const metadata = { ...object.metadata };
  const kept = old.metadata.deletionTimestamp === undefined ? always : [...always, ...onceDeleted];
  for (const name of kept) {
    if (old.metadata[name] === undefined) Reflect.deleteProperty(metadata, name);
    else metadata[name] = old.metadata[name];
  }
  metadata.uid ??= old.metadata.uid ?? '';
  const next: StoredObject = { ...object, metadata };
  prepareChanged(next, old, request.kind);
  return next;
}

function isLastFinalizerGone(next: StoredObject, old: StoredObject): boolean {
  if ((next.metadata.finalizers ?? []).length > 0 || old.metadata.deletionTimestamp === undefined) {
    return false;
  }
  return (old.metadata.deletionGracePeriodSeconds ?? 0) === 0;
}
