import { looksLikeWebhook, parseWebhook } from '../alertmanager-webhook.ts';
import { isJsonObject } from '../known-fields.ts';
import type { SignalFormat } from './format.ts';

/** AlertManager's webhook and what imitates it. */
export const webhookFormat: SignalFormat = {
  name: 'alertmanager-webhook',
  title: 'An AlertManager webhook, version 4, and those of Grafana and vmalert',
  recognised: '`alerts`; or no `kind` and one of `groupKey`, `commonLabels`, `groupLabels`, `receiver`',
  writtenBy: '`webhook_configs` of AlertManager',
  matches: (value) => isJsonObject(value) && looksLikeWebhook(value),
  signals: parseWebhook,
};
