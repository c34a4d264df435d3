import { alertGroupFormat, apiAlertFormat } from './api-alert.ts';
import { arrayFormat } from './array.ts';
import type { SignalFormat } from './format.ts';
import { eventFormat, eventListFormat, watchEventFormat } from './kubernetes-events.ts';
import {
  cloudEventFormat,
  elasticsearchFormat,
  eventrouterFormat,
  logRecordFormat,
  lokiFormat,
  requestFormat,
} from './log-shippers.ts';
import { otlpFormat } from './otlp.ts';
import { prometheusFormat } from './prometheus-answer.ts';
import { webhookFormat } from './webhook.ts';

/** Every format that is read, in the order in which a value is held against them: the first that matches is it. */
export const signalFormats: readonly SignalFormat[] = [
  watchEventFormat,
  eventListFormat,
  eventFormat,
  lokiFormat,
  alertGroupFormat,
  prometheusFormat,
  webhookFormat,
  apiAlertFormat,
  arrayFormat,
  eventrouterFormat,
  elasticsearchFormat,
  otlpFormat,
  requestFormat,
  cloudEventFormat,
  logRecordFormat,
];
