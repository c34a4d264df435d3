import { apiVersionOf } from '../api/objects.ts';
import type { Answer } from './answer.ts';
import { jsonAnswer } from './answer.ts';
import { parseBody } from './decode-object.ts';
import { fromStored } from './event-views.ts';
import { notSupported, type FieldError } from './field-error.ts';
import { isObject, type Json } from './json.ts';
import { readListOptions } from './list-options.ts';
import { queryObjects } from './object-query.ts';
import type { ObjectKey, StoredRow } from './object-table.ts';
import { badRequest, conflict, detailsOfDeleted, invalid, notFound } from './refusals.ts';
import { readBody, renderBody, type StoredObject } from './stored-object.ts';
import { secondsText, type StoreScope, type WriteRequest } from './store-scope.ts';
import { checkDryRun } from './write-options.ts';
import type { WriteTransaction } from './write-transaction.ts';

interface DeleteOptions {
  uid: string | undefined;
  resourceVersion: string | undefined;
  dryRun: boolean;
}

/** DELETE of one object: a Status when it is gone, the object when finalizers keep it. */
export function deleteObject(
  transaction: WriteTransaction,
  scope: StoreScope,
  request: WriteRequest,
): Answer {
  const { kind } = request;
  const options = readOptions(request);
  const key: ObjectKey = { res: kind.res, ns: request.ns, name: request.name };
  const row = scope.table.get(key);
  if (row === undefined) throw notFound(kind, request.name);
  const object = readBody(row.body);
  checkPreconditions(object, row, { request, options });
  if ((object.metadata.finalizers ?? []).length > 0) {
    return jsonAnswer(200, readBody(markDeleted(transaction, scope, { key, row, object, request, options })));
  }
  if (!options.dryRun) removeWithContents(transaction, scope, { key, row, object });
  if (kind.res === 'namespaces') return jsonAnswer(200, terminating(object, scope));
  return jsonAnswer(200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: detailsOfDeleted(kind, request.name, object.metadata.uid ?? ''),
  });
}

interface Doomed {
  key: ObjectKey;
  row: StoredRow;
  object: StoredObject;
}

function markDeleted(
  transaction: WriteTransaction,
  scope: StoreScope,
  doomed: Doomed & { request: WriteRequest; options: DeleteOptions },
): string {
  const { key, row, object, request, options } = doomed;
  if (object.metadata.deletionTimestamp !== undefined) return fromStored(row.body, request.kind);
  const marked = markedObject(object, scope);
  const body = options.dryRun ? renderBody(marked, row.rv) : transaction.update(key, marked);
  return fromStored(body, request.kind);
}

function markedObject(object: StoredObject, scope: StoreScope): StoredObject {
  const { generation } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      deletionGracePeriodSeconds: 0,
      deletionTimestamp: secondsText(scope.clock),
    },
  };
}

/** A namespace goes with all that is in it, at once: the store is its own namespace controller. */
function removeWithContents(transaction: WriteTransaction, scope: StoreScope, doomed: Doomed): void {
  if (doomed.key.res === 'namespaces') emptyNamespace(transaction, scope, doomed.key.name);
  transaction.remove(doomed.key, doomed.object);
}

function emptyNamespace(transaction: WriteTransaction, scope: StoreScope, ns: string): void {
  for (const res of scope.table.resources()) transaction.removeAll(res, ns);
}

function terminating(object: StoredObject, scope: StoreScope): StoredObject {
  return {
    ...object,
    metadata: { ...object.metadata, deletionTimestamp: secondsText(scope.clock) },
    status: { phase: 'Terminating' },
  };
}

function checkPreconditions(
  object: StoredObject,
  row: StoredRow,
  asked: { request: WriteRequest; options: DeleteOptions },
): void {
  const { request, options } = asked;
  // The API server names the kind here, not the plural.
  const resource = { group: request.kind.group, plural: request.kind.kind };
  const { uid } = object.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw conflict(
      resource,
      request.name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid ?? ''}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== String(row.rv)) {
    throw conflict(
      resource,
      request.name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${row.rv}). The object might have been modified`,
    );
  }
}

function readOptions(request: WriteRequest): DeleteOptions {
  const body = parseOptions(request.body);
  const preconditions = isObject(body['preconditions']) ? body['preconditions'] : {};
  const dryRun = [...request.query.getAll('dryRun'), ...texts(body['dryRun'])];
  const policy = body['propagationPolicy'] ?? request.query.get('propagationPolicy') ?? undefined;
  const errors = [...checkPolicy(policy), ...checkDryRun(dryRun)];
  if (errors.length > 0) throw invalid('meta.k8s.io', 'DeleteOptions', '', errors);
  return {
    uid: textOf(preconditions['uid']),
    resourceVersion: textOf(preconditions['resourceVersion']),
    dryRun: dryRun.length > 0,
  };
}

const policies = ['Foreground', 'Background', 'Orphan'];

function checkPolicy(policy: unknown): FieldError[] {
  if (policy === undefined || policy === '' || policies.includes(policy as string)) return [];
  return [notSupported('propagationPolicy', policy, [...policies, 'nil'])];
}

function parseOptions(text: string | undefined): Json {
  if (text === undefined || text === '') return {};
  const explain = (why: string): Error => badRequest(`couldn't get version/kind; json parse error: ${why}`);
  const { value } = parseBody(text, explain);
  const body = isObject(value) ? value : {};
  const kind = body['kind'];
  if (typeof kind === 'string' && kind !== 'DeleteOptions') {
    const version = typeof body['apiVersion'] === 'string' ? body['apiVersion'] : 'v1';
    throw badRequest(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
  return body;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** DELETE of a collection: every object that the selectors match; answers with the list of them. */
export function deleteCollection(
  transaction: WriteTransaction,
  scope: StoreScope,
  request: WriteRequest,
): Answer {
  const { kind, ns } = request;
  const options = readOptions(request);
  const selection = readListOptions(request.query, kind);
  const query = { kind, ns, fields: selection.fields, labels: selection.labels, atVersion: undefined };
  const version = scope.table.newestVersion();
  const items: StoredObject[] = [];
  for (const row of [...queryObjects(scope.table, query, undefined)]) {
    const object = readBody(row.body);
    items.push(object);
    const key: ObjectKey = { res: kind.res, ns: row.ns, name: row.name };
    if (options.dryRun) continue;
    if ((object.metadata.finalizers ?? []).length > 0) {
      markDeleted(transaction, scope, { key, row, object, request, options });
    } else {
      removeWithContents(transaction, scope, { key, row, object });
    }
  }
  return jsonAnswer(200, {
    kind: kind.listKind,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(version) },
    items,
  });
}
