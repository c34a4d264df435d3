/** Decoding of metadata: the Go type of each field, unknown ones removed. */
import type { ApiResource } from '../api/objects.ts';
import { isObject, type Json } from './json.ts';
import { badRequest } from './refusals.ts';
import { jsonTypeOf } from './typed-fields.ts';

type GoType = 'string' | 'int64' | 'map' | 'strings' | 'objects' | 'entries' | 'dropped';

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
  managedFields: 'entries',
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
  // an empty list says that fields are not to be followed
  if (Array.isArray(value)) return value.length === 0 && name !== 'managedFields';
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

const isText = (value: unknown): boolean => typeof value === 'string';

/** Of a list or a map, how Go names it and what its parts are. */
const composites: Partial<
  Record<GoType, { wanted: string; part: string; fits: (value: unknown) => boolean }>
> = {
  map: { wanted: 'map[string]string', part: 'string', fits: isText },
  strings: { wanted: '[]string', part: 'string', fits: isText },
  entries: { wanted: '[]v1.ManagedFieldsEntry', part: 'v1.ManagedFieldsEntry', fits: isObject },
  objects: { wanted: '[]v1.OwnerReference', part: 'v1.OwnerReference', fits: isObject },
};

function wrongPart(type: GoType, value: unknown): WrongPart | undefined {
  const composite = composites[type];
  if (composite === undefined) {
    const fits = type === 'string' ? isText(value) : Number.isSafeInteger(value);
    return fits ? undefined : { found: jsonTypeOf(value), wanted: type };
  }
  const isWhole = type === 'map' ? isObject(value) : Array.isArray(value);
  if (!isWhole) return { found: jsonTypeOf(value), wanted: composite.wanted };
  return firstWrong(Object.values(value as object), composite.fits, composite.part);
}

function firstWrong(
  values: unknown[],
  fits: (value: unknown) => boolean,
  wanted: string,
): WrongPart | undefined {
  const wrong = values.find((value) => !fits(value));
  return wrong === undefined ? undefined : { found: jsonTypeOf(wrong), wanted };
}
