import { isJsonObject, memberOf, type JsonObject } from '../known-fields.ts';
import { elements, isBytes, member, readText, wrapperFormat, type Wrapped } from './wrapper.ts';

/** The keys under which shippers and runtimes have the line that was logged, or what they read out of it. */
const lineKeys = ['log', 'message', 'msg', 'MESSAGE', 'line', 'body', 'event', 'object', 'data', 'payload'];

/** Those of them that nothing but a log has. */
const textKeys = ['log', 'message', 'msg', 'MESSAGE'];

/** eventrouter writes the event, and of an update the one before it too, which is history. */
export const eventrouterFormat = wrapperFormat({
  name: 'eventrouter',
  title: 'A line of eventrouter',
  called: 'a line of eventrouter',
  recognised: '`verb` beside an `event`',
  writtenBy: 'eventrouter and its descendants, on their stdout',
  isIt: (value) => typeof memberOf(value, 'verb') === 'string' && isJsonObject(memberOf(value, 'event')),
  *holds(input) {
    yield member(input, 'event');
  },
});

/** A document of an index, or a whole answer of a search. */
export const elasticsearchFormat = wrapperFormat({
  name: 'elasticsearch',
  title: 'A hit of Elasticsearch or OpenSearch, or the answer of a search',
  called: 'an Elasticsearch hit',
  recognised: '`_source`, alone or under `hits.hits`',
  writtenBy: '`GET /INDEX/_search`, Kibana and OpenSearch Dashboards (copy as JSON), elasticdump',
  isIt: (value) => isJsonObject(memberOf(value, '_source')) || Array.isArray(hitsOf(value)),
  *holds(input) {
    if (isJsonObject(input.value) && Object.hasOwn(input.value, '_source')) {
      yield member(input, '_source');
      return;
    }
    for (const hit of elements(member(member(input, 'hits'), 'hits'))) yield member(hit, '_source');
  },
});

/** A line that `logcli` prints, and the streams of Loki's own API. */
export const lokiFormat = wrapperFormat({
  name: 'loki',
  title: 'A line of Loki, or the streams of its API',
  called: 'a line of Loki',
  recognised:
    '`line` beside `labels` or `timestamp`; `stream` beside `values`, alone or many of them in `streams` or `data.result`',
  writtenBy: '`logcli query -o jsonl`, `GET /loki/api/v1/query_range`, what promtail pushes',
  isIt: (value) => isLokiLine(value) || isStream(value) || streamsOf(value) !== undefined,
  *holds(input) {
    if (isJsonObject(input.value) && isLokiLine(input.value)) {
      yield member(input, 'line');
      return;
    }
    for (const stream of isStream(input.value) ? [input] : elements(streamPiece(input))) {
      for (const { value } of elements(member(stream, 'values'))) {
        const line = Array.isArray(value) ? (value as unknown[])[1] : undefined;
        if (typeof line === 'string') yield readText(line);
      }
    }
  },
});

/** What was posted somewhere, as a proxy or a test receiver kept it. */
export const requestFormat = wrapperFormat({
  name: 'request',
  title: 'A captured HTTP request',
  called: 'the captured request',
  recognised: '`headers` beside a `body`',
  writtenBy: 'test receivers, API gateways (`isBase64Encoded` too), replay tools',
  isIt: (value) => isJsonObject(memberOf(value, 'headers')) && Object.hasOwn(value, 'body'),
  *holds(input) {
    const body = isJsonObject(input.value) ? memberOf(input.value, 'body') : undefined;
    const isEncoded = isJsonObject(input.value) && memberOf(input.value, 'isBase64Encoded') === true;
    if (isEncoded && typeof body === 'string') yield readText(Buffer.from(body, 'base64').toString('utf8'));
    else yield member(input, 'body');
  },
});

/** The envelope of CloudEvents. */
export const cloudEventFormat = wrapperFormat({
  name: 'cloudevent',
  title: 'A CloudEvent',
  called: 'a CloudEvent',
  recognised: '`specversion` beside `data` or `data_base64`',
  writtenBy: 'Knative (ApiServerSource), Argo Events, event bridges',
  isIt: (value) =>
    typeof memberOf(value, 'specversion') === 'string' &&
    (Object.hasOwn(value, 'data') || typeof memberOf(value, 'data_base64') === 'string'),
  *holds(input) {
    const coded = isJsonObject(input.value) ? memberOf(input.value, 'data_base64') : undefined;
    if (typeof coded === 'string') yield readText(Buffer.from(coded, 'base64').toString('utf8'));
    else yield member(input, 'data');
  },
});

/** What is left: one record of a log, whoever shipped it. */
export const logRecordFormat = wrapperFormat({
  name: 'log',
  title: 'A record of a log shipper or of a container runtime',
  called: 'the log record',
  recognised: `JSON under one of ${lineKeys.map((key) => `\`${key}\``).join(', ')}, as a text or as an object; with another text there it holds no signal`,
  writtenBy: "fluent-bit, fluentd, vector, filebeat, journald (`-o json`), Docker's json-file",
  isIt: (value) => lineKeyOf(value) !== undefined,
  *holds(input) {
    const key = isJsonObject(input.value) ? lineKeyOf(input.value) : undefined;
    if (key !== undefined) yield member(input, key);
  },
});

function hitsOf(value: JsonObject): unknown {
  const hits = memberOf(value, 'hits');
  return isJsonObject(hits) ? memberOf(hits, 'hits') : undefined;
}

function isLokiLine(value: JsonObject): boolean {
  const isBeside = isJsonObject(memberOf(value, 'labels')) || Object.hasOwn(value, 'timestamp');
  return typeof memberOf(value, 'line') === 'string' && isBeside;
}

/** The streams, of a push or of an answer. */
function streamsOf(value: JsonObject): unknown[] | undefined {
  const data = memberOf(value, 'data');
  const streams = isJsonObject(data) ? memberOf(data, 'result') : memberOf(value, 'streams');
  if (!Array.isArray(streams)) return undefined;
  return streams.some(isStream) ? streams : undefined;
}

function isStream(value: unknown): boolean {
  return (
    isJsonObject(value) && isJsonObject(memberOf(value, 'stream')) && Array.isArray(memberOf(value, 'values'))
  );
}

function streamPiece(input: Wrapped): Wrapped {
  const isPush = isJsonObject(input.value) && Object.hasOwn(input.value, 'streams');
  return isPush ? member(input, 'streams') : member(member(input, 'data'), 'result');
}

/** The first key under which JSON stands, or else any text; a Kubernetes object's own `message` or `data` is none. */
function lineKeyOf(value: JsonObject): string | undefined {
  if (typeof memberOf(value, 'kind') === 'string') return undefined;
  const key = lineKeys.find((one) => {
    const held = memberOf(value, one);
    return isJsonObject(held) || isBytes(held) || (typeof held === 'string' && /^[^{]{0,200}\{/.test(held));
  });
  return key ?? textKeys.find((one) => typeof memberOf(value, one) === 'string');
}
