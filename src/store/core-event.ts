/** Event as the API server decodes and validates it: the core form, that of events.k8s.io is a view of it. */
import { invalidValue, type FieldError } from './field-error.ts';
import type { Json } from './json.ts';
import { atPath } from './json.ts';
import type { StoredObject } from './stored-object.ts';
import { decodeFields, type TypedStruct } from './typed-fields.ts';

const eventStruct: TypedStruct = {
  name: 'Event',
  path: '',
  fields: {
    apiVersion: 'string',
    kind: 'string',
    metadata: 'object',
    involvedObject: 'object',
    reason: 'string',
    message: 'string',
    source: 'object',
    firstTimestamp: 'time',
    lastTimestamp: 'time',
    count: 'int32',
    type: 'string',
    eventTime: 'microTime',
    series: 'object',
    action: 'string',
    related: 'object',
    reportingComponent: 'string',
    reportingInstance: 'string',
  },
};

/** In place; returns the paths of unknown fields. @throws a 400 refusal */
export function decodeEvent(event: Json): string[] {
  const unknown: string[] = [];
  const decoded = decodeFields({ kind: 'Event', version: 'v1' }, eventStruct, event, unknown);
  for (const name of Object.keys(event)) Reflect.deleteProperty(event, name);
  const always = {
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: '',
    reportingInstance: '',
  };
  Object.assign(event, always, decoded);
  return unknown;
}

/** What is about a cluster-scoped object lies in `default`. */
export function checkEvent(event: StoredObject): FieldError[] {
  const about = atPath(event, ['involvedObject', 'namespace']);
  const namespace = typeof about === 'string' ? about : '';
  const own = event.metadata.namespace ?? '';
  if (namespace === own || (namespace === '' && own === 'default')) return [];
  return [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')];
}
