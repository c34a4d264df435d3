/** Core and events.k8s.io Events are one object: the same fields under other names. Stored as core v1. */
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

function isGroupEvent(kind: ServedKind): boolean {
  return kind.group === 'events.k8s.io';
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
  return isGroupEvent(kind) ? renamed(object, groupToCore, 'v1') : object;
}

/** How a stored object is shown under the kind that was asked for. */
export function fromStored(body: string, kind: ServedKind): string {
  const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
  if (body.startsWith(`{"apiVersion":${JSON.stringify(apiVersion)},`)) return body;
  const object = readBody(body);
  if (isGroupEvent(kind)) return JSON.stringify(renamed(object, coreToGroup, apiVersion));
  return JSON.stringify({ ...object, apiVersion });
}
