import { describe, expect, it } from 'vitest';
import { parseSignals, signalParser } from '../../../src/signal/parse-signals.ts';
import { hasShared, readShared } from '../../support/shared.ts';
import { alertOf, documentOf, eventOf, webhookOf } from './documents.ts';

const nowMs = Date.parse('2026-11-28T16:00:00Z');
const clock = { now: () => nowMs };

function shorts(text: string, options: object = {}): string[] {
  return [...parseSignals(documentOf(text), { clock, ...options })].map((item) =>
    item.outcome === 'parsed' ? item.signalName : `${item.outcome} ${item.reason.code}`,
  );
}

describe.runIf(hasShared)('the inputs that people hold', () => {
  it.each([
    [
      'alertmanager-api-v2-alerts',
      ['KubePodCrashLooping', 'skipped SUPPRESSED', 'KubePodNotReady', 'skipped RESOLVED_ALERT'],
    ],
    ['alertmanager-api-v2-groups', ['KubePodCrashLooping']],
    ['alertmanager-api-v2-postable', ['KubePodCrashLooping']],
    ['prometheus-api-v1-alerts', ['KubePodCrashLooping', 'skipped PENDING_ALERT']],
    ['array-of-events', ['FailedCreate', 'FailedCreate']],
    ['array-of-webhooks', ['X']],
    ['group-resolved-alert-without-status', ['skipped RESOLVED_ALERT']],
    ['truncated', ['X']],
  ])('%s', (name, expected) => {
    expect(shorts(readShared('cases', 'inputs', `${name}.json`))).toEqual(expected);
  });
});

describe('an alert of an API', () => {
  const labels = { alertname: 'A', namespace: 'shop', deployment: 'cart', severity: 'page', cluster: 'east' };
  const base = { labels, annotations: { summary: 's' }, startsAt: '2026-11-28T15:50:39.588Z' };
  const active = { ...base, status: { state: 'active', silencedBy: [], inhibitedBy: [] } };
  const forms: [string, unknown][] = [
    ['API v2', [active]],
    ['a line of jq', active],
    ['groups', [{ labels: {}, receiver: { name: 'r' }, alerts: [active] }]],
    ['postable', [base]],
    ['cut out of a webhook', { ...base, status: 'firing' }],
    [
      'Prometheus',
      { status: 'success', data: { alerts: [{ ...base, state: 'firing', activeAt: base.startsAt }] } },
    ],
    [
      'rules',
      {
        status: 'success',
        data: {
          groups: [
            {
              rules: [
                { name: 'recorded', type: 'recording' },
                { name: 'quiet', type: 'alerting', state: 'inactive', alerts: [] },
                { name: 'A', alerts: [{ ...base, state: 'firing', activeAt: base.startsAt }] },
              ],
            },
          ],
        },
      },
    ],
    ['an array of webhooks', [{ version: '4', alerts: [{ ...base, status: 'firing' }] }]],
  ];

  it.each(forms)('is by %s what it is by a webhook', (_name, value) => {
    const of = (input: unknown): unknown =>
      [...parseSignals(documentOf(JSON.stringify(input)), { clock })].map((item) => ({
        ...item,
        originalPayload: undefined,
        delivery: undefined,
      }));
    expect(of(value)).toEqual(of({ version: '4', alerts: [{ ...base, status: 'firing' }] }));
  });

  it('has its own exact text for a payload', () => {
    const text = `[ ${JSON.stringify(active, null, 1)}, 7 ]`;
    const [item] = parseSignals(documentOf(text), { clock });
    expect(item!.outcome === 'parsed' && item!.originalPayload().text).toBe(JSON.stringify(active, null, 1));
  });

  it('is taken although suppressed or pending where that is asked for', () => {
    const suppressed = JSON.stringify([
      { ...base, status: { state: 'suppressed', silencedBy: ['id-1'], inhibitedBy: [] } },
    ]);
    expect(shorts(suppressed)).toEqual(['skipped SUPPRESSED']);
    expect(shorts(suppressed, { includeSuppressed: true })).toEqual(['A']);
    const [item] = parseSignals(documentOf(suppressed));
    expect(item).toMatchObject({
      about: { signalName: 'A' },
      reason: { message: expect.stringContaining('silence "id-1"') as string },
    });
    const pending = JSON.stringify([{ labels, state: 'pending', activeAt: base.startsAt }]);
    expect(shorts(pending)).toEqual(['skipped PENDING_ALERT']);
    expect(shorts(pending, { includePending: true })).toEqual(['A']);
  });

  it.each([
    ['Alerting', 'A'],
    ['Alerting (NoData)', 'A'],
    ['Normal', 'skipped RESOLVED_ALERT'],
    ['Normal (Updated)', 'skipped RESOLVED_ALERT'],
    ['Pending', 'skipped PENDING_ALERT'],
  ])("is by Grafana's state %s: %s", (state, expected) => {
    expect(shorts(JSON.stringify([{ labels, state, activeAt: base.startsAt }]))).toEqual([expected]);
  });

  it("comes in an answer of AlertManager's API v1 too", () => {
    const old = { ...base, status: { state: 'active' }, receivers: ['x'] };
    expect(shorts(JSON.stringify({ status: 'success', data: [old, old] }))).toEqual(['A', 'A']);
    expect(shorts(JSON.stringify({ status: 'success', data: [] }))).toEqual([]);
  });

  it('of a wrong type is refused alone', () => {
    expect(shorts(JSON.stringify([{ ...base, labels: { alertname: 7 } }, active]))).toEqual([
      'rejected INVALID_DOCUMENT',
      'A',
    ]);
  });
});

describe('arrays', () => {
  it('take anything known, count on, and refuse by index', () => {
    const values = [
      eventOf(),
      JSON.parse(webhookOf([alertOf({}), alertOf({})])),
      7,
      [eventOf()],
    ] as unknown[];
    const items = [...parseSignals(documentOf(JSON.stringify(values)))];
    expect(items.map(({ source }) => source.index)).toEqual([0, 1, 2, 3, 4]);
    expect(items.slice(3)).toMatchObject([
      { reason: { code: 'UNKNOWN_FORMAT', message: expect.stringContaining('[2]') as string } },
      { reason: { code: 'UNKNOWN_FORMAT', message: expect.stringContaining('[3]') as string } },
    ]);
  });

  it('give the same items part by part', () => {
    const values = [eventOf(), JSON.parse(webhookOf([alertOf({}), alertOf({})])), eventOf()] as unknown[];
    const whole = [...parseSignals(documentOf(JSON.stringify(values)))];
    const parse = signalParser();
    const parts = values.flatMap((value, index) => [
      ...parse(documentOf(JSON.stringify(value), { part: { index, of: 'array', frame: {} } })),
    ]);
    const plain = (items: unknown[]): unknown => JSON.parse(JSON.stringify(items));
    expect(plain(parts)).toEqual(plain(whole));
    const list = values
      .slice(0, 1)
      .flatMap((value, index) => [
        ...parse(
          documentOf(JSON.stringify(value), { part: { index, of: 'items', frame: { apiVersion: 'v1' } } }),
        ),
      ]);
    expect(list).toMatchObject([{ outcome: 'parsed', source: { index: 0 } }]);
  });
});

describe('a webhook', () => {
  it('says how many alerts are not in it', () => {
    const [item] = parseSignals(documentOf(webhookOf([alertOf({})], { truncatedAlerts: 12 })));
    expect(item!.warnings).toMatchObject([
      { code: 'TRUNCATED_ALERTS', message: expect.stringMatching(/^12 alerts are/) as string },
    ]);
  });

  it('that is refused says how many alerts went with it', () => {
    const [item] = parseSignals(documentOf(webhookOf([alertOf({}), 7])));
    expect(item).toMatchObject({ reason: { message: expect.stringContaining('all 2 alerts') as string } });
  });
});
