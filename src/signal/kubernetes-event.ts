/**
 * A Kubernetes Event, core v1 or events.k8s.io/v1, as the gateway reads it (docs/gateway-semantics.md 1.5), and beyond
 * it: `eventTime` and `series.lastObservedTime` are read too (1.1), for events of the newer API have no other times.
 */
import { coreEventOf, withTimes } from './delivery.ts';
import type { JsonObject, KnownKeys, KnownObject } from './known-fields.ts';
import {
  asObject,
  checkIntegerField,
  isJsonObject,
  knownKeys,
  memberOf,
  noticesOfKeyCase,
  objectField,
  textField,
  timeField,
} from './known-fields.ts';
import type { ParsedItem, ParsedSignal, Sighting } from './parsed-signal.ts';
import { quoteText } from './quoted-text.ts';
import type { WrittenTime } from '../time/rfc3339.ts';
import { isUnsetTime, parseRfc3339 } from '../time/rfc3339.ts';
import type { Notice } from '../errors/reason.ts';
import type { RefusedItem, SignalAbout, SignalSource, TargetResource } from './signal.ts';

/** Which fields an event has where its two APIs differ. */
interface EventLayout {
  object: string;
  message: string;
  source: string;
  firstTimestamp: string;
  lastTimestamp: string;
  count: string;
  known: KnownKeys;
}

const coreLayout = layout({
  object: 'involvedObject',
  message: 'message',
  source: 'source',
  firstTimestamp: 'firstTimestamp',
  lastTimestamp: 'lastTimestamp',
  count: 'count',
});
const eventsLayout = layout({
  object: 'regarding',
  message: 'note',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
});
const objectKeys = knownKeys(['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion']);
const sourceFields = ['component', 'host'];
const sourceKeys = knownKeys(sourceFields);

/** Under which remedyctl notes what it forced. */
const ownComponent = 'remedyctl';

export type EventApi = 'v1' | 'events.k8s.io/v1';

/** One event and where it stands. */
interface EventOrigin {
  source: SignalSource;
  /** The event's own text, for what only the text can tell. */
  text: () => string;
  warnings: Notice[];
  originalPayload: ParsedSignal['originalPayload'];
}

interface EventFields {
  type: string;
  reason: string;
  resource: TargetResource;
  objectField: string;
  /** Who tells of it. */
  component: string;
  firingTime: WrittenTime | undefined;
  lastSeen: WrittenTime | undefined;
}

/**
 * Which API an object's event belongs to, or undefined when it is none. An object without apiVersion, as items
 * of an EventList have it, is told by its shape.
 */
export function eventApiOf(value: JsonObject): EventApi | undefined {
  const kind = memberOf(value, 'kind');
  if (kind !== undefined && kind !== 'Event') return undefined;
  const apiVersion = memberOf(value, 'apiVersion');
  if (apiVersion === 'v1' || apiVersion === 'events.k8s.io/v1') {
    return kind === 'Event' || hasEventShape(value) ? apiVersion : undefined;
  }
  if (apiVersion !== undefined || !hasEventShape(value)) return undefined;
  return Object.hasOwn(value, 'regarding') ? 'events.k8s.io/v1' : 'v1';
}

/** Throws INVALID_DOCUMENT where a known field has the wrong type. */
export function parseEvent(value: unknown, api: EventApi, origin: EventOrigin): ParsedItem {
  const event = asObject(value, '');
  const eventLayout = api === 'v1' ? coreLayout : eventsLayout;
  const warnings = [...origin.warnings];
  const fields = readEvent(event, eventLayout, { text: origin.text, warnings });
  const refused = refusalOf(fields);
  if (refused !== undefined) return { source: origin.source, ...refused, about: aboutOf(fields), warnings };
  const { firingTime, lastSeen } = fields;
  const seen: Sighting = { rule: 'event', ...(lastSeen === undefined ? {} : { atMs: lastSeen.ms }) };
  return {
    source: origin.source,
    outcome: 'parsed',
    signalSource: 'kubernetes-events',
    signalName: fields.reason,
    severity: fields.type,
    subject: { from: 'object', resource: fields.resource },
    ...(firingTime === undefined ? {} : { firingTime: firingTime.text }),
    seen,
    warnings,
    originalPayload: origin.originalPayload,
    delivery: () => {
      const times = { first: firingTime?.text, last: lastSeen?.text };
      const body = withTimes(api === 'v1' ? event.value : coreEventOf(event.value), times);
      return { as: 'event', body, ...(body === event.value ? { text: origin.text } : {}) };
    },
  };
}

function readEvent(
  event: KnownObject,
  names: EventLayout,
  { text, warnings }: { text: () => string; warnings: Notice[] },
): EventFields {
  const object = objectField(event, names.object);
  const source = objectField(event, names.source);
  warnings.push(
    ...noticesOfKeyCase(event, names.known),
    ...noticesOfKeyCase(object, objectKeys),
    ...noticesOfKeyCase(source, sourceKeys),
  );
  textField(event, names.message);
  for (const key of sourceFields) textField(source, key);
  for (const key of ['uid', 'resourceVersion']) textField(object, key);
  checkIntegerField(event, names.count, text);
  const first = timeField(event, names.firstTimestamp);
  const last = timeField(event, names.lastTimestamp);
  const eventTime = extraTime(event.value, 'eventTime', warnings);
  const series = memberOf(event.value, 'series');
  const observed = isJsonObject(series) ? extraTime(series, 'lastObservedTime', warnings) : undefined;
  return {
    type: textField(event, 'type'),
    reason: textField(event, 'reason'),
    resource: resourceOf(object),
    objectField: names.object,
    component: textField(source, 'component'),
    firingTime: first ?? eventTime ?? last ?? observed,
    lastSeen: last ?? observed ?? first ?? eventTime,
  };
}

/** A time that the gateway does not know of: one that cannot be read is no reason to refuse what it takes. */
function extraTime(object: JsonObject, key: string, warnings: Notice[]): WrittenTime | undefined {
  const value = memberOf(object, key);
  if (value === undefined || value === null) return undefined;
  const time = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (time === undefined) {
    warnings.push({ code: 'TIME_IGNORED', message: `${key} is ignored: it is not an RFC 3339 time` });
    return undefined;
  }
  return isUnsetTime(time) ? undefined : time;
}

function resourceOf(object: KnownObject): TargetResource {
  const namespace = textField(object, 'namespace');
  const apiVersion = textField(object, 'apiVersion');
  return {
    kind: textField(object, 'kind'),
    name: textField(object, 'name'),
    ...(namespace === '' ? {} : { namespace }),
    ...(apiVersion === '' ? {} : { apiVersion }),
  };
}

/** In the gateway's order: a Normal event without a reason is refused for the reason. */
function refusalOf(fields: EventFields): Pick<RefusedItem, 'outcome' | 'reason'> | undefined {
  const { type, reason, resource, objectField: object } = fields;
  if (reason === '') return missing('reason');
  if (resource.kind === '') return missing(`${object}.kind`);
  if (resource.name === '') return missing(`${object}.name`);
  if (type === 'Normal') {
    const message = `event ${quoteText(reason)} is Normal: it informs, and nothing is to be remediated`;
    return { outcome: 'skipped', reason: { code: 'NORMAL_EVENT', message } };
  }
  if (fields.component === ownComponent && resource.kind === 'Lease') {
    const message = `event ${quoteText(reason)} is remedyctl's own note of a lock: there is nothing to remediate`;
    return { outcome: 'skipped', reason: { code: 'OWN_EVENT', message } };
  }
  if (type === 'Warning' || type === 'Error') return undefined;
  const message = `type: ${quoteText(type)} is no event type that is handled`;
  const hint = 'Only events of type Warning and Error become signals; Normal ones are skipped.';
  return { outcome: 'rejected', reason: { code: 'INVALID_FIELD', message, hint } };
}

function aboutOf({ reason, resource }: EventFields): SignalAbout {
  const isNamed = resource.kind !== '' && resource.name !== '';
  return { ...(reason === '' ? {} : { signalName: reason }), ...(isNamed ? { resource } : {}) };
}

function missing(field: string): Pick<RefusedItem, 'outcome' | 'reason'> {
  const message = `${field} is missing or empty; an event needs it`;
  return { outcome: 'rejected', reason: { code: 'INVALID_FIELD', message } };
}

function hasEventShape(value: JsonObject): boolean {
  return Object.hasOwn(value, 'involvedObject') || Object.hasOwn(value, 'regarding');
}

function layout(names: Omit<EventLayout, 'known'>): EventLayout {
  const shared = ['type', 'reason', 'eventTime', 'series', 'apiVersion', 'kind', 'metadata'];
  return { ...names, known: knownKeys([...shared, ...Object.values(names)]) };
}
