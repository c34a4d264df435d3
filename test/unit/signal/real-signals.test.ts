import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '../../../src/api/objects.ts';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import type { SignalItem } from '../../../src/signal/signal.ts';
import { SignalResolver } from '../../../src/signal/signal-resolver.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { hasShared, readShared, readVectors, sharedPath } from '../../support/shared.ts';
import { documentOf } from './documents.ts';
import type { Registry, StubObject } from './stub-api.ts';
import { StubApi, resourcesOf } from './stub-api.ts';

const afterTheEvents = Date.parse('2026-11-22T03:57:00Z');

function realCluster(): StubApi {
  const { items } = JSON.parse(readShared('signals', 'cluster-objects.json')) as KubeList;
  const { registries } = readVectors<{ registries: Record<string, Registry[]> }>('fingerprints');
  return new StubApi(resourcesOf(registries['kube']!), items.map(shorten));
}

function emptyStore(): StubApi {
  return new StubApi(realCluster().resources, []);
}

function shorten(object: KubeObject): StubObject {
  const { name, namespace, labels, ownerReferences } = object.metadata;
  const selector = (object['spec'] as { selector?: Record<string, string> } | undefined)?.selector;
  return {
    apiVersion: object.apiVersion!,
    kind: object.kind!,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(selector === undefined ? {} : { selector }),
  };
}

async function normalize(
  text: string,
  api: StubApi,
  targetKind: 'cluster' | 'embedded' = 'cluster',
): Promise<SignalItem[]> {
  const clock = new MockClock(afterTheEvents);
  const cluster = api.cluster({ clock });
  const resolver = new SignalResolver({
    cluster,
    targetKind,
    clock,
    enforceFreshness: false,
    resolveOwners: true,
  });
  return Promise.all([...parseSignals(documentOf(text))].map((parsed) => resolver.resolve(parsed)));
}

function short(item: SignalItem): string {
  if (item.outcome !== 'normalized') return `${item.outcome} ${item.reason.code}`;
  const { resource, namespace, clusterID } = item.signal;
  const cluster = clusterID === undefined ? '' : `${clusterID} `;
  return `${cluster}${namespace}:${resource.kind}:${resource.name} of ${resource.apiVersion ?? '-'}`;
}

describe.runIf(hasShared)('events of a real scheduler and real controllers', () => {
  if (!hasShared) return;

  it.each(['events-core-v1.json', 'events-k8s-io-v1.json'])(
    '%s: owners come out as the workloads',
    async (file) => {
      const items = await normalize(readShared('signals', file), realCluster());
      const counts = new Map<string, number>();
      for (const item of items) counts.set(short(item), (counts.get(short(item)) ?? 0) + 1);
      expect(items).toHaveLength(40);
      expect(Object.fromEntries(counts)).toEqual({
        'skipped NORMAL_EVENT': 11,
        'batch:CronJob:nightly-report of batch/v1': 2,
        'batch:Job:one-off of batch/v1': 3,
        'data:StatefulSet:ledger of apps/v1': 3,
        'data:Deployment:over-quota of apps/v1': 10,
        'prod:Deployment:payment-api of apps/v1': 6,
        'prod:HorizontalPodAutoscaler:payment-api of autoscaling/v2': 2,
        'prod:Pod:standalone of v1': 3,
      });
    },
  );

  it('gives core and events.k8s.io events the same signals', async () => {
    const signalsOf = async (file: string): Promise<unknown[]> => {
      const items = await normalize(readShared('signals', file), realCluster());
      return items.map((item) => (item.outcome === 'normalized' ? item.signal : item.reason));
    };
    expect(await signalsOf('events-k8s-io-v1.json')).toEqual(await signalsOf('events-core-v1.json'));
  });

  it('takes the time of an event that has only eventTime, and does not call it stale', async () => {
    const [first] = await normalize(readShared('signals', 'events-core-v1.json'), realCluster());
    expect(first).toMatchObject({
      outcome: 'normalized',
      warnings: [],
      ownerChain: [
        'Pod/nightly-report-29921996-2hmjh',
        'Job/nightly-report-29921996',
        'CronJob/nightly-report',
      ],
      resolution: 'owner',
      signal: { firingTime: '2026-11-22T03:56:00Z', signalName: 'FailedScheduling' },
    });
  });

  it('asks for each object once', async () => {
    const api = realCluster();
    await normalize(readShared('signals', 'events-core-v1.json'), api);
    expect(new Set(api.requests).size).toBe(api.requests.length);
  });

  it('carries the exact text of each event', () => {
    const text = readShared('signals', 'events-core-v1.json');
    const list = JSON.parse(text) as KubeList;
    for (const [index, item] of [...parseSignals(documentOf(text))].entries()) {
      if (item.outcome !== 'parsed') continue;
      const payload = item.originalPayload().text!;
      expect(text).toContain(payload);
      expect(JSON.parse(payload)).toEqual(list.items[index]);
    }
  });
});

describe.runIf(hasShared)('webhooks of a real AlertManager', () => {
  if (!hasShared) return;
  const expected: Record<string, string[]> = {
    '01-ops-kubepodcrashlooping-firing.json': [
      'prod-east prod:Pod:payment-api-7d9c5b6f48-9q8zt of v1',
      'prod-west prod:StatefulSet:ledger of apps/v1',
    ],
    '02-ops-kubenodenotready-firing.json': ['prod-east :Node:ip-10-0-1-5.ec2.internal of v1'],
    '04-ops-kubejobfailed-firing.json': ['batch:Job:nightly-report-29384720 of batch/v1'],
    '06-ops-kubepersistentvolumefillingup-firing.json': ['prod:PersistentVolumeClaim:data-ledger-0 of v1'],
    '09-ops-watchdog-firing.json': ['rejected NO_TARGET'],
    '13-everything-kubedeploymentreplicasmismatch-firing.json': [
      'rejected NO_TARGET',
      'prod:Pod:web-5c6d7f8b9-abcde of v1',
      'data:StatefulSet:cassandra of apps/v1',
    ],
    '15-ops-kubenodenotready-resolved.json': ['skipped RESOLVED_ALERT'],
  };

  it('are all in the table', () => {
    expect(readdirSync(sharedPath('signals', 'alertmanager')).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('%s', async (file, outcomes) => {
    const items = await normalize(readShared('signals', 'alertmanager', file), emptyStore(), 'embedded');
    expect(items.map(short)).toEqual(outcomes);
  });
});
