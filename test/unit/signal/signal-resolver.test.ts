import { describe, expect, it } from 'vitest';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import type { NormalizedItem, SignalItem } from '../../../src/signal/signal.ts';
import type { SignalResolverOptions } from '../../../src/signal/signal-resolver.ts';
import { SignalResolver } from '../../../src/signal/signal-resolver.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { alertOf, documentOf, eventOf, webhookOf } from './documents.ts';
import type { StubObject } from './stub-api.ts';
import { StubApi, resourcesOf, smallRegistry } from './stub-api.ts';

const small = resourcesOf(smallRegistry);
const now = Date.parse('2026-08-22T12:00:00.999Z');

async function resolve(
  text: string,
  objects: StubObject[] = [],
  options: Partial<SignalResolverOptions> = {},
): Promise<SignalItem[]> {
  const clock = new MockClock(now);
  const resolver = new SignalResolver({
    cluster: new StubApi(small, objects).cluster({ clock }),
    targetKind: 'embedded',
    clock,
    enforceFreshness: false,
    resolveOwners: true,
    ...options,
  });
  return Promise.all([...parseSignals(documentOf(text))].map((parsed) => resolver.resolve(parsed)));
}

function short(item: SignalItem): string {
  if (item.outcome !== 'normalized') return `${item.outcome} ${item.reason.code}`;
  return [item.signal.resource.kind, ...item.warnings.map(({ code }) => code)].join(' ');
}

const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();

describe('a resolved signal', () => {
  it('has every field of the machine-readable shape, and no other', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'p' };
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 's', controller: true };
    const labels = { pod: 'p', namespace: 'shop', severity: 'warning', cluster: 'prod-east' };
    const text = webhookOf([alertOf(labels, { startsAt: '2026-08-22T13:58:30.5+02:00' })]);
    const [item] = await resolve(text, [{ ...pod, ownerReferences: [owner] }]);
    const { originalPayload, ...printed } = item as NormalizedItem;
    expect(originalPayload()).toEqual({ text });
    expect(printed).toEqual({
      source: { file: 'in.json', document: 0, index: 0 },
      outcome: 'normalized',
      resolution: 'owner',
      ownerChain: ['Pod/p', 'StatefulSet/s'],
      signal: {
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        signalName: 'PodRestartsHigh',
        severity: 'warning',
        signalType: 'alert',
        signalSource: 'prometheus',
        clusterID: 'prod-east',
        namespace: 'shop',
        resource: { kind: 'StatefulSet', name: 's', namespace: 'shop', apiVersion: 'apps/v1' },
        labels: { alertname: 'PodRestartsHigh', ...labels },
        annotations: {},
        firingTime: '2026-08-22T13:58:30+02:00',
        receivedTime: '2026-08-22T12:00:00Z',
      },
      warnings: [],
    });
  });

  it('of an event has no labels, annotations or cluster', async () => {
    const [item] = await resolve(JSON.stringify(eventOf()));
    expect(Object.keys((item as NormalizedItem).signal)).toEqual([
      'fingerprint',
      'signalName',
      'severity',
      'signalType',
      'signalSource',
      'namespace',
      'resource',
      'firingTime',
      'receivedTime',
    ]);
    expect(item).toMatchObject({ resolution: 'resource', ownerChain: ['Pod/checkout-0'] });
  });

  it('of one resource has one fingerprint, whatever the alert is called', async () => {
    const items = await resolve(
      webhookOf([
        alertOf({ pod: 'p', namespace: 'shop' }),
        alertOf({ pod: 'p', namespace: 'shop', alertname: 'Other' }),
        alertOf({ pod: 'p', namespace: 'edge' }),
      ]),
    );
    const [first, second, third] = items.map((item) => (item as NormalizedItem).signal.fingerprint);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('walks no owners where it is told not to', async () => {
    const gone = webhookOf([alertOf({ pod: 'p', namespace: 'shop' })]);
    const cluster = { targetKind: 'cluster' as const };
    expect((await resolve(gone, [], cluster)).map(short)).toEqual(['rejected OWNER_NOT_FOUND']);
    expect((await resolve(gone, [], { ...cluster, resolveOwners: false })).map(short)).toEqual(['Pod']);
  });
});

describe('a signal that does not go on', () => {
  it.each<[string, unknown, string]>([
    ['only reserved labels', alertOf({ service: 'x', job: 'y', cluster: 'z' }), 'rejected NO_TARGET'],
    ['no name', alertOf({ alertname: '', pod: 'p' }), 'rejected INVALID_FIELD'],
    ['neither', null, 'rejected NO_TARGET'],
  ])('has %s', async (_name, alert, expected) => {
    expect((await resolve(webhookOf([alert]))).map(short)).toEqual([expected]);
  });

  it('says which labels came near', async () => {
    const [item] = await resolve(webhookOf([alertOf({ pod: 'Bad_', service: 'x' })]));
    expect(item).toMatchObject({
      reason: { message: expect.stringMatching(/pod: the value is no name.*service: the key/) as string },
    });
  });

  it('leaves the rest of its batch alone', async () => {
    const stale = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'broken', getErrorCode: 500 };
    const alerts = ['broken', 'gone', 'there'].map((pod) => alertOf({ pod, namespace: 'shop' }));
    const there = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'there' };
    const items = await resolve(webhookOf(alerts), [stale, there], { targetKind: 'cluster' });
    expect(items.map(short)).toEqual(['failed OWNER_LOOKUP_FAILED', 'rejected OWNER_NOT_FOUND', 'Pod']);
    expect(items.map((item) => (item.outcome === 'failed' ? item.retryable : undefined))).toEqual([
      true,
      undefined,
      undefined,
    ]);
  });
});

describe('freshness', () => {
  const alert = (startsAt: string | null): string => {
    return webhookOf([alertOf({ pod: 'p', namespace: 'shop' }, { startsAt })]);
  };
  const event = (last: string | null, more = {}): string => {
    return JSON.stringify(eventOf({ firstTimestamp: null, lastTimestamp: last, ...more }));
  };

  it.each<[string, string, boolean]>([
    ['an alert of two hours ago', alert(at(-120)), true],
    ['an alert two minutes ahead', alert(at(2)), true],
    ['an alert ten minutes ahead', alert(at(10)), false],
    ['an alert without a time', alert(null), false],
    ['an alert with Go’s zero time', alert('0001-01-01T00:00:00Z'), false],
    ['an event of five minutes ago', event(at(-5)), true],
    ['an event of six minutes ago', event(at(-6)), false],
    ['an event three minutes ahead', event(at(3)), false],
    ['an event without a time', event(null), false],
    ['an event with a recent eventTime alone', event(null, { eventTime: at(-1) }), true],
    [
      'an old event whose series goes on',
      event(null, { eventTime: at(-60), series: { lastObservedTime: at(-1) } }),
      true,
    ],
  ])('%s', async (_name, text, fresh) => {
    expect((await resolve(text)).map(short)).toEqual([fresh ? 'Pod' : 'Pod STALE']);
    const enforced = await resolve(text, [], { enforceFreshness: true });
    expect(enforced.map(short)).toEqual([fresh ? 'Pod' : 'rejected STALE']);
  });

  it('of one alert does not touch the others', async () => {
    const alerts = [at(10), at(-1)].map((startsAt) => alertOf({ pod: 'p', namespace: 'shop' }, { startsAt }));
    const items = await resolve(webhookOf(alerts), [], { enforceFreshness: true });
    expect(items.map(short)).toEqual(['rejected STALE', 'Pod']);
  });
});
