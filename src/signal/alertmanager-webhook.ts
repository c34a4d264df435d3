/**
 * AlertManager's webhook, version 4, as the gateway reads it (docs/gateway-semantics.md 1.2). A wrong type in any
 * known field refuses the whole body, used or not; a resolved alert is skipped; every other alert is a signal of its
 * own.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import type { Delivery } from './delivery.ts';
import type { JsonObject, KnownObject } from './known-fields.ts';
import {
  arrayField,
  asObject,
  checkIntegerField,
  emptyTextMap,
  isJsonObject,
  knownKeys,
  memberOf,
  noticesOfKeyCase,
  textField,
  textMapField,
  timeField,
} from './known-fields.ts';
import { narrowedWebhooks, webhookPayloads } from './original-payload.ts';
import type { ParsedItem, ParsedSignal } from './parsed-signal.ts';
import { quoteText } from './quoted-text.ts';
import type { WrittenTime } from '../time/rfc3339.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { FormatInput, ParseOptions } from './formats/format.ts';

const webhookKeys = knownKeys([
  'version',
  'groupKey',
  'truncatedAlerts',
  'status',
  'receiver',
  'groupLabels',
  'commonLabels',
  'commonAnnotations',
  'externalURL',
  'alerts',
]);
const alertKeys = knownKeys([
  'status',
  'labels',
  'annotations',
  'startsAt',
  'endsAt',
  'generatorURL',
  'fingerprint',
]);

/** Keys of which one alone tells a webhook without alerts from any other document. */
const tellingKeys = ['groupKey', 'commonLabels', 'commonAnnotations', 'groupLabels', 'receiver'];

interface Alert {
  status: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: WrittenTime | undefined;
  endsAt: WrittenTime | undefined;
  warnings: Notice[];
}

interface Webhook {
  status: string;
  alerts: Alert[];
  commonLabels: Record<string, string>;
  commonAnnotations: Record<string, string>;
  warnings: Notice[];
}

/** A Kubernetes object is none, unless it has alerts: a webhook may have any other field. */
export function looksLikeWebhook(value: JsonObject): boolean {
  if (Object.hasOwn(value, 'alerts')) return true;
  if (typeof memberOf(value, 'kind') === 'string') return false;
  return tellingKeys.some((key) => Object.hasOwn(value, key));
}

/** One item per alert. Throws INVALID_DOCUMENT where the body is refused as a whole. */
export function parseWebhook(input: FormatInput): ParsedItem[] {
  const webhook = readWebhook(input);
  const narrowed = narrowedWebhooks(input.text);
  const payloadOf = webhookPayloads(input.text, narrowed);
  const deliveryOf = deliveries(input, webhook.alerts.length, narrowed);
  return webhook.alerts.map((alert, index) => {
    const warnings = index === 0 ? [...input.warnings, ...webhook.warnings] : [];
    return alertItem({ ...alert, warnings: [...warnings, ...alert.warnings] }, webhook, {
      source: input.nextSource(),
      originalPayload: payloadOf(index),
      delivery: deliveryOf(index),
      options: input.options,
    });
  });
}

function readWebhook(input: FormatInput): Webhook {
  try {
    return readBody(asObject(input.value, ''), input.text);
  } catch (thrown) {
    throw withLostAlerts(thrown, input.value);
  }
}

function readBody(body: KnownObject, text: () => string): Webhook {
  for (const key of ['groupKey', 'receiver', 'externalURL']) textField(body, key);
  const status = textField(body, 'status');
  checkIntegerField(body, 'truncatedAlerts', text);
  textMapField(body, 'groupLabels');
  const elements = arrayField(body, 'alerts') ?? [];
  const webhook = {
    status,
    commonLabels: textMapField(body, 'commonLabels'),
    commonAnnotations: textMapField(body, 'commonAnnotations'),
    warnings: [
      ...versionNotices(body),
      ...truncationNotices(memberOf(body.value, 'truncatedAlerts')),
      ...noticesOfKeyCase(body, webhookKeys),
    ],
    alerts: elements.map((element, index) => readAlert(asObject(element, `alerts[${index}]`))),
  };
  if (elements.length === 0) {
    const misspelled = noticesOfKeyCase(body, webhookKeys).map(({ message }) => message);
    throw new RemedyError('INVALID_DOCUMENT', 'alerts: there are no alerts in the webhook', {
      hint: misspelled.length === 0 ? undefined : `${misspelled.join('; ')}.`,
    });
  }
  return webhook;
}

/** A body is refused whole, as the gateway does it: the refusal says how much was in it. */
function withLostAlerts(thrown: unknown, value: unknown): unknown {
  const alerts = isJsonObject(value) ? memberOf(value, 'alerts') : undefined;
  if (!(thrown instanceof RemedyError) || !Array.isArray(alerts) || alerts.length < 2) return thrown;
  const { code, message, hint } = thrown;
  const lost = `${message}; all ${alerts.length} alerts of the webhook are refused with it`;
  return new RemedyError(code, lost, { hint, cause: thrown });
}

function truncationNotices(count: unknown): Notice[] {
  if (typeof count !== 'number' || count <= 0) return [];
  const left = count === 1 ? '1 alert is' : `${count} alerts are`;
  const message = `${left} not in this webhook: AlertManager left ${count === 1 ? 'it' : 'them'} out; \`amtool alert query -o json\` has all`;
  return [{ code: 'TRUNCATED_ALERTS', message }];
}

function readAlert(alert: KnownObject): Alert {
  for (const key of ['generatorURL', 'fingerprint']) textField(alert, key);
  return {
    status: textField(alert, 'status'),
    labels: textMapField(alert, 'labels'),
    annotations: textMapField(alert, 'annotations'),
    startsAt: timeField(alert, 'startsAt'),
    endsAt: timeField(alert, 'endsAt'),
    warnings: noticesOfKeyCase(alert, alertKeys),
  };
}

function versionNotices(body: KnownObject): Notice[] {
  const version = textField(body, 'version');
  if (version === '4') return [];
  const found = version === '' ? 'no version' : `version ${quoteText(version)}`;
  const message = `the webhook has ${found}; it is read as version "4"`;
  return [{ code: 'WEBHOOK_VERSION', message }];
}

function alertItem(
  alert: Alert,
  webhook: Webhook,
  origin: Pick<ParsedSignal, 'source' | 'originalPayload' | 'delivery'> & { options: ParseOptions },
): ParsedItem {
  const { source, originalPayload, delivery, options } = origin;
  const { labels, startsAt, warnings } = alert;
  const signalName = labels['alertname'] ?? '';
  if (isOver(alert, webhook, options)) {
    const message = `alert ${quoteText(signalName)} is resolved: there is nothing to remediate`;
    const reason: Reason = { code: 'RESOLVED_ALERT', message };
    return { source, outcome: 'skipped', reason, about: { signalName }, warnings };
  }
  const clusterID = labels['cluster'] || webhook.commonLabels['cluster'];
  return {
    source,
    outcome: 'parsed',
    signalSource: 'prometheus',
    signalName,
    severity: labels['severity'] || 'unknown',
    ...(clusterID ? { clusterID } : {}),
    subject: { from: 'labels', labels },
    labels: mergeMaps(labels, webhook.commonLabels),
    annotations: mergeMaps(alert.annotations, webhook.commonAnnotations),
    ...(startsAt === undefined ? {} : { firingTime: startsAt.text }),
    seen: { rule: 'alert', ...(startsAt === undefined ? {} : { atMs: startsAt.ms }) },
    warnings,
    originalPayload,
    delivery,
  };
}

/** Each alert in a webhook of its own, in which everything but the other alerts stays. */
function deliveries(
  { value, text }: FormatInput,
  alerts: number,
  narrowed: (index: number) => string | undefined,
): (index: number) => () => Delivery {
  const webhook = { text, alerts };
  return (index) => () => {
    const { value: whole } = asObject(value, '');
    const elements = memberOf(whole, 'alerts');
    const alert: unknown = Array.isArray(elements) ? elements[index] : undefined;
    return { as: 'alert', body: { ...whole, alerts: [alert ?? {}] }, text: () => narrowed(index), webhook };
  };
}

/** An alert without a status has its group's; where neither has one, its end tells. */
function isOver({ status, endsAt }: Alert, webhook: Webhook, options: ParseOptions): boolean {
  const { clock, includeResolved } = options;
  if (includeResolved === true) return false;
  const told = status || webhook.status;
  if (told !== '') return told.toLowerCase() === 'resolved';
  return clock !== undefined && endsAt !== undefined && endsAt.ms <= clock.now();
}

/** The gateway lets what is common to the group win over the alert's own. */
function mergeMaps(own: Record<string, string>, common: Record<string, string>): Record<string, string> {
  return Object.keys(common).length === 0 ? own : Object.assign(emptyTextMap(), own, common);
}
