import { isJsonObject, memberOf, type JsonObject } from '../known-fields.ts';
import { maxDepth } from '../../documents/json-value-scanner.ts';
import { elements, member, readText, wrapperFormat, type Wrapped } from './wrapper.ts';

/** Logs as OpenTelemetry carries them in JSON: of each record the body. */
export const otlpFormat = wrapperFormat({
  name: 'otlp',
  title: 'Log records of OpenTelemetry (OTLP in JSON)',
  called: 'a log record of OpenTelemetry',
  recognised:
    '`resourceLogs`; what is under it: `scopeLogs`, or a log record, of which the `body` is a typed value',
  writtenBy:
    "the OpenTelemetry collector's file exporter, with the k8sobjects receiver or one that reads logs",
  isIt: (value) => listKeys.some((key) => Array.isArray(memberOf(value, key))) || isRecord(value),
  *holds(input) {
    yield* bodiesIn(input);
  },
});

/** One in the other; the last two are what scopes and their records were called before version 0.15. */
const listKeys = ['resourceLogs', 'scopeLogs', 'logRecords', 'instrumentationLibraryLogs', 'logs'];
const valueKeys = ['stringValue', 'kvlistValue', 'arrayValue', 'bytesValue', 'intValue'];

function* bodiesIn(holder: Wrapped): Iterable<Wrapped> {
  const { value } = holder;
  const lists = isJsonObject(value) ? listKeys.filter((key) => Object.hasOwn(value, key)) : [];
  if (lists.length === 0) yield bodyOf(holder);
  for (const key of lists) for (const one of elements(member(holder, key))) yield* bodiesIn(one);
}

function isRecord(value: JsonObject): boolean {
  const body = memberOf(value, 'body');
  return isJsonObject(body) && valueKeys.some((key) => Object.hasOwn(body, key));
}

function bodyOf(record: Wrapped): Wrapped {
  const body = isJsonObject(record.value) ? memberOf(record.value, 'body') : undefined;
  const value = plainValue(body, 0);
  return typeof value === 'string' ? readText(value) : { value, text: () => JSON.stringify(value) };
}

/** An AnyValue as what it stands for. Integers come as texts, since JSON's numbers would lose some. */
function plainValue(value: unknown, depth: number): unknown {
  if (!isJsonObject(value) || depth > maxDepth) return undefined;
  const [key] = Object.keys(value);
  const held = key === undefined ? undefined : value[key];
  switch (key) {
    case 'intValue':
      return Number(held);
    case 'bytesValue':
      return typeof held === 'string' ? Buffer.from(held, 'base64').toString('utf8') : undefined;
    case 'arrayValue':
      return valuesOf(held).map((one) => plainValue(one, depth + 1));
    case 'kvlistValue':
      return Object.fromEntries(
        valuesOf(held).flatMap((pair) =>
          isJsonObject(pair) && typeof memberOf(pair, 'key') === 'string'
            ? [[memberOf(pair, 'key') as string, plainValue(memberOf(pair, 'value'), depth + 1)]]
            : [],
        ),
      );
    default:
      return held;
  }
}

function valuesOf(list: unknown): unknown[] {
  const values = isJsonObject(list) ? memberOf(list, 'values') : undefined;
  return Array.isArray(values) ? values : [];
}
