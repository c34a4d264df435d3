/** Decoding of metadata: the Go type of each field, unknown ones removed. */
import type { ApiResource } from '../api/objects.ts';
import { isObject, type Json } from './json.ts';
import { badRequest } from './refusals.ts';

type GoType = 'string' | 'int64' | 'map' | 'strings' | 'objects' | 'dropped';

const fields: Record<string, GoType> = {
  name: 'string',
  generateName: 'string',
  namespace: 'string',
  selfLink: 'dropped',
  uid: 'string',
  resourceVersion: 'string',
  generation: 'int64',
  creationTimestamp: 'string',
  deletionTimestamp: 'string',
  deletionGracePeriodSeconds: 'int64',
  labels: 'map',
  annotations: 'map',
  ownerReferences: 'objects',
  finalizers: 'strings',
  managedFields: 'dropped',
};

/** Cleans in place; returns the paths of unknown fields. @throws a 400 refusal for a value of the wrong type */
export function cleanMetadata(metadata: Json, kind: ApiResource): string[] {
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(metadata)) {
    const type = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (type === undefined) unknown.push(`metadata.${name}`);
    else if (type !== 'dropped' && value !== null) requireType({ kind, name, type }, value);
    if (type === undefined || type === 'dropped' || isEmpty(name, value))
      Reflect.deleteProperty(metadata, name);
  }
  return unknown;
}

/** What Go's omitempty leaves out. */
function isEmpty(name: string, value: unknown): boolean {
  if (value === null || value === '') return true;
  if (value === 0) return name === 'generation';
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

interface Field {
  kind: ApiResource;
  name: string;
  type: GoType;
}

function requireType(field: Field, value: unknown): void {
  const wrong = wrongPart(field.type, value);
  if (wrong === undefined) return;
  const { kind, version } = field.kind;
  throw badRequest(
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: json: cannot unmarshal ${wrong.found} into Go struct field ObjectMeta.${field.name} of type ${wrong.wanted}`,
  );
}

interface WrongPart {
  found: string;
  wanted: string;
}

function wrongPart(type: GoType, value: unknown): WrongPart | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? undefined : { found: jsonTypeOf(value), wanted: 'string' };
    case 'int64':
      return Number.isSafeInteger(value) ? undefined : { found: jsonTypeOf(value), wanted: 'int64' };
    case 'map':
      if (!isObject(value)) return { found: jsonTypeOf(value), wanted: 'map[string]string' };
      return firstWrong(Object.values(value), (one) => typeof one === 'string', 'string');
    case 'strings':
      if (!Array.isArray(value)) return { found: jsonTypeOf(value), wanted: '[]string' };
      return firstWrong(value, (one) => typeof one === 'string', 'string');
    case 'objects':
      if (!Array.isArray(value)) return { found: jsonTypeOf(value), wanted: '[]v1.OwnerReference' };
      return firstWrong(value, isObject, 'v1.OwnerReference');
    default:
      return undefined;
  }
}

function firstWrong(
  values: unknown[],
  fits: (value: unknown) => boolean,
  wanted: string,
): WrongPart | undefined {
  const wrong = values.find((value) => !fits(value));
  return wrong === undefined ? undefined : { found: jsonTypeOf(wrong), wanted };
}

function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
