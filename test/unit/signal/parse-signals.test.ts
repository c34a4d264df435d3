import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedItem } from '../../../src/signal/parsed-signal.ts';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import { alertOf, documentOf, eventOf, webhookOf } from './documents.ts';

function parse(text: string): ParsedItem[] {
  return [...parseSignals(documentOf(text))];
}

function short(item: ParsedItem): string {
  return item.outcome === 'parsed' ? item.signalName : `${item.outcome} ${item.reason.code}`;
}

function shorts(value: unknown): string[] {
  return parse(typeof value === 'string' ? value : JSON.stringify(value)).map(short);
}

const regarding = { apiVersion: 'v1', kind: 'Pod', name: 'checkout-0', namespace: 'shop' };
const newEvent = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  type: 'Warning',
  reason: 'FailedScheduling',
  regarding,
  eventTime: '2026-08-22T11:58:30.115307Z',
};

describe('what a document is', () => {
  it.each<[string, unknown, string[]]>([
    [
      'a webhook with a surplus kind',
      { ...(JSON.parse(webhookOf([alertOf({ pod: 'a' })])) as object), kind: 'x', apiVersion: 'y' },
      ['PodRestartsHigh'],
    ],
    ['a webhook without alerts', { receiver: 'ops', groupKey: 'g' }, ['rejected INVALID_DOCUMENT']],
    ['a webhook', JSON.parse(webhookOf([alertOf({ pod: 'a' })])), ['PodRestartsHigh']],
    ['a core event', eventOf(), ['BackOff']],
    ['an event of events.k8s.io', newEvent, ['FailedScheduling']],
    [
      'an event without kind and apiVersion, told by its shape',
      { ...eventOf(), apiVersion: undefined, kind: undefined },
      ['BackOff'],
    ],
    [
      'a List of both event APIs',
      { kind: 'List', apiVersion: 'v1', items: [eventOf(), newEvent] },
      ['BackOff', 'FailedScheduling'],
    ],
    [
      'an EventList whose items have no kind',
      {
        kind: 'EventList',
        apiVersion: 'events.k8s.io/v1',
        items: [{ ...newEvent, apiVersion: undefined, kind: undefined }],
      },
      ['FailedScheduling'],
    ],
    [
      'a List of mixed kinds, one by one',
      {
        kind: 'List',
        apiVersion: 'v1',
        items: [eventOf(), { kind: 'Pod', apiVersion: 'v1' }, 7, null, eventOf({ reason: 'Other' })],
      },
      ['BackOff', 'rejected UNKNOWN_FORMAT', 'rejected UNKNOWN_FORMAT', 'rejected UNKNOWN_FORMAT', 'Other'],
    ],
    ['an empty List', { kind: 'List', apiVersion: 'v1', items: [] }, []],
    ['a List of null', { kind: 'List', apiVersion: 'v1', items: null }, []],
    ['a List that is none', { kind: 'List', apiVersion: 'v1', items: {} }, ['rejected INVALID_DOCUMENT']],
    ['an ADDED watch event', { type: 'ADDED', object: eventOf() }, ['BackOff']],
    ['a MODIFIED watch event', { type: 'MODIFIED', object: newEvent }, ['FailedScheduling']],
    ['a DELETED watch event', { type: 'DELETED', object: eventOf() }, ['skipped DELETED_EVENT']],
    ['a BOOKMARK', { type: 'BOOKMARK', object: { kind: 'Event' } }, ['skipped BOOKMARK_EVENT']],
    [
      'an ERROR of a watch',
      { type: 'ERROR', object: { kind: 'Status', message: 'too old' } },
      ['rejected INVALID_DOCUMENT'],
    ],
    ['a watched pod', { type: 'ADDED', object: { kind: 'Pod' } }, ['rejected UNKNOWN_FORMAT']],
    ['an audit event', { kind: 'Event', apiVersion: 'audit.k8s.io/v1' }, ['rejected UNKNOWN_FORMAT']],
    ['a Deployment', { kind: 'Deployment', apiVersion: 'apps/v1' }, ['rejected UNKNOWN_FORMAT']],
    ['a PodList', { kind: 'PodList', apiVersion: 'v1', items: [] }, ['rejected UNKNOWN_FORMAT']],
    ['an object of nothing known', { a: 1 }, ['rejected UNKNOWN_FORMAT']],
    ['an inherited key', { constructor: 1, toString: 2 }, ['rejected UNKNOWN_FORMAT']],
    ['a bare array', [eventOf()], ['BackOff']],
    ['null', 'null', ['rejected UNKNOWN_FORMAT']],
    ['a string', '"alerts"', ['rejected UNKNOWN_FORMAT']],
    ['a number', '12', ['rejected UNKNOWN_FORMAT']],
  ])('%s', (_name, value, expected) => {
    expect(shorts(value)).toEqual(expected);
  });

  it('counts items from 0 within the document', () => {
    const items = [...parseSignals(documentOf(webhookOf([alertOf({}), alertOf({})]), { document: 3 }))];
    expect(items.map(({ source }) => source)).toEqual([
      { file: 'in.json', document: 3, index: 0 },
      { file: 'in.json', document: 3, index: 1 },
    ]);
  });

  it('tells the warnings of the document once, at its first item', () => {
    const warnings = [{ code: 'DUPLICATE_KEY', message: 'x' }];
    const items = [...parseSignals(documentOf(webhookOf([alertOf({}), alertOf({})]), { warnings }))];
    expect(items.map((item) => item.warnings.map(({ code }) => code))).toEqual([['DUPLICATE_KEY'], []]);
  });
});

describe('a webhook', () => {
  const good = JSON.parse(webhookOf([alertOf({ pod: 'a' })])) as Record<string, unknown>;
  const inAlert = (more: Record<string, unknown>): unknown => ({ ...good, alerts: [alertOf({}, more)] });

  it.each<[string, unknown]>([
    ['version', { ...good, version: 4 }],
    ['groupKey', { ...good, groupKey: 1 }],
    ['truncatedAlerts', { ...good, truncatedAlerts: '0' }],
    ['truncatedAlerts', { ...good, truncatedAlerts: 1.5 }],
    ['status', { ...good, status: {} }],
    ['receiver', { ...good, receiver: true }],
    ['externalURL', { ...good, externalURL: [] }],
    ['groupLabels.a', { ...good, groupLabels: { a: 1 } }],
    ['commonLabels', { ...good, commonLabels: [] }],
    ['commonAnnotations', { ...good, commonAnnotations: 'x' }],
    ['alerts', { ...good, alerts: 'x' }],
    ['alerts', { ...good, alerts: [] }],
    ['alerts', { ...good, alerts: null }],
    ['alerts[1]', { ...good, alerts: [alertOf({}), 7] }],
    ['alerts[0].labels.severity', { ...good, alerts: [alertOf({ severity: 3 })] }],
    ['alerts[0].annotations', inAlert({ annotations: 7 })],
    ['alerts[0].status', inAlert({ status: 1 })],
    ['alerts[0].generatorURL', inAlert({ generatorURL: {} })],
    ['alerts[0].fingerprint', inAlert({ fingerprint: 1 })],
    ['alerts[0].startsAt', inAlert({ startsAt: 'yesterday' })],
    ['alerts[0].endsAt', inAlert({ endsAt: '' })],
  ])('is refused as a whole for a wrong %s, by name', (field, value) => {
    const items = parse(JSON.stringify(value));
    expect(items).toMatchObject([{ outcome: 'rejected', reason: { code: 'INVALID_DOCUMENT' } }]);
    const [item] = items;
    expect(item!.outcome === 'parsed' ? '' : item!.reason.message).toContain(field);
  });

  it('is refused for an integer that is written with an exponent, wherever it stands', () => {
    const text = webhookOf([alertOf({})]).replace('{', '{"x":{"truncatedAlerts":1},"truncatedAlerts":1e1,');
    expect(shorts(text)).toEqual(['rejected INVALID_DOCUMENT']);
    const elsewhere = webhookOf([alertOf({})]).replace(
      '{',
      '{"x":{"truncatedAlerts":1e1},"truncatedAlerts":1,',
    );
    expect(shorts(elsewhere)).toEqual(['PodRestartsHigh']);
  });

  it.each<[string, unknown]>([
    ['null fields', { ...good, version: '4', groupLabels: null, receiver: null, truncatedAlerts: null }],
    ['null times and maps', inAlert({ endsAt: null, annotations: null, generatorURL: null })],
    ['unknown fields', { ...good, surplus: { a: [1] } }],
  ])('is taken with %s', (_name, value) => {
    expect(shorts(value)).toEqual(['PodRestartsHigh']);
  });

  it('takes a null alert as an empty one, and a null label as an empty one', () => {
    expect(parse(webhookOf([null]))).toMatchObject([{ outcome: 'parsed', signalName: '', labels: {} }]);
    expect(parse(webhookOf([alertOf({ severity: null })]))).toMatchObject([{ severity: 'unknown' }]);
  });

  it.each(['5', ''])('of version "%s" is warned about', (version) => {
    const [item] = parse(JSON.stringify({ ...good, version }));
    expect(item).toMatchObject({ outcome: 'parsed', warnings: [{ code: 'WEBHOOK_VERSION' }] });
  });

  it('warns about keys that differ by case alone, and ignores them', () => {
    const value = { ...good, Status: 'firing', alerts: [alertOf({}, { LABELS: { pod: 'b' } }), alertOf({})] };
    const items = parse(JSON.stringify(value));
    expect(items.map(({ warnings }) => warnings.map(({ message }) => message.split(' ')[0]))).toEqual([
      ['Status', 'alerts[0].LABELS'],
      [],
    ]);
    expect(items[0]).toMatchObject({ subject: { labels: { alertname: 'PodRestartsHigh' } } });
  });

  it('that is refused for want of alerts names the key that was meant', () => {
    const [item] = parse('{"Alerts":[{}],"receiver":"ops"}');
    expect(item).toMatchObject({
      reason: { code: 'INVALID_DOCUMENT', hint: expect.stringContaining('Alerts is ignored') as string },
    });
  });

  it('skips resolved alerts one by one, however resolved is written', () => {
    const alerts = [alertOf({}, { status: 'resolved' }), alertOf({}), alertOf({}, { status: 'RESOLVED' })];
    expect(shorts(webhookOf(alerts, { status: 'resolved' }))).toEqual([
      'skipped RESOLVED_ALERT',
      'PodRestartsHigh',
      'skipped RESOLVED_ALERT',
    ]);
  });

  it('lets common labels and annotations win, but reads target, name and severity from the alert alone', () => {
    const alert = alertOf(
      { pod: 'a', severity: 'P1', team: 'x' },
      { annotations: { summary: 'own', a: '1' } },
    );
    const common = { severity: 'info', alertname: 'Common', team: 'y', node: 'n' };
    const text = webhookOf([alert], { commonLabels: common, commonAnnotations: { summary: 'common' } });
    expect(parse(text)).toMatchObject([
      {
        signalName: 'PodRestartsHigh',
        severity: 'P1',
        labels: { pod: 'a', severity: 'info', alertname: 'Common', team: 'y', node: 'n' },
        annotations: { summary: 'common', a: '1' },
        subject: { labels: { pod: 'a', severity: 'P1' } },
      },
    ]);
  });

  it.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    ['its own', { cluster: 'a' }, { cluster: 'b' }, 'a'],
    ['else the common one', { cluster: '' }, { cluster: 'b' }, 'b'],
    ['or none', {}, {}, undefined],
  ])('takes the cluster from %s', (_name, own, common, expected) => {
    const [item] = parse(webhookOf([alertOf(own)], { commonLabels: common }));
    expect(item!.outcome === 'parsed' ? item!.clusterID : 'refused').toBe(expected);
  });
});

describe('an event', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['Normal', { type: 'Normal' }, 'skipped NORMAL_EVENT'],
    ['Error', { type: 'Error' }, 'BackOff'],
    [
      'of our own about a lock',
      { involvedObject: { kind: 'Lease', name: 'gw-lock-1' }, source: { component: 'remedyctl' } },
      'skipped OWN_EVENT',
    ],
    [
      'of somebody else about a lock',
      { involvedObject: { kind: 'Lease', name: 'gw-lock-1' }, source: { component: 'x' } },
      'BackOff',
    ],
    ['of another type', { type: 'warning' }, 'rejected INVALID_FIELD'],
    ['without a type', { type: undefined }, 'rejected INVALID_FIELD'],
    ['without a reason', { reason: null }, 'rejected INVALID_FIELD'],
    ['Normal and without a reason', { type: 'Normal', reason: '' }, 'rejected INVALID_FIELD'],
    ['without an object', { involvedObject: null }, 'rejected INVALID_FIELD'],
    ['without a name', { involvedObject: { kind: 'Pod' } }, 'rejected INVALID_FIELD'],
    ['with a number for a reason', { reason: 5 }, 'rejected INVALID_DOCUMENT'],
    ['with a number for a uid', { involvedObject: { uid: 5 } }, 'rejected INVALID_DOCUMENT'],
    ['with a number for a time', { lastTimestamp: 0 }, 'rejected INVALID_DOCUMENT'],
    ['with an empty time', { firstTimestamp: '' }, 'rejected INVALID_DOCUMENT'],
    ['with a text for a count', { count: '4' }, 'rejected INVALID_DOCUMENT'],
    ['with a number for a component', { source: { component: 1 } }, 'rejected INVALID_DOCUMENT'],
  ])('%s', (_name, more, expected) => {
    expect(shorts(eventOf(more))).toEqual([expected]);
  });

  it.each<[string, Record<string, unknown>, string | undefined, string | undefined]>([
    ['both', {}, '2026-08-22T11:50:00Z', '2026-08-22T11:59:00Z'],
    ['first alone', { lastTimestamp: null }, '2026-08-22T11:50:00Z', '2026-08-22T11:50:00Z'],
    ['last alone', { firstTimestamp: null }, '2026-08-22T11:59:00Z', '2026-08-22T11:59:00Z'],
    [
      'eventTime alone',
      { firstTimestamp: null, lastTimestamp: null, eventTime: '2026-08-22T11:57:00.9Z' },
      '2026-08-22T11:57:00Z',
      '2026-08-22T11:57:00.900Z',
    ],
    [
      'eventTime and a series',
      {
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: '2026-08-22T11:57:00Z',
        series: { count: 3, lastObservedTime: '2026-08-22T11:58:00Z' },
      },
      '2026-08-22T11:57:00Z',
      '2026-08-22T11:58:00Z',
    ],
    ['none', { firstTimestamp: null, lastTimestamp: null }, undefined, undefined],
  ])('reads its times: %s', (_name, more, firing, seen) => {
    const [item] = parse(JSON.stringify(eventOf(more)));
    expect(item!.outcome === 'parsed' ? item!.firingTime : 'refused').toBe(firing);
    expect(item).toMatchObject({ seen: seen === undefined ? {} : { atMs: Date.parse(seen) } });
  });

  it('is not refused for an eventTime that the gateway would not read', () => {
    const [item] = parse(JSON.stringify(eventOf({ eventTime: 'soon', series: 7 })));
    expect(item).toMatchObject({ outcome: 'parsed', warnings: [{ code: 'TIME_IGNORED' }] });
  });

  it('of events.k8s.io names its own fields in an error', () => {
    const [item] = parse(JSON.stringify({ ...newEvent, regarding: { kind: 'Pod' } }));
    expect(item).toMatchObject({ reason: { message: expect.stringContaining('regarding.name') as string } });
  });
});

describe('hostile text', () => {
  const hostile = '\u001b[31m\u202egnp.exe\u0000\u0007\u2028';

  it('stays exact in every field', () => {
    const alert = alertOf({ alertname: hostile, [hostile]: hostile, severity: hostile });
    const [item] = parse(webhookOf([alert], { commonAnnotations: { [hostile]: hostile } }));
    expect(item).toMatchObject({
      signalName: hostile,
      severity: hostile,
      labels: { [hostile]: hostile },
      annotations: { [hostile]: hostile },
    });
  });

  it('keeps __proto__ as an ordinary key', () => {
    const text = webhookOf([alertOf({})]).replace('"labels":{', '"labels":{"__proto__":"evil",');
    const [item] = parse(text);
    const labels = item!.outcome === 'parsed' ? item!.labels! : {};
    expect(Object.keys(labels)).toContain('__proto__');
    expect(JSON.parse(JSON.stringify(labels))).toEqual(
      JSON.parse('{"__proto__":"evil","alertname":"PodRestartsHigh"}'),
    );
    expect(({} as Record<string, unknown>)['evil']).toBeUndefined();
  });

  it('does not take what is inherited for a field', () => {
    expect(shorts({ kind: 'Event', apiVersion: 'v1', toString: 1 })).toEqual(['rejected INVALID_FIELD']);
  });

  it('of any shape is an item or none, never an exception', () => {
    const shapes = ['alerts', 'kind', 'apiVersion', 'type', 'object', 'items', 'reason', 'labels', 'series'];
    const key = fc.oneof(fc.constantFrom(...shapes), fc.string());
    const leaf = fc.oneof(fc.jsonValue(), fc.constantFrom('v1', 'Event', 'List', 'ADDED', 'Warning', 'x'));
    const level = (inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
      fc.oneof(leaf, fc.array(inner, { maxLength: 3 }), fc.dictionary(key, inner, { maxKeys: 6 }));
    fc.assert(
      fc.property(level(level(level(leaf))), (value) => {
        for (const item of parse(JSON.stringify(value))) {
          expect(item.outcome).toMatch(/^(parsed|rejected|skipped)$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not swell a refusal', () => {
    const long = 'x'.repeat(1_000_000);
    const texts = [
      webhookOf([alertOf({ [long]: 7 })]),
      webhookOf([alertOf({}, { startsAt: long })]),
      webhookOf([alertOf({ alertname: long }, { status: 'resolved' })]),
      JSON.stringify(eventOf({ reason: long, type: 'Normal' })),
      JSON.stringify(eventOf({ type: long })),
      JSON.stringify({ kind: long, apiVersion: long }),
    ];
    for (const text of texts) {
      const [item] = parse(text);
      expect(item!.outcome === 'parsed' ? '' : item!.reason.message).toMatch(/^.{1,400}$/);
    }
  });

  it('writes a lone surrogate as U+FFFD, like any UTF-8 writer', () => {
    const [item] = parse(webhookOf([alertOf({ alertname: 'a\ud800b', emoji: '🚀' })]));
    expect(item).toMatchObject({ signalName: 'a\ufffdb', labels: { emoji: '🚀' } });
  });
});

it.each<[unknown, string]>([
  ['No resources found', 'the text "No resources found"'],
  [7, 'a number'],
  [{}, 'an object of a form that is not known, with no key'],
  [{ took: 1 }, 'an object of a form that is not known, with the key "took"'],
  [
    { a: 1, b: 2, c: 3, d: 4, e: 5 },
    'an object of a form that is not known, with the keys "a", "b", "c", "d" and more',
  ],
])('%j, which is no signal, is told by what it is', (value, expected) => {
  const [item] = [...parseSignals(documentOf(JSON.stringify(value)))];
  expect(item).toMatchObject({ reason: { message: `no signal is in this: ${expected}` } });
});
