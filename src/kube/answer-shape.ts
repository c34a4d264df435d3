/**
 * What a server answered, as the types say it is. An API server answers nothing else; a proxy, a server that only looks
 * like one, and an object that was imported as it is may. What cannot be an object or a list is refused; a field of a
 * wrong type counts as absent.
 */
import type { ApiStatus, KubeList, KubeObject } from '../api/objects.ts';
import { ApiError, maskedJson, type ApiCall } from './api-error.ts';

type Fields = Record<string, unknown>;
type Reader = (value: unknown) => unknown;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The records of what should be a list of them. */
export function recordsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** @throws ApiError where it is no object; also a Status in place of one, which names a failure */
export function asObject(value: unknown, call: ApiCall, httpStatus: number): KubeObject {
  if (isStatus(value)) throw unexpectedStatus(value, call, httpStatus);
  if (!hasMetadata(value)) throw foreign(value, 'no object', { call, httpStatus });
  const { metadata } = value;
  // What is created without a name, as a review of access, has none; any other is the one that was asked for.
  if (!Object.hasOwn(metadata, 'name')) {
    if (call.objectName !== undefined) metadata.name = call.objectName;
  } else if (!isNamed(value)) throw foreign(value, 'no object', { call, httpStatus });
  return readObject(value, call.resource);
}

/** What a DELETE answers: the object, or a Status. @throws ApiError */
export function asDeleted(value: unknown, call: ApiCall, httpStatus: number): KubeObject | ApiStatus {
  if (!isStatus(value) || value['status'] === 'Failure') return asObject(value, call, httpStatus);
  return readStatus(value);
}

/** Without items, or with null, as Go writes a list that it never filled, it is empty. @throws ApiError */
export function asList(value: unknown, call: ApiCall, httpStatus: number): KubeList {
  const answer = { call, httpStatus };
  if (isStatus(value)) throw unexpectedStatus(value, call, httpStatus);
  const items = itemsOf(value);
  if (!isFields(value) || items === undefined) throw foreign(value, 'no list', answer);
  const { metadata } = value;
  return {
    ...value,
    metadata: readFields(isFields(metadata) ? metadata : {}, listFields),
    items: items.map((item) => {
      if (!isNamed(item)) throw foreign(item, 'a list with an item that is no object', answer);
      return readObject(item, call.resource);
    }),
  };
}

function itemsOf(value: unknown): unknown[] | undefined {
  if (!isFields(value)) return undefined;
  const { kind, items } = value;
  if (Array.isArray(items)) return items as unknown[];
  const isEmpty =
    items === null || (items === undefined && typeof kind === 'string' && kind.endsWith('List'));
  return isEmpty ? [] : undefined;
}

/** The object of a watch event; undefined for what is none. A bookmark's has a version and no name. */
export function asEventObject(
  value: unknown,
  { resource, isBookmark }: { resource: string; isBookmark: boolean },
): KubeObject | undefined {
  if (isBookmark ? !hasMetadata(value) : !isNamed(value)) return undefined;
  return readObject(value as KubeObject, resource);
}

/** Whatever a server calls a Status, with nothing in it but what belongs there. */
export function readStatus(value: Fields): ApiStatus {
  const status = readFields({ ...value }, { message: text, reason: text, code: integer, details: record });
  const { details, metadata } = status;
  if (isFields(details)) {
    status['details'] = readFields(
      { ...details },
      { name: text, group: text, kind: text, uid: text, retryAfterSeconds: duration, causes: causes },
    );
  }
  return { ...status, metadata: isFields(metadata) ? metadata : {} } as unknown as ApiStatus;
}

export function isStatus(value: unknown): value is Fields {
  return isFields(value) && value['kind'] === 'Status';
}

function hasMetadata(value: unknown): value is KubeObject {
  return isFields(value) && isFields(value['metadata']);
}

function isNamed(value: unknown): value is KubeObject {
  return hasMetadata(value) && typeof value.metadata.name === 'string';
}

/** The answer's excerpt in a message. */
const longestExcerpt = 200;

function foreign(value: unknown, what: string, answer: { call: ApiCall; httpStatus: number }): ApiError {
  const { mask } = answer.call;
  // before it is cut: half a secret is not recognised
  const text = mask === undefined ? JSON.stringify(value) : mask(maskedJson(value, mask));
  const shown = text.length > longestExcerpt ? `${text.slice(0, longestExcerpt)}…` : text;
  return new ApiError({
    ...answer.call,
    httpStatus: answer.httpStatus,
    message: `the answer (HTTP ${answer.httpStatus}) is ${what}: ${shown}`,
    hint: 'Something between here and the API server answered in its place; check server and proxy settings.',
  });
}

function unexpectedStatus(value: Fields, call: ApiCall, httpStatus: number): ApiError {
  const status = readStatus(value);
  const said = status.message ?? status.reason ?? 'without a message';
  return new ApiError({
    ...call,
    httpStatus: status.code >= 400 ? status.code : httpStatus,
    status,
    message: `the server answered HTTP ${httpStatus} with a Status in place of the object: ${said}`,
    retryAfterSeconds: status.details?.retryAfterSeconds,
  });
}

const largestInt32 = 2 ** 31 - 1;

const text: Reader = (value) => textOf(value);
const flag: Reader = (value) => (typeof value === 'boolean' ? value : undefined);
const integer: Reader = (value) => (Number.isSafeInteger(value) ? value : undefined);
const int32: Reader = (value) =>
  Number.isInteger(value) && Math.abs(value as number) <= largestInt32 ? value : undefined;
const duration: Reader = (value) => (Number.isFinite(value) && (value as number) >= 0 ? value : undefined);
const record: Reader = (value) => (isFields(value) ? value : undefined);
const texts: Reader = (value) =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
const textMap: Reader = (value) => {
  if (!isFields(value)) return undefined;
  // most often there is nothing to leave out
  if (Object.values(value).every((one) => typeof one === 'string')) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
};
const causes: Reader = (value) =>
  recordsOf(value).map((cause) => readFields({ ...cause }, { reason: text, message: text, field: text }));
const owners: Reader = (value) => {
  if (!Array.isArray(value)) return undefined;
  const fields = { apiVersion: text, kind: text, name: text, uid: text, controller: flag };
  // who follows an owner looks at what it has: an imported object may have one without a uid
  return recordsOf(value).map((owner) => readFields(owner, fields));
};

const listFields = { resourceVersion: text, continue: text, remainingItemCount: integer };

const metaFields: Readonly<Record<string, Reader>> = {
  namespace: text,
  generateName: text,
  uid: text,
  resourceVersion: text,
  generation: integer,
  creationTimestamp: text,
  deletionTimestamp: text,
  labels: textMap,
  annotations: textMap,
  finalizers: texts,
  ownerReferences: owners,
};

const leaseFields: Readonly<Record<string, Reader>> = {
  holderIdentity: text,
  leaseDurationSeconds: int32,
  acquireTime: text,
  renewTime: text,
  leaseTransitions: int32,
};

function readObject(object: KubeObject, resource: string): KubeObject {
  readFields(object, { apiVersion: text, kind: text });
  readFields(object.metadata, metaFields);
  if (!resource.startsWith('leases.coordination.k8s.io')) return object;
  const { spec } = object;
  if (isFields(spec)) readFields(spec, leaseFields);
  else delete object['spec'];
  return object;
}

/** In place: what was just parsed belongs to nobody else. */
function readFields<T extends Fields>(from: T, readers: Readonly<Record<string, Reader>>): T {
  for (const [key, read] of Object.entries(readers)) {
    if (!Object.hasOwn(from, key)) continue;
    const value = read(from[key]);
    if (value === undefined) Reflect.deleteProperty(from, key);
    else if (value !== from[key]) (from as Fields)[key] = value;
  }
  return from;
}
