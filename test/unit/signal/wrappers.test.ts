import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedItem } from '../../../src/signal/parsed-signal.ts';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import { alertOf, documentOf, eventOf, webhookOf } from './documents.ts';

function parse(value: unknown): ParsedItem[] {
  return [...parseSignals(documentOf(JSON.stringify(value)))];
}

function facts(item: ParsedItem): unknown {
  return item.outcome === 'parsed'
    ? { signalName: item.signalName, subject: item.subject, wrapper: item.source.wrapper }
    : { reason: item.reason.code, message: item.reason.message };
}

const anyValue = (value: unknown): unknown => {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return {
    kvlistValue: {
      values: Object.entries(value as object).map(([key, one]) => ({ key, value: anyValue(one) })),
    },
  };
};
const otlp = (body: unknown): unknown => ({
  resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body }] }] }],
});

type Wrap = (held: unknown) => unknown;
const wraps: readonly (readonly [name: string, wrap: Wrap])[] = [
  ['eventrouter', (held) => ({ verb: 'UPDATED', event: held, old_event: held })],
  ['elasticsearch', (held) => ({ _index: 'i', _id: '1', _source: held })],
  ['elasticsearch', (held) => ({ took: 1, hits: { total: 1, hits: [{ _id: '1', _source: held }] } })],
  ['loki', (held) => ({ labels: { app: 'x' }, line: JSON.stringify(held), timestamp: 'now' })],
  [
    'loki',
    (held) => ({
      status: 'success',
      data: { resultType: 'streams', result: [{ stream: {}, values: [['1', JSON.stringify(held)]] }] },
    }),
  ],
  ['loki', (held) => ({ streams: [{ stream: {}, values: [['1', JSON.stringify(held)]] }] })],
  ['loki', (held) => ({ stream: { app: 'x' }, values: [['1', JSON.stringify(held)]] })],
  [
    'loki',
    (held) => ({ data: { result: [{ stream: {} }, { stream: {}, values: [['1', JSON.stringify(held)]] }] } }),
  ],
  ['otlp', (held) => ({ timeUnixNano: '1', body: anyValue(held), attributes: [] })],
  ['otlp', (held) => ({ scopeLogs: [{ logRecords: [{ body: anyValue(held) }] }] })],
  [
    'otlp',
    (held) => ({ resourceLogs: [{ instrumentationLibraryLogs: [{ logs: [{ body: anyValue(held) }] }] }] }),
  ],
  ['otlp', (held) => otlp({ stringValue: JSON.stringify(held) })],
  ['otlp', (held) => otlp(anyValue(held))],
  ['request', (held) => ({ method: 'POST', headers: {}, body: held })],
  ['request', (held) => ({ headers: {}, body: JSON.stringify(held) })],
  [
    'request',
    (held) => ({
      headers: {},
      isBase64Encoded: true,
      body: Buffer.from(JSON.stringify(held)).toString('base64'),
    }),
  ],
  ['cloudevent', (held) => ({ specversion: '1.0', type: 't', source: 's', id: '1', data: held })],
  ['otlp', (held) => otlp({ bytesValue: Buffer.from(JSON.stringify(held)).toString('base64') })],
  ['log', (held) => ({ MESSAGE: [...Buffer.from(JSON.stringify(held))], _PID: '1' })],
  ['log', (held) => ({ log: `${JSON.stringify(held)}\n`, stream: 'stdout', time: 'now' })],
  ['log', (held) => ({ '@timestamp': 'now', message: JSON.stringify(held), kubernetes: { pod_name: 'x' } })],
  ['log', (held) => ({ log: `I1128 15:50:39 main.go:42] ${JSON.stringify(held)}` })],
];

const event = eventOf({ reason: 'BackOff' });
const webhook = JSON.parse(webhookOf([alertOf({ pod: 'a' })])) as unknown;

describe('a wrapper', () => {
  it.each(wraps)('of %s is taken off an event and a webhook', (name, wrap) => {
    for (const held of [event, webhook]) {
      if (name === 'eventrouter' && held === webhook) continue;
      const [bare] = parse(held).map(facts);
      expect(parse(wrap(held)).map(facts)).toEqual([{ ...(bare as object), wrapper: name }]);
    }
  });

  it.each(wraps)('of %s around something else is refused by name', (name, wrap) => {
    const [refused] = parse(wrap({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }));
    expect(refused).toMatchObject({ outcome: 'rejected', reason: { code: 'UNKNOWN_FORMAT' } });
    expect(refused?.source.wrapper).toBe(name);
    expect(refused?.outcome === 'rejected' && refused.reason.message).toMatch(/ holds a Pod of v1$/);
  });

  it.each([
    [{ log: 'started', stream: 'stdout' }, 'the log record holds a text that is no alert and no event'],
    [otlp(undefined), 'a log record of OpenTelemetry holds nothing'],
    [otlp({ boolValue: true }), 'a log record of OpenTelemetry holds a boolean'],
  ])('of %j is refused by name', (value, message) => {
    expect(parse(value).map(facts)).toEqual([
      { reason: 'UNKNOWN_FORMAT', message: `no signal is in this: ${message}` },
    ]);
  });

  it('hands on the text of what it held, as it was written', () => {
    const written = `{"headers": {}, "body": ${JSON.stringify(event, null, 3)} }`;
    const [item] = [...parseSignals(documentOf(written))];
    expect(item?.outcome === 'parsed' && item.originalPayload()).toEqual({
      text: JSON.stringify(event, null, 3),
    });
  });

  it('may stand in others, up to a depth', () => {
    const deep = (count: number): unknown =>
      Array.from({ length: count }).reduce<unknown>((held) => ({ _source: held }), event);
    expect(parse(deep(4)).map((item) => item.source.wrapper)).toEqual([
      'elasticsearch/elasticsearch/elasticsearch/elasticsearch',
    ]);
    expect(parse(deep(5)).map(({ outcome }) => outcome)).toEqual(['rejected']);
  });

  it('loses nothing of many, whatever stands between them', () => {
    const oneOf = fc.constantFrom<unknown>(
      event,
      webhook,
      { kind: 'Pod', apiVersion: 'v1' },
      'text',
      7,
      null,
    );
    fc.assert(
      fc.property(fc.array(oneOf), (held) => {
        const items = parse({ hits: { hits: held.map((_source) => ({ _source })) } });
        expect(items).toHaveLength(held.length);
        const taken = held.filter((one) => one === event || one === webhook);
        expect(items.filter(({ outcome }) => outcome === 'parsed')).toHaveLength(taken.length);
        expect(items.map(({ source }) => source.index)).toEqual(held.map((_, index) => index));
      }),
    );
  });
});

describe('the data of an answer of Prometheus', () => {
  const alert = { labels: { alertname: 'X', pod: 'a' }, annotations: {}, activeAt: '2026-08-22T11:58:30Z' };

  it.each<[string, unknown, string[]]>([
    [
      'alerts',
      {
        alerts: [
          { ...alert, state: 'firing' },
          { ...alert, state: 'pending' },
        ],
      },
      ['parsed', 'skipped'],
    ],
    [
      'rules',
      {
        groups: [
          {
            name: 'g',
            rules: [
              { name: 'r', type: 'recording' },
              { name: 'X', alerts: [{ ...alert, state: 'firing' }] },
            ],
          },
          { name: 'empty', rules: [] },
        ],
      },
      ['parsed'],
    ],
  ])('%s is read bare and in its frame', (_name, data, wanted) => {
    expect(parse(data).map(({ outcome }) => outcome)).toEqual(wanted);
    expect(parse({ status: 'success', data }).map(({ outcome }) => outcome)).toEqual(wanted);
  });
});
