/**
 * AlertManager's webhook, version 4, as the gateway reads it (gateway-behaviour.md 1). A wrong type in any known
 * field refuses the whole body, used or not; a resolved alert is skipped; every other alert is a signal of its own.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import type { JsonObject, KnownObject } from './known-fields.ts';
import {
  arrayField,
  asObject,
  checkIntegerField,
  emptyTextMap,
  knownKeys,
  memberOf,
  noticesOfKeyCase,
  textField,
  textMapField,
  timeField,
} from './known-fields.ts';
import { webhookPayloads } from './original-payload.ts';
import type { ParsedItem, ParsedSignal } from './parsed-signal.ts';
import { quoteText } from './quoted-text.ts';
import type { WrittenTime } from './rfc3339.ts';
import type { Notice, SignalSource } from './signal.ts';
import type { ReadDocument } from './source-document.ts';

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
  warnings: Notice[];
}

interface Webhook {
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
export function parseWebhook(document: ReadDocument): ParsedItem[] {
  const webhook = readWebhook(document);
  const payloadOf = webhookPayloads(document.text);
  return webhook.alerts.map((alert, index) => {
    const source = { file: document.file, document: document.document, index };
    const warnings = index === 0 ? [...document.warnings, ...webhook.warnings] : [];
    return alertItem({ ...alert, warnings: [...warnings, ...alert.warnings] }, webhook, {
      source,
      originalPayload: payloadOf(index),
    });
  });
}

function readWebhook(document: ReadDocument): Webhook {
  const body = asObject(document.value, '');
  for (const key of ['groupKey', 'status', 'receiver', 'externalURL']) textField(body, key);
  checkIntegerField(body, 'truncatedAlerts', () => document.text);
  textMapField(body, 'groupLabels');
  const elements = arrayField(body, 'alerts') ?? [];
  const webhook = {
    commonLabels: textMapField(body, 'commonLabels'),
    commonAnnotations: textMapField(body, 'commonAnnotations'),
    warnings: [...versionNotices(body), ...noticesOfKeyCase(body, webhookKeys)],
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

function readAlert(alert: KnownObject): Alert {
  for (const key of ['generatorURL', 'fingerprint']) textField(alert, key);
  timeField(alert, 'endsAt');
  return {
    status: textField(alert, 'status'),
    labels: textMapField(alert, 'labels'),
    annotations: textMapField(alert, 'annotations'),
    startsAt: timeField(alert, 'startsAt'),
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
  origin: { source: SignalSource; originalPayload: ParsedSignal['originalPayload'] },
): ParsedItem {
  const { source, originalPayload } = origin;
  const { labels, startsAt, warnings } = alert;
  const signalName = labels['alertname'] ?? '';
  if (alert.status.toLowerCase() === 'resolved') {
    const message = `alert ${quoteText(signalName)} is resolved: there is nothing to remediate`;
    return { source, outcome: 'skipped', reason: { code: 'RESOLVED_ALERT', message }, warnings };
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
  };
}

/** The gateway lets what is common to the group win over the alert's own. */
function mergeMaps(own: Record<string, string>, common: Record<string, string>): Record<string, string> {
  return Object.keys(common).length === 0 ? own : Object.assign(emptyTextMap(), own, common);
}
