/** Core and events.k8s.io Events are one object: the same fields under other names. Stored as core v1. */
import { apiVersionOf } from '../api/objects.ts';
import type { Json } from './json.ts';
import type { ServedKind } from './served-kind.ts';
import { readBody, type StoredObject } from './stored-object.ts';

const coreToGroup: Record<string, string> = {
  involvedObject: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
  reportingComponent: 'reportingController',
};

const groupToCore = Object.fromEntries(Object.entries(coreToGroup).map(([core, group]) => [group, core]));

const sameInBoth = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'eventTime',
  'series',
  'reportingInstance',
  'action',
  'reason',
  'related',
  'type',
]);

export function isEventView(kind: ServedKind): boolean {
  return kind.group === 'events.k8s.io';
}

/** Removes, in place, what an events.k8s.io Event does not have; returns the paths. */
export function fieldsAsStored(event: Json): string[] {
  const unknown = Object.keys(event).filter((name) => {
    return !sameInBoth.has(name) && !Object.hasOwn(groupToCore, name);
  });
  for (const name of unknown) Reflect.deleteProperty(event, name);
  return unknown;
}

function renamed(object: StoredObject, names: Record<string, string>, apiVersion: string): StoredObject {
  const result: Json = {};
  for (const [name, value] of Object.entries(object)) {
    result[Object.hasOwn(names, name) ? (names[name] ?? name) : name] = value;
  }
  return { ...(result as StoredObject), apiVersion };
}

/** How an object of the kind is stored. */
export function toStored(object: StoredObject, kind: ServedKind): StoredObject {
  return isEventView(kind) ? renamed(object, groupToCore, 'v1') : object;
}

/** How a stored object is shown under the kind that was asked for. */
export function fromStored(body: string, kind: ServedKind): string {
  const apiVersion = apiVersionOf(kind);
  if (body.startsWith(`{"apiVersion":${JSON.stringify(apiVersion)},`)) return body;
  const object = readBody(body);
  if (isEventView(kind)) return JSON.stringify(renamed(object, coreToGroup, apiVersion));
  return JSON.stringify({ ...object, apiVersion });
}
