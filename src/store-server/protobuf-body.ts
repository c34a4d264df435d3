/**
 * Bodies in Kubernetes' protobuf, read into JSON. kubectl sends nothing else where it makes an object by itself (`kubectl
 * create namespace`), and does not ask whether a server reads it. A kind that is not in the table stays as it is, and is
 * refused; so is an object with a field that is not, since nothing may be lost on the way.
 */

import { MalformedBody } from './malformed-body.ts';

/** A field's name and type: s string, i integer, b boolean, t time, u time in microseconds, m map of strings, d map of bytes. */
type Message = Readonly<Record<number, readonly [name: string, type: string]>>;

/** By name; a type in capitals is one of these, `[]` before it a list. */
const messages: Readonly<Record<string, Message>> = {
  ObjectMeta: {
    1: ['name', 's'],
    2: ['generateName', 's'],
    3: ['namespace', 's'],
    4: ['selfLink', 's'],
    5: ['uid', 's'],
    6: ['resourceVersion', 's'],
    7: ['generation', 'i'],
    8: ['creationTimestamp', 't'],
    9: ['deletionTimestamp', 't'],
    10: ['deletionGracePeriodSeconds', 'i'],
    11: ['labels', 'm'],
    12: ['annotations', 'm'],
    13: ['ownerReferences', '[]OwnerReference'],
    14: ['finalizers', '[]s'],
  },
  OwnerReference: {
    1: ['kind', 's'],
    3: ['name', 's'],
    4: ['uid', 's'],
    5: ['apiVersion', 's'],
    6: ['controller', 'b'],
    7: ['blockOwnerDeletion', 'b'],
  },
  'v1 Namespace': {
    1: ['metadata', 'ObjectMeta'],
    2: ['spec', 'NamespaceSpec'],
    3: ['status', 'NamespaceStatus'],
  },
  NamespaceSpec: { 1: ['finalizers', '[]s'] },
  NamespaceStatus: { 1: ['phase', 's'] },
  'v1 ServiceAccount': { 1: ['metadata', 'ObjectMeta'], 4: ['automountServiceAccountToken', 'b'] },
  'v1 ConfigMap': {
    1: ['metadata', 'ObjectMeta'],
    2: ['data', 'm'],
    3: ['binaryData', 'd'],
    4: ['immutable', 'b'],
  },
  'v1 Secret': {
    1: ['metadata', 'ObjectMeta'],
    2: ['data', 'd'],
    3: ['type', 's'],
    4: ['stringData', 'm'],
    5: ['immutable', 'b'],
  },
  'coordination.k8s.io/v1 Lease': { 1: ['metadata', 'ObjectMeta'], 2: ['spec', 'LeaseSpec'] },
  LeaseSpec: {
    1: ['holderIdentity', 's'],
    2: ['leaseDurationSeconds', 'i'],
    3: ['acquireTime', 'u'],
    4: ['renewTime', 'u'],
    5: ['leaseTransitions', 'i'],
    6: ['strategy', 's'],
    7: ['preferredHolder', 's'],
  },
  'authorization.k8s.io/v1 SelfSubjectAccessReview': {
    1: ['metadata', 'ObjectMeta'],
    2: ['spec', 'AccessReviewSpec'],
    3: ['status', 'AccessReviewStatus'],
  },
  AccessReviewSpec: {
    1: ['resourceAttributes', 'ResourceAttributes'],
    2: ['nonResourceAttributes', 'PathAttributes'],
  },
  AccessReviewStatus: {
    1: ['allowed', 'b'],
    2: ['reason', 's'],
    3: ['evaluationError', 's'],
    4: ['denied', 'b'],
  },
  ResourceAttributes: {
    1: ['namespace', 's'],
    2: ['verb', 's'],
    3: ['group', 's'],
    4: ['version', 's'],
    5: ['resource', 's'],
    6: ['subresource', 's'],
    7: ['name', 's'],
  },
  PathAttributes: { 1: ['path', 's'], 2: ['verb', 's'] },
  'authorization.k8s.io/v1 SelfSubjectRulesReview': {
    1: ['metadata', 'ObjectMeta'],
    2: ['spec', 'RulesReviewSpec'],
    3: ['status', 'RulesReviewStatus'],
  },
  RulesReviewSpec: { 1: ['namespace', 's'] },
  RulesReviewStatus: { 3: ['incomplete', 'b'], 4: ['evaluationError', 's'] },
  'authentication.k8s.io/v1 SelfSubjectReview': {
    1: ['metadata', 'ObjectMeta'],
    2: ['status', 'SubjectReviewStatus'],
  },
  SubjectReviewStatus: { 1: ['userInfo', 'UserInfo'] },
  UserInfo: { 1: ['username', 's'], 2: ['uid', 's'] },
};

const magic = Buffer.from('k8s\0');

/** Sound for all we know, but it would not be read whole. */
class Unreadable extends Error {}

/** The object as JSON text; undefined for what is not in the table. @throws MalformedBody */
export function jsonOfProtobuf(body: Buffer): string | undefined {
  if (!body.subarray(0, magic.length).equals(magic)) {
    throw new MalformedBody(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  try {
    const parts = lastOfEach(body.subarray(magic.length));
    const type = lastOfEach(bytesOf(parts.get(1)));
    const apiVersion = bytesOf(type.get(1)).toString();
    const kind = bytesOf(type.get(2)).toString();
    if (kind === '') throw new MalformedBody("Object 'Kind' is missing");
    const name = `${apiVersion} ${kind}`;
    if (!Object.hasOwn(messages, name)) return undefined;
    return JSON.stringify({ apiVersion, kind, ...readMessage(bytesOf(parts.get(2)), name) });
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

type Value = bigint | Buffer;

interface Field {
  number: number;
  value: Value;
}

function bytesOf(value: Value | undefined): Buffer {
  if (typeof value === 'bigint') throw new MalformedBody('proto: wrong wireType = 0');
  return value ?? Buffer.alloc(0);
}

function numberOf(value: Value): number {
  if (typeof value !== 'bigint') throw new MalformedBody('proto: wrong wireType = 2');
  return Number(value);
}

const varintBytes = 10;

/** One after the other: a body of 3 MiB may be a million of them. @throws MalformedBody, Unreadable */
function* fieldsOf(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let index = 0; index < varintBytes; index += 1) {
      const byte = message[at];
      if (byte === undefined) throw new MalformedBody('unexpected EOF');
      at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new MalformedBody('proto: integer overflow');
  };
  const bytes = (): Buffer => {
    const length = Number(varint());
    if (length < 0) throw new MalformedBody('proto: negative length found during unmarshaling');
    if (at + length > message.length) throw new MalformedBody('unexpected EOF');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(BigInt.asUintN(64, varint()));
    const number = Math.floor(key / 8);
    if (number < 1 || number > 0x1fffffff) throw new MalformedBody(`proto: illegal tag ${number}`);
    const wireType = key % 8;
    if (wireType > 5) throw new MalformedBody(`proto: illegal wireType ${wireType}`);
    if (wireType !== 0 && wireType !== 2) throw new Unreadable();
    yield { number, value: wireType === 0 ? varint() : bytes() };
  }
}

function lastOfEach(message: Buffer): Map<number, Value> {
  const values = new Map<number, Value>();
  for (const { number, value } of fieldsOf(message)) values.set(number, value);
  return values;
}

function readMessage(message: Buffer, name: string): Record<string, unknown> {
  const known = messages[name] ?? {};
  const object: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(message)) {
    const field = known[number];
    if (field === undefined) throw new Unreadable();
    const [fieldName, type] = field;
    if (type.startsWith('[]')) addItem((object[fieldName] ??= []), readValue(type.slice(2), value));
    else if (type === 'm' || type === 'd') addEntry((object[fieldName] ??= newMap()), type, value);
    else object[fieldName] = readValue(type, value);
  }
  return object;
}

/** Keys are the client's: none of them may mean anything to us. */
function newMap(): object {
  return Object.create(null) as object;
}

function addItem(list: unknown, item: unknown): void {
  (list as unknown[]).push(item);
}

function addEntry(map: unknown, type: 'm' | 'd', value: Value): void {
  const entry = lastOfEach(bytesOf(value));
  const key = bytesOf(entry.get(1)).toString();
  (map as Record<string, string>)[key] = bytesOf(entry.get(2)).toString(type === 'm' ? 'utf8' : 'base64');
}

function readValue(type: string, value: Value): unknown {
  switch (type) {
    case 's':
      return bytesOf(value).toString();
    case 'i':
      return numberOf(value);
    case 'b':
      return numberOf(value) !== 0;
    case 't':
    case 'u':
      return readTime(bytesOf(value), type === 'u');
    default:
      return readMessage(bytesOf(value), type);
  }
}

/** Null for no time at all. */
function readTime(message: Buffer, inMicroseconds: boolean): string | null {
  const parts = lastOfEach(message);
  const seconds = numberOf(parts.get(1) ?? 0n);
  const micros = Math.floor(numberOf(parts.get(2) ?? 0n) / 1000);
  if (seconds === 0 && micros === 0) return null;
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime()) || micros < 0 || micros > 999_999) throw new Unreadable();
  const whole = moment.toISOString().slice(0, 19);
  return inMicroseconds ? `${whole}.${String(micros).padStart(6, '0')}Z` : `${whole}Z`;
}
