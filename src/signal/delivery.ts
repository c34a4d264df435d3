/**
 * What is sent to a gateway of a signal: the smallest document that it takes for it. A gateway reads webhooks and core v1
 * Events alone, one signal a request being the only way to be told for certain what became of it.
 */
import type { JsonObject } from './known-fields.ts';

/** One signal as a gateway takes it. */
export interface Delivery {
  /** Which of the gateway's two doors it goes through. */
  as: 'alert' | 'event';
  /** A webhook with this alert alone, or a core v1 Event; JSON. */
  body: JsonObject;
  /**
   * `body` as it stands in the input, with every digit and every repeated key that a JavaScript value loses; undefined
   * where it was made or changed here.
   */
  text?: () => string | undefined;
  /** The webhook that the alert came in, the same object for all of its alerts; absent where it came in none. */
  webhook?: DeliveredWebhook;
}

/** A webhook as it came, for whoever hands it on whole. */
export interface DeliveredWebhook {
  /** Its exact text. */
  text: () => string;
  /** How many alerts it has. */
  alerts: number;
}

/** Labels and annotations of an alert that came without a webhook, and when it began. */
export interface LoneAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt?: string | undefined;
}

/** The webhook that AlertManager would send of a group with this alert alone: everything in it is common. */
export function webhookOf({ labels, annotations, startsAt }: LoneAlert): JsonObject {
  const alert = {
    status: 'firing',
    labels,
    annotations,
    ...(startsAt === undefined ? {} : { startsAt }),
  };
  return {
    version: '4',
    status: 'firing',
    receiver: 'remedyctl',
    groupLabels: {},
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: '',
    alerts: [alert],
  };
}

/** Times that a gateway reads, where the event has them in fields that it does not read. */
export interface EventTimes {
  first?: string | undefined;
  last?: string | undefined;
}

/** A core v1 Event with its times where a gateway looks for them; the event itself where they stand there. */
export function withTimes(event: JsonObject, { first, last }: EventTimes): JsonObject {
  const missing = {
    ...(isUnset(event['firstTimestamp']) && first !== undefined ? { firstTimestamp: first } : {}),
    ...(isUnset(event['lastTimestamp']) && last !== undefined ? { lastTimestamp: last } : {}),
  };
  return Object.keys(missing).length === 0 ? event : { ...event, ...missing };
}

/** Fields of events.k8s.io/v1 under the names that core v1 has for them. */
const coreNames: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
  reportingController: 'reportingComponent',
};

/** An events.k8s.io/v1 Event as the API server shows it to readers of core v1. */
export function coreEventOf(event: JsonObject): JsonObject {
  const renamed = Object.entries(event).map(([key, value]) => [coreNames[key] ?? key, value] as const);
  return { ...Object.fromEntries(renamed), apiVersion: 'v1', kind: 'Event' };
}

function isUnset(time: unknown): boolean {
  return time === undefined || time === null || (typeof time === 'string' && time.startsWith('0001-01-01'));
}
