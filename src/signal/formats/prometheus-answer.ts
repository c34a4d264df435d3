import { RemedyError } from '../../errors/remedy-error.ts';
import { arrayField, asObject, isJsonObject, memberOf, type JsonObject } from '../known-fields.ts';
import { shortenText } from '../quoted-text.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import { alertsAt, elementTexts } from './api-alert.ts';
import type { FormatInput, SignalFormat } from './format.ts';
import { unknownFormat } from './format.ts';

/** What Prometheus answers about alerts and rules; rules without alerts, recording ones too, yield nothing. */
export const prometheusFormat: SignalFormat = {
  name: 'prometheus-answer',
  title: 'An answer of Prometheus about alerts or rules, or of AlertManager API v1',
  recognised:
    '`status` with `data` (an array of alerts too), or with the `error` of a failed request; or what is under `data`: `alerts` that have a `state`, or `groups` of `rules`',
  writtenBy:
    '`GET /api/v1/alerts` and `GET /api/v1/rules` of Prometheus, Thanos, Mimir and vmalert; `jq .data` of them',
  matches: (value) => isJsonObject(value) && (isAnswer(value) || isData(value)),
  *signals(input) {
    const answer = asObject(input.value, '').value;
    if (isData(answer)) {
      yield* alertsOfData(input, answer, []);
      return;
    }
    if (memberOf(answer, 'status') === 'error') throw failedRequest(memberOf(answer, 'error'));
    if (Array.isArray(memberOf(answer, 'data'))) {
      yield* alertsAt(input, answer, ['data']);
      return;
    }
    const data = asObject(memberOf(answer, 'data'), 'data').value;
    if (!Object.hasOwn(data, 'alerts') && !Object.hasOwn(data, 'groups'))
      throw unknownFormat('an answer of Prometheus about neither alerts nor rules');
    yield* alertsOfData(input, data, ['data']);
  },
};

function isAnswer(value: JsonObject): boolean {
  const status = memberOf(value, 'status');
  if (status === 'error') return Object.hasOwn(value, 'error') && !Object.hasOwn(value, 'alerts');
  const data = memberOf(value, 'data');
  return status === 'success' && (isJsonObject(data) || isAlertArray(data));
}

/** What AlertManager's API v1 answered. */
function isAlertArray(data: unknown): boolean {
  return (
    Array.isArray(data) && data.every((one) => isJsonObject(one) && isJsonObject(memberOf(one, 'labels')))
  );
}

/** A webhook has alerts as well, but says more than them, and its alerts have no `state`. */
function isData(value: JsonObject): boolean {
  if (typeof memberOf(value, 'kind') === 'string') return false;
  const groups = memberOf(value, 'groups');
  if (Array.isArray(groups))
    return groups.every((group) => isJsonObject(group) && Object.hasOwn(group, 'rules'));
  const alerts = memberOf(value, 'alerts');
  if (!Array.isArray(alerts) || Object.hasOwn(value, 'receiver')) return false;
  const first: unknown = alerts[0];
  return isJsonObject(first) && typeof memberOf(first, 'state') === 'string';
}

function* alertsOfData(input: FormatInput, data: JsonObject, path: readonly string[]): Iterable<ParsedItem> {
  if (Object.hasOwn(data, 'alerts')) yield* alertsAt(input, data, [...path, 'alerts']);
  else yield* alertsOfRules(input, data, path);
}

function* alertsOfRules(input: FormatInput, data: JsonObject, path: readonly string[]): Iterable<ParsedItem> {
  const groups = arrayField({ value: data, path: 'data' }, 'groups') ?? [];
  const groupText = elementTexts(input.text, [...path, 'groups']);
  for (const [at, value] of groups.entries()) {
    const group = asObject(value, `data.groups[${at}]`);
    const ruleText = elementTexts(() => groupText(at), ['rules']);
    for (const [place, one] of (arrayField(group, 'rules') ?? []).entries()) {
      const rule = asObject(one, `data.groups[${at}].rules[${place}]`).value;
      if (Object.hasOwn(rule, 'alerts')) {
        yield* alertsAt({ ...input, text: () => ruleText(place) }, rule, ['alerts']);
      }
    }
  }
}

function failedRequest(error: unknown): RemedyError {
  const told = typeof error === 'string' ? `: ${shortenText(error)}` : '';
  return new RemedyError('INVALID_DOCUMENT', `this is the answer to a request that failed${told}`, {
    hint: 'Ask the server again; its error says why it gave no alerts.',
  });
}
