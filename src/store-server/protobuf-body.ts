/**
 * Bodies in Kubernetes' protobuf, read into JSON. kubectl sends nothing else where it makes an object by itself (`kubectl
 * create namespace`), and does not ask whether a server reads it. A kind that is not in the table stays as it is, and is
 * refused; so is an object with a field that is not, since nothing may be lost on the way.
 */

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

/** What cannot be read, or would not be read whole. */
class Unreadable extends Error {}

/** The object as JSON text; undefined for what is not in the table. */
export function jsonOfProtobuf(body: Buffer): string | undefined {
  if (!body.subarray(0, magic.length).equals(magic)) return undefined;
  try {
    const parts = new Map(fieldsOf(body.subarray(magic.length)).map(({ number, value }) => [number, value]));
    const type = new Map(fieldsOf(bytesOf(parts.get(1))).map(({ number, value }) => [number, value]));
    const apiVersion = bytesOf(type.get(1)).toString();
    const kind = bytesOf(type.get(2)).toString();
    const name = `${apiVersion} ${kind}`;
    if (!Object.hasOwn(messages, name)) return undefined;
    return JSON.stringify({ apiVersion, kind, ...readMessage(bytesOf(parts.get(2)), name) });
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

interface Field {
  number: number;
  value: bigint | Buffer;
}

function bytesOf(value: bigint | Buffer | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  if (typeof value === 'bigint') throw new Unreadable();
  return value;
}

/** @throws Unreadable */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new Unreadable();
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new Unreadable();
  };
  while (at < message.length) {
    const key = Number(varint());
    const wireType = key & 7;
    if (wireType === 0) {
      fields.push({ number: key >>> 3, value: varint() });
      continue;
    }
    if (wireType !== 2) throw new Unreadable();
    const length = Number(varint());
    if (length < 0 || at + length > message.length) throw new Unreadable();
    fields.push({ number: key >>> 3, value: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

function readMessage(message: Buffer, name: string): Record<string, unknown> {
  const known = messages[name] ?? {};
  const object: Record<string, unknown> = {};
  for (const { number, value } of fieldsOf(message)) {
    const field = known[number];
    if (field === undefined) throw new Unreadable();
    const [fieldName, type] = field;
    object[fieldName] = withValue(object[fieldName], type, value);
  }
  return object;
}

/** What is repeated is added to what is there. */
function withValue(before: unknown, type: string, value: bigint | Buffer): unknown {
  if (type.startsWith('[]')) {
    return [...(Array.isArray(before) ? (before as unknown[]) : []), readValue(type.slice(2), value)];
  }
  if (type !== 'm' && type !== 'd') return readValue(type, value);
  const entry = new Map(fieldsOf(bytesOf(value)).map((part) => [part.number, part.value]));
  const key = bytesOf(entry.get(1)).toString();
  const text = bytesOf(entry.get(2)).toString(type === 'm' ? 'utf8' : 'base64');
  return Object.fromEntries([...Object.entries((before as object | undefined) ?? {}), [key, text]]);
}

function readValue(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case 's':
      return bytesOf(value).toString();
    case 'i':
      return Number(value);
    case 'b':
      return Number(value) !== 0;
    case 't':
    case 'u':
      return readTime(bytesOf(value), type === 'u');
    default:
      return readMessage(bytesOf(value), type);
  }
}

/** Null for no time at all. */
function readTime(message: Buffer, inMicroseconds: boolean): string | null {
  const parts = new Map(fieldsOf(message).map(({ number, value }) => [number, Number(value)]));
  const seconds = parts.get(1) ?? 0;
  const micros = Math.floor((parts.get(2) ?? 0) / 1000);
  if (seconds === 0 && micros === 0) return null;
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) throw new Unreadable();
  const whole = moment.toISOString().slice(0, 19);
  return inMicroseconds ? `${whole}.${String(micros).padStart(6, '0')}Z` : `${whole}Z`;
}
