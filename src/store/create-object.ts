import { withWarnings, type Answer } from './answer.ts';
import { decodeObject, parseObjectBody } from './decode-object.ts';
import { fromStored, toStored } from './event-views.ts';
import { setManagedFields, writerOf } from './field-writer.ts';
import { checkNew, prepareNew } from './kind-rules.ts';
import { managedAfterUpdate } from './managed-fields.ts';
import type { ObjectKey } from './object-table.ts';
import {
  alreadyExists,
  badRequest,
  invalid,
  namespaceTerminating,
  notFound,
  objectTooLarge,
  resourceVersionOnCreate,
} from './refusals.ts';
import { atPath, type Json } from './json.ts';
import { readBody, renderBody, type StoredObject } from './stored-object.ts';
import { secondsText, type StoreScope, type WriteRequest } from './store-scope.ts';
import type { WriteTransaction } from './write-transaction.ts';

/** What etcd takes in one request, less what the key and the framing need. */
const objectLimitBytes = 1.5 * 1024 * 1024;

/** JSON.stringify makes at most so many bytes of a character of JSON (`1e20`, a lone surrogate). */
const bytesPerCharacter = 6;
/** What defaults and system fields may add. */
const addedBytes = 64 * 1024;

/**
 * `characters`: the length of the texts that the object was made of; most are so short that nothing need be
 * measured. @throws the refusal of an object that etcd would not take
 */
export function requireStorable(object: StoredObject, characters: number): void {
  if (characters * bytesPerCharacter + addedBytes <= objectLimitBytes) return;
  if (Buffer.byteLength(JSON.stringify(object)) > objectLimitBytes) throw objectTooLarge();
}

const namespaceResource = { group: '', plural: 'namespaces' };

export function createObject(
  transaction: WriteTransaction,
  scope: StoreScope,
  request: WriteRequest,
): Answer {
  const { kind, options } = request;
  const body = parseObjectBody(request.body, kind);
  const { object, warnings } = decodeObject(body, kind, options.fieldValidation);
  const stored = withWarnings(warnings, () => {
    matchNamespace(object, request);
    requireOpenNamespace(scope, request, object);
    return storeNew(transaction, scope, { request, object });
  });
  return { status: 201, warnings, body: stored };
}

export interface NewObject {
  request: WriteRequest;
  object: StoredObject;
  /** Set by a server-side apply; otherwise they follow from the object. */
  managedFields?: { entries: Json[] | undefined };
}

/** Who names itself is followed from the beginning. */
function managedFieldsOf({ object, request }: NewObject, scope: StoreScope): { entries: Json[] | undefined } {
  const given = object.metadata['managedFields'];
  const followsNew = (request.query.get('fieldManager') ?? '') !== '';
  const objects = { live: undefined, next: object, given };
  return { entries: managedAfterUpdate(objects, writerOf(request, scope), { followsNew }) };
}

/** Shared by POST and by PUT of a kind that is made by it. Returns the body as stored. */
export function storeNew(transaction: WriteTransaction, scope: StoreScope, made: NewObject): string {
  const { request, object } = made;
  const { kind } = request;
  const { metadata } = object;
  fillSystemFields(object, scope);
  const generated = nameFromPrefix(object, request, scope);
  prepareNew(object, kind);
  const entries = made.managedFields ?? managedFieldsOf(made, scope);
  setManagedFields(object, entries.entries);
  const errors = checkNew(toStored(object, kind), kind);
  if (errors.length > 0) throw invalid(kind.group, object.kind, metadata.name ?? '', errors);
  if (metadata.resourceVersion !== undefined) throw resourceVersionOnCreate();
  const key: ObjectKey = { res: kind.res, ns: request.ns, name: metadata.name ?? '' };
  refuseExisting(scope, key, { request, generated });
  const stored = toStored(object, kind);
  requireStorable(stored, (request.body ?? '').length);
  const body = request.options.dryRun ? withoutVersion(stored) : transaction.insert(key, stored);
  return fromStored(body, kind);
}

/** An object that was only tried out has no resourceVersion. */
function withoutVersion(object: StoredObject): string {
  return renderBody(object, 0).replace(',"resourceVersion":"0"', '').replace('"resourceVersion":"0"', '');
}

function fillSystemFields(object: StoredObject, scope: StoreScope): void {
  const { metadata } = object;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  metadata.uid = scope.random.uuid();
  metadata.creationTimestamp = secondsText(scope.clock);
}

const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const nameAttempts = 8;
const longestPrefix = 58;

function nameFromPrefix(object: StoredObject, request: WriteRequest, scope: StoreScope): boolean {
  const { metadata } = object;
  const prefix = metadata.generateName;
  if (metadata.name !== undefined || prefix === undefined) return false;
  for (let attempt = 0; attempt < nameAttempts; attempt += 1) {
    metadata.name = prefix.slice(0, longestPrefix) + randomSuffix(scope);
    if (!scope.table.has({ res: request.kind.res, ns: request.ns, name: metadata.name })) break;
  }
  return true;
}

function randomSuffix(scope: StoreScope): string {
  const letter = (): string => nameAlphabet.charAt(Math.floor(scope.random.next() * nameAlphabet.length));
  return Array.from({ length: 5 }, letter).join('');
}

function refuseExisting(
  scope: StoreScope,
  key: ObjectKey,
  made: { request: WriteRequest; generated: boolean },
): void {
  const row = scope.table.get(key);
  if (row === undefined) return;
  const deleting = readBody(row.body).metadata.deletionTimestamp !== undefined;
  throw alreadyExists(made.request.kind, key.name, { generated: made.generated, deleting });
}

/** @throws a 400 refusal when the object names another namespace than the path */
export function matchNamespace(object: StoredObject, request: WriteRequest): void {
  const { metadata } = object;
  if (!request.kind.namespaced) {
    delete metadata.namespace;
  } else if (metadata.namespace === undefined) {
    metadata.namespace = request.ns;
  } else if (metadata.namespace !== request.ns) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** @throws a 404 refusal for a missing namespace, 403 for one that is being deleted */
export function requireOpenNamespace(scope: StoreScope, request: WriteRequest, object: StoredObject): void {
  if (!request.kind.namespaced) return;
  const row = scope.table.get({ res: 'namespaces', ns: '', name: request.ns });
  if (row === undefined) throw notFound(namespaceResource, request.ns);
  const phase = atPath(readBody(row.body), ['status', 'phase']);
  if (phase === 'Terminating') {
    throw namespaceTerminating(request.kind, object.metadata.name ?? '', request.ns);
  }
}
