/** Server-side apply: what a manager wants of an object is merged into it, and what it wanted before and no more goes. */
import { apiVersionOf } from '../api/objects.ts';
import { Refusal, withWarnings, type Answer } from './answer.ts';
import { matchNamespace, requireOpenNamespace, storeNew } from './create-object.ts';
import { cleanObject, parseBody } from './decode-object.ts';
import { writerOf } from './field-writer.ts';
import { isObject } from './json.ts';
import { applyFields, conflictText } from './managed-fields.ts';
import { pathText } from './field-set.ts';
import { applyConflict, badRequest, conflict, modifiedMeanwhile, notFound } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredObject } from './stored-object.ts';
import type { StoreScope, WriteRequest } from './store-scope.ts';
import { find, matchName, requireNumber, storeChange, type Found } from './update-object.ts';
import type { WriteTransaction } from './write-transaction.ts';

export function applyObject(transaction: WriteTransaction, scope: StoreScope, request: WriteRequest): Answer {
  const { applied, warnings } = readApplied(request);
  return withWarnings(warnings, () => {
    const found = find(scope, request);
    if (found === undefined && request.subresource !== '') throw notFound(request.kind, request.name);
    const stored = store(transaction, scope, { request, applied, found });
    return { ...stored, warnings };
  });
}

interface AppliedObject {
  request: WriteRequest;
  applied: StoredObject;
  found: Found | undefined;
}

function store(
  transaction: WriteTransaction,
  scope: StoreScope,
  { request, applied, found }: AppliedObject,
): Answer {
  const force = ['true', '1'].includes(request.query.get('force') ?? '');
  const result = applyFields({ live: found?.object, applied, force }, writerOf(request, scope));
  if ('conflicts' in result) {
    throw applyConflict(
      conflictText(result.conflicts),
      result.conflicts.map(({ manager, path }) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with ${manager}`,
        field: pathText(path),
      })),
    );
  }
  const { object } = cleanObject(structuredClone(result.object), request.kind);
  const managedFields = { entries: result.managedFields };
  matchNamespace(object, request);
  matchName(object, request);
  if (found !== undefined) {
    requireAppliedVersion(applied, found, request);
    return {
      status: 200,
      body: storeChange(transaction, found, { change: { request, object, managedFields }, scope }),
    };
  }
  requireOpenNamespace(scope, request, object);
  return { status: 201, body: storeNew(transaction, scope, { request, object, managedFields }) };
}

function requireAppliedVersion(applied: StoredObject, found: Found, request: WriteRequest): void {
  const asked = applied.metadata.resourceVersion;
  if (asked === undefined || asked === '') return;
  requireNumber(asked);
  if (asked !== String(found.row.rv)) throw conflict(request.kind, request.name, modifiedMeanwhile);
}

/** @throws refusals for what is no configuration of the kind */
function readApplied(request: WriteRequest): { applied: StoredObject; warnings: string[] } {
  const { kind, options } = request;
  const { value, repeated } = parseBody(request.body, (why) => badRequest(`error decoding YAML: ${why}`));
  if (!isObject(value)) throw badRequest('error decoding YAML: it is no object');
  requireType(value['apiVersion'], value['kind'], kind);
  const metadata = value['metadata'] ?? {};
  if (isObject(metadata) && (metadata['managedFields'] ?? undefined) !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const applied = { ...value, metadata: isObject(metadata) ? metadata : {} } as StoredObject;
  requireKnownFields(applied, request);
  const problems = repeated.map((path) => `duplicate field ${JSON.stringify(path)}`);
  if (options.fieldValidation === 'Strict' && problems.length > 0) {
    throw badRequest(`error strict decoding YAML: ${problems.join(', ')}`);
  }
  return { applied, warnings: options.fieldValidation === 'Ignore' ? [] : problems };
}

function requireType(apiVersion: unknown, name: unknown, kind: ServedKind): void {
  if (apiVersion === apiVersionOf(kind) && name === kind.kind) return;
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const shown = version === '' || version.includes('/') ? version : `/${version}`;
  throw badRequest(`invalid object type: ${shown}, Kind=${typeof name === 'string' ? name : ''}`);
}

/** A field that the kind does not have cannot be merged: the API server cannot say how. */
function requireKnownFields(applied: StoredObject, { kind, ns }: WriteRequest): void {
  const { unknown } = cleanObject(structuredClone(applied), kind);
  if (unknown.length === 0) return;
  const texts = unknown.map((path) => `.${path}: field not declared in schema`);
  const why =
    texts.length === 1 ? (texts[0] ?? '') : `errors:\n${texts.map((text) => `  ${text}`).join('\n')}`;
  const name = `${ns}/${applied.metadata.name ?? ''}`;
  throw new Refusal({
    code: 500,
    message: `failed to create typed patch object (${name}; ${apiVersionOf(kind)}, Kind=${kind.kind}): ${why}`,
  });
}
