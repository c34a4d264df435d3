/** PATCH in the four forms that an API server takes; custom resources have no strategic merge patch. */
import { Refusal, withWarnings, type Answer } from './answer.ts';
import { applyObject } from './apply-object.ts';
import { matchNamespace } from './create-object.ts';
import {
  cleanObject,
  parseBody,
  type CleanObject,
  type DecodedObject,
  type ParsedBody,
} from './decode-object.ts';
import { fromStored } from './event-views.ts';
import { fieldError, invalidValue } from './field-error.ts';
import { isObject, type Json } from './json.ts';
import { applyJsonPatch, PatchMismatch, readJsonPatch } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { shapeOf } from './merge-shape.ts';
import {
  badRequest,
  conflict,
  invalid,
  modifiedMeanwhile,
  notFound,
  patchDoesNotApply,
  tooManyOperations,
  unsupportedMediaType,
} from './refusals.ts';
import type { ServedKind } from './served-kind.ts';
import { readBody, type StoredObject } from './stored-object.ts';
import type { StoreScope, WriteRequest } from './store-scope.ts';
import { applyStrategicMergePatch, BadPatch } from './strategic-merge-patch.ts';
import { jsonTypeOf } from './typed-fields.ts';
import { find, matchName, requireNumber, storeChange, type Found } from './update-object.ts';
import type { WriteTransaction } from './write-transaction.ts';

const jsonPatchType = 'application/json-patch+json';
const mergePatchType = 'application/merge-patch+json';
const strategicPatchType = 'application/strategic-merge-patch+json';
const applyPatchType = 'application/apply-patch+yaml';

const mostOperations = 10_000;

export function patchObject(transaction: WriteTransaction, scope: StoreScope, request: WriteRequest): Answer {
  const type = patchTypeOf(request);
  requirePatchOptions(request, type);
  if (type === applyPatchType) return applyObject(transaction, scope, request);
  const patch = readPatch(request, type);
  const found = find(scope, request);
  if (found === undefined) throw notFound(request.kind, request.name);
  const { object, warnings } = decodePatched(found, patch, request);
  const body = withWarnings(warnings, () => {
    matchNamespace(object, request);
    matchName(object, request);
    requirePatchedVersion(object, found, request);
    return storeChange(transaction, found, { change: { request, object }, scope });
  });
  return { status: 200, warnings, body };
}

/** @throws a 415 refusal */
function patchTypeOf({ kind, contentType }: WriteRequest): string {
  const isBuiltin = kind.custom === undefined;
  const types = [jsonPatchType, mergePatchType, ...(isBuiltin ? [strategicPatchType] : []), applyPatchType];
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (types.includes(type)) return type;
  throw unsupportedMediaType(types);
}

/** @throws a 422 refusal */
function requirePatchOptions({ query }: WriteRequest, type: string): void {
  const isApply = type === applyPatchType;
  if (isApply && (query.get('fieldManager') ?? '') === '') {
    const error = fieldError('FieldValueRequired', 'fieldManager', '', 'is required for apply patch');
    throw invalid('meta.k8s.io', 'PatchOptions', '', [error]);
  }
  if (!isApply && query.has('force')) {
    const error = fieldError('FieldValueForbidden', 'force', '', 'may not be specified for non-apply patch');
    throw invalid('meta.k8s.io', 'PatchOptions', '', [error]);
  }
}

/** A patch without a version goes onto whatever is there. */
function requirePatchedVersion(object: StoredObject, found: Found, request: WriteRequest): void {
  const asked = object.metadata.resourceVersion;
  if (asked === undefined) return;
  requireNumber(asked);
  if (asked !== String(found.row.rv)) throw conflict(request.kind, request.name, modifiedMeanwhile);
}

interface Patch {
  repeated: readonly string[];
  apply: (object: Json) => unknown;
}

/** @throws 400 and 413 refusals */
function readPatch(request: WriteRequest, type: string): Patch {
  // the API server reads a strategic merge patch in another place, with other words
  const lead = type === strategicPatchType ? '' : 'error decoding patch: ';
  const explain = (why: string): Error => badRequest(`${lead}${why}`);
  const body = parseBody(request.body, explain);
  if (type === jsonPatchType) return readOperations(body, explain);
  const { value, repeated } = body;
  if (!isObject(value)) {
    const found = jsonTypeOf(value);
    throw explain(`json: cannot unmarshal ${found} into Go value of type map[string]interface {}`);
  }
  if (type === mergePatchType) return { repeated, apply: (object) => applyMergePatch(object, value) };
  const shape = shapeOf(request.kind);
  return { repeated, apply: (object) => strategically(() => applyStrategicMergePatch(object, value, shape)) };
}

function readOperations({ value, repeated }: ParsedBody, explain: (why: string) => Error): Patch {
  const operations = readJsonPatch(value);
  if (operations === undefined) {
    const isList = Array.isArray(value);
    const found = jsonTypeOf(isList ? value.find((one) => !isObject(one)) : value);
    const wanted = isList ? 'handlers.jsonPatchOp' : '[]handlers.jsonPatchOp';
    throw explain(`json: cannot unmarshal ${found} into Go value of type ${wanted}`);
  }
  if (operations.length > mostOperations) throw tooManyOperations(mostOperations, operations.length);
  return {
    repeated: repeated.map((path) => `json patch ${path}`),
    apply: (object) => {
      try {
        return applyJsonPatch(object, operations);
      } catch (error) {
        throw error instanceof PatchMismatch ? patchDoesNotApply() : error;
      }
    },
  };
}

function strategically(work: () => Json): Json {
  try {
    return work();
  } catch (error) {
    throw error instanceof BadPatch ? new Refusal({ code: 500, message: error.message }) : error;
  }
}

/** What a patch makes of an object is refused as a value of the field `patch`. */
function decodePatched(found: Found, patch: Patch, request: WriteRequest): DecodedObject {
  const { kind, options } = request;
  const merged = patch.apply(readBody(fromStored(found.row.body, kind)));
  const refuse = (why: string): Refusal => {
    return invalid('', '', '', [invalidValue('patch', JSON.stringify(merged), why)]);
  };
  const text = JSON.stringify(merged);
  const name = isObject(merged) ? merged['kind'] : undefined;
  if (!isObject(merged) || typeof name !== 'string' || name === '') {
    throw refuse(`Object 'Kind' is missing in '${text}'`);
  }
  const { object, unknown } = cleanPatched(merged, kind, refuse);
  const problems = [
    ...patch.repeated.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (options.fieldValidation === 'Strict' && problems.length > 0) {
    throw refuse(`strict decoding error: ${problems.join(', ')}`);
  }
  return { object, warnings: options.fieldValidation === 'Ignore' ? [] : problems };
}

function cleanPatched(merged: Json, kind: ServedKind, refuse: (why: string) => Refusal): CleanObject {
  try {
    return cleanObject(merged, kind);
  } catch (error) {
    const why = error instanceof Refusal ? /cannot be handled as a \w+: (.*)$/s.exec(error.message) : null;
    throw why === null ? error : refuse(why[1] ?? '');
  }
}
