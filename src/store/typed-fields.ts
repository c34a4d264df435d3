/** Decoding of the built-in kinds that the store checks field by field, with the errors of the API server. */
import { readMicroTime, readTime } from './go-time.ts';
import { isObject, type Json } from './json.ts';
import { badRequest } from './refusals.ts';

export type FieldType = 'string' | 'int32' | 'time' | 'microTime' | 'object';

export interface TypedStruct {
  /** As Go's errors name the struct and the path to it: `LeaseSpec.spec`. */
  name: string;
  /** As warnings name it: `spec`, or empty for the object itself. */
  path: string;
  fields: Readonly<Record<string, FieldType>>;
}

/** The kind that refusals name. */
export interface TypedKind {
  kind: string;
  version: string;
}

/** The known fields in the server's form; the paths of others go to `unknown`. @throws a 400 refusal */
export function decodeFields(kind: TypedKind, struct: TypedStruct, value: Json, unknown: string[]): Json {
  const decoded: Json = {};
  for (const [name, field] of Object.entries(value)) {
    const type = Object.hasOwn(struct.fields, name) ? struct.fields[name] : undefined;
    if (type === undefined) unknown.push(struct.path === '' ? name : `${struct.path}.${name}`);
    else if (field !== null)
      decoded[name] = decodeField(kind, `${struct.name}.${name}`, { type, value: field });
  }
  return decoded;
}

const goTypes: Record<FieldType, string> = {
  string: 'string',
  int32: 'int32',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  object: 'v1.Object',
};

function decodeField(kind: TypedKind, path: string, field: { type: FieldType; value: unknown }): unknown {
  const { type, value } = field;
  if (!hasType(type, value)) {
    const found = typeof value === 'number' && type === 'int32' ? `number ${value}` : jsonTypeOf(value);
    const wanted = goTypes[type];
    throw unreadable(kind, `json: cannot unmarshal ${found} into Go struct field ${path} of type ${wanted}`);
  }
  return type === 'time' || type === 'microTime' ? decodeTime(kind, type, value as string) : value;
}

function hasType(type: FieldType, value: unknown): boolean {
  if (type === 'object') return isObject(value);
  if (type !== 'int32') return typeof value === 'string';
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}

function decodeTime(kind: TypedKind, type: 'time' | 'microTime', value: string): string {
  const reading = type === 'time' ? readTime(value) : readMicroTime(value);
  if ('error' in reading) throw unreadable(kind, reading.error);
  return reading.text;
}

export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

export function unreadable({ kind, version }: TypedKind, why: string): Error {
  return badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${why}`);
}
