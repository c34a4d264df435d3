/**
 * Alerts that stand alone, as APIs give them: AlertManager's API v2, Prometheus', and those that are posted to
 * AlertManager. Name, severity, cluster, labels and times are read as those of a webhook's alert, so that one alert
 * has one fingerprint whatever it came by. A wrong type refuses the alert, not its neighbours.
 */
import type { Reason } from '../../errors/reason.ts';
import { optionName } from '../../errors/option-name.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { WrittenTime } from '../../time/rfc3339.ts';
import type { JsonObject, KnownObject } from '../known-fields.ts';
import {
  arrayField,
  asObject,
  isJsonObject,
  memberOf,
  objectField,
  textField,
  textMapField,
  timeField,
} from '../known-fields.ts';
import { webhookOf } from '../delivery.ts';
import { elementSlices, memberSlice } from '../json-slices.ts';
import { partPayload } from '../original-payload.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import { quoteText } from '../quoted-text.ts';
import type { FormatInput, ParseOptions, SignalFormat } from './format.ts';
import { refusalFor } from './format.ts';

/** One alert of an API, or an alert that was cut out of a webhook. */
export const apiAlertFormat: SignalFormat = {
  name: 'alert',
  title: 'An alert of AlertManager API v2 or Prometheus, or one to be posted',
  recognised: '`labels` with `alertname`, or `labels` beside `status.state` or `activeAt`; no `kind`',
  writtenBy: '`amtool alert query -o json`',
  matches: (value) => isJsonObject(value) && looksLikeAlert(value),
  *signals(input) {
    const source = input.nextSource();
    try {
      yield parseApiAlert(input, source);
    } catch (thrown) {
      yield refusalFor(thrown, source, input);
    }
  },
};

/** A group of AlertManager's API v2; labels of the group are those of each alert already. */
export const alertGroupFormat: SignalFormat = {
  name: 'alertmanager-group',
  title: 'A group of alerts of AlertManager API v2',
  recognised: '`alerts` beside an object `receiver`, without `groupKey` and `version`',
  writtenBy: '`GET /api/v2/alerts/groups` of AlertManager',
  matches: (value) =>
    isJsonObject(value) &&
    Object.hasOwn(value, 'alerts') &&
    isJsonObject(memberOf(value, 'receiver')) &&
    !Object.hasOwn(value, 'groupKey') &&
    !Object.hasOwn(value, 'version'),
  signals: (input) => alertsAt(input, input.value, ['alerts']),
};

/** The alerts under a path of keys, each on its own. */
export function* alertsAt(
  input: FormatInput,
  holder: unknown,
  keys: readonly string[],
): Iterable<ParsedItem> {
  const last = keys.at(-1) ?? '';
  const alerts = arrayField(asObject(holder, ''), last) ?? [];
  const textOf = elementTexts(input.text, keys);
  for (const [index, value] of alerts.entries()) {
    const text = (): string => textOf(index);
    const source = input.nextSource();
    const warnings = index === 0 ? input.warnings.splice(0) : [];
    try {
      yield parseApiAlert({ ...input, value, text, warnings }, source);
    } catch (thrown) {
      yield refusalFor(thrown, source, { warnings, where: `${keys.join('.')}[${index}]` });
    }
  }
}

/** The texts of the elements of an array that stands under a path of keys: exactly as written. */
export function elementTexts(text: () => string, keys: readonly string[]): (index: number) => string {
  let parts: { whole: string; slices: { start: number; end: number }[] } | undefined;
  return (index) => {
    parts ??= slicesAt(text(), keys);
    const slice = parts.slices[index];
    return slice === undefined ? '' : parts.whole.slice(slice.start, slice.end);
  };
}

function slicesAt(
  whole: string,
  keys: readonly string[],
): { whole: string; slices: { start: number; end: number }[] } {
  let start = 0;
  for (const key of keys) {
    const slice = memberSlice(whole, key, start);
    if (slice === undefined) return { whole, slices: [] };
    start = slice.start;
  }
  return { whole, slices: elementSlices(whole, start) };
}

function looksLikeAlert(value: JsonObject): boolean {
  const labels = memberOf(value, 'labels');
  if (!isJsonObject(labels) || Object.hasOwn(value, 'kind') || Object.hasOwn(value, 'line')) return false;
  if (Object.hasOwn(labels, 'alertname') || Object.hasOwn(value, 'activeAt')) return true;
  const status = memberOf(value, 'status');
  return isJsonObject(status) && Object.hasOwn(status, 'state');
}

interface ApiAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: string;
  suppressedBy: string[];
  startsAt: WrittenTime | undefined;
  endsAt: WrittenTime | undefined;
}

function parseApiAlert(input: FormatInput, source: ParsedItem['source']): ParsedItem {
  const { warnings } = input;
  if (!isJsonObject(input.value)) throw new RemedyError('INVALID_DOCUMENT', 'the alert must be an object');
  const alert = readAlert(asObject(input.value, ''));
  const { labels, annotations, startsAt } = alert;
  const signalName = labels['alertname'] ?? '';
  const reason = whyNot(alert, signalName, input.options);
  if (reason !== undefined) return { source, outcome: 'skipped', reason, about: { signalName }, warnings };
  return {
    source,
    outcome: 'parsed',
    signalSource: 'prometheus',
    signalName,
    severity: labels['severity'] || 'unknown',
    ...(labels['cluster'] ? { clusterID: labels['cluster'] } : {}),
    subject: { from: 'labels', labels },
    labels,
    annotations,
    ...(startsAt === undefined ? {} : { firingTime: startsAt.text }),
    seen: { rule: 'alert', ...(startsAt === undefined ? {} : { atMs: startsAt.ms }) },
    warnings,
    originalPayload: partPayload(input.text),
    delivery: () => ({ as: 'alert', body: webhookOf({ labels, annotations, startsAt: startsAt?.text }) }),
  };
}

function readAlert(alert: KnownObject): ApiAlert {
  for (const key of ['generatorURL', 'fingerprint']) textField(alert, key);
  const isCut = typeof memberOf(alert.value, 'status') === 'string';
  const status = isCut ? { value: {}, path: 'status' } : objectField(alert, 'status');
  const written = isCut ? textField(alert, 'status') : textField(status, 'state');
  return {
    labels: textMapField(alert, 'labels'),
    annotations: textMapField(alert, 'annotations'),
    state: stateOf(written || textField(alert, 'state')),
    suppressedBy: [
      ...names(status, 'silencedBy').map((id) => `silence ${quoteText(id)}`),
      ...names(status, 'inhibitedBy').map((id) => `alert ${quoteText(id)} inhibits it`),
    ],
    startsAt: timeField(alert, 'startsAt') ?? timeField(alert, 'activeAt'),
    endsAt: timeField(alert, 'endsAt'),
  };
}

/** Grafana puts a cause behind a state: `Normal (NoData)`. */
function stateOf(written: string): string {
  const [state = ''] = written.toLowerCase().split(' ');
  return state === 'normal' ? 'inactive' : state;
}

function names(status: KnownObject, key: string): string[] {
  return (arrayField(status, key) ?? []).filter((one): one is string => typeof one === 'string').slice(0, 3);
}

/** Why an alert is no signal now: it is over, silenced, or not yet firing. */
function whyNot(alert: ApiAlert, signalName: string, options: ParseOptions): Reason | undefined {
  const called = `alert ${quoteText(signalName)}`;
  const { state, suppressedBy } = alert;
  if (state === 'suppressed' || state === 'pending') {
    return endedReason(alert, called, options) ?? heldBackReason({ state, suppressedBy }, called, options);
  }
  return endedReason(alert, called, options);
}

function endedReason(
  { state, endsAt }: ApiAlert,
  called: string,
  { clock }: ParseOptions,
): Reason | undefined {
  if (state === 'resolved') {
    return { code: 'RESOLVED_ALERT', message: `${called} is resolved: there is nothing to remediate` };
  }
  if (state === 'inactive') {
    return { code: 'RESOLVED_ALERT', message: `${called} is inactive: it does not fire` };
  }
  if (clock === undefined || endsAt === undefined || endsAt.ms > clock.now()) return undefined;
  const message = `${called} ended at ${endsAt.text}: there is nothing to remediate`;
  return { code: 'RESOLVED_ALERT', message };
}

function heldBackReason(
  { state, suppressedBy }: { state: 'suppressed' | 'pending'; suppressedBy: string[] },
  called: string,
  { includeSuppressed, includePending }: ParseOptions,
): Reason | undefined {
  if (state === 'pending') {
    if (includePending === true) return undefined;
    const hint = `${optionName('includePending')} takes it all the same.`;
    return { code: 'PENDING_ALERT', message: `${called} is pending: it does not fire yet`, hint };
  }
  if (includeSuppressed === true) return undefined;
  const by = suppressedBy.length === 0 ? '' : `: ${suppressedBy.join(', ')}`;
  const hint = `${optionName('includeSuppressed')} takes it all the same.`;
  return { code: 'SUPPRESSED', message: `${called} is suppressed${by}`, hint };
}
