import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../src/api/objects.ts';
import { chooseTarget } from '../../../src/signal/target.ts';
import type { StubObject } from './stub-api.ts';
import { StubApi, resourcesOf, smallRegistry } from './stub-api.ts';

const small = resourcesOf(smallRegistry);

function kind(apiVersion: string, name: string, more: Partial<ApiResource> = {}): ApiResource {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const lower = name.toLowerCase();
  return {
    group: group!,
    version: version!,
    plural: `${lower}s`,
    singular: lower,
    kind: name,
    namespaced: true,
    ...more,
  };
}

async function choose(
  labels: Record<string, string>,
  objects: StubObject[] = [],
  resources: ApiResource[] = small,
): Promise<string> {
  const { target } = await chooseTarget(labels, new StubApi(resources, objects).cluster());
  if (target === undefined) return 'none';
  return `${target.kind}/${target.name} in ${target.namespace ?? '-'} of ${target.apiVersion ?? '-'}`;
}

const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'p' };

describe('the target of an alert', () => {
  it('goes by tier, then by Kind, when nothing is seen to exist', async () => {
    const all = { namespace: 'shop', pod: 'p', node: 'n', secret: 's', statefulset: 'x', deployment: 'd' };
    expect(await choose(all)).toBe('Deployment/d in shop of apps/v1');
    expect(await choose({ namespace: 'shop', pod: 'p', node: 'n', secret: 's' })).toBe(
      'Secret/s in shop of v1',
    );
    expect(await choose({ namespace: 'shop', pod: 'p', node: 'n' })).toBe('Node/n in shop of v1');
  });

  it('is the first that exists', async () => {
    const labels = { namespace: 'shop', pod: 'p', node: 'n', deployment: 'd' };
    expect(await choose(labels, [pod])).toBe('Pod/p in shop of v1');
  });

  it('is asked for under the namespace that the signal will have', async () => {
    const labels = { pod: 'p', deployment: 'd' };
    expect(await choose(labels, [{ ...pod, namespace: 'default' }])).toBe('Pod/p in default of v1');
  });

  it('is asked for by the scope of its kind', async () => {
    const node = { apiVersion: 'v1', kind: 'Node', name: 'ip-10-0-1-5.ec2.internal' };
    const labels = { namespace: 'shop', secret: 'gone', node: 'ip-10-0-1-5.ec2.internal' };
    expect(await choose(labels, [node])).toBe('Node/ip-10-0-1-5.ec2.internal in shop of v1');
  });

  it.each(['job', 'service', 'instance', 'endpoint', 'container', 'namespace', 'cluster'])(
    'is never named by the reserved key %s',
    async (key) => {
      const served = [kind('v1', key[0]!.toUpperCase() + key.slice(1))];
      expect(await choose({ [key]: 'x' }, [], served)).toBe('none');
    },
  );

  it.each(['', 'under_score', '-lead', 'trail-', 'UPPER', 'a/b', '%2e', '..', '.', 'x\n', 'a..b', '名前'])(
    'is never %j',
    async (name) => {
      expect(await choose({ namespace: 'shop', pod: name })).toBe('none');
    },
  );

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'is not named by the key %s',
    async (key) => {
      const labels = JSON.parse(`{"${key}":"x"}`) as Record<string, string>;
      expect(await choose(labels)).toBe('none');
    },
  );

  it('has no dots where its kind allows none', async () => {
    expect(await choose({ namespace: 'shop', statefulset: 'a.b' })).toBe('none');
    expect(await choose({ namespace: 'shop', deployment: 'a.b' })).toBe('Deployment/a.b in shop of apps/v1');
  });

  it('is named by the singular name before the lower-case Kind, then by key', async () => {
    const broker = kind('messaging.example.org/v1', 'Broker', { singular: 'mqbroker' });
    const labels = { broker: 'by-kind', mqbroker: 'by-singular', namespace: 'shop' };
    expect(await choose(labels, [], [broker])).toContain('Broker/by-singular');
    const old = kind('example.org/v1', 'Broker', { singular: 'abroker' });
    const three = { ...labels, abroker: 'by-first-key' };
    expect(await choose(three, [], [broker, old])).toContain('Broker/by-first-key');
  });

  it('ignores subresources and resources without a Kind', async () => {
    const served = [
      kind('v1', 'Status', { plural: 'pods/status', singular: 'thing' }),
      kind('v1', '', { plural: 'nokinds', singular: 'nokind' }),
    ];
    expect(await choose({ thing: 'x', nokind: 'y', status: 'z' }, [], served)).toBe('none');
  });

  it('reads job_name as a Job', async () => {
    const labels = { job: 'kube-state-metrics', job_name: 'report', namespace: 'batch' };
    expect(await choose(labels, [], [kind('batch/v1', 'Job')])).toBe('Job/report in batch of batch/v1');
  });

  it.each<[string, StubObject[], string]>([
    ['none', [], '-'],
    ['one', [{ apiVersion: 'b/v1', kind: 'Route', namespace: 'shop', name: 'r' }], 'b/v1'],
    [
      'both',
      [
        { apiVersion: 'a/v1', kind: 'Route', namespace: 'shop', name: 'r' },
        { apiVersion: 'b/v1', kind: 'Route', namespace: 'shop', name: 'r' },
      ],
      '-',
    ],
  ])('of a Kind in two groups, in %s of which it exists', async (_name, objects, apiVersion) => {
    const served = [kind('a/v1', 'Route'), kind('b/v1', 'Route')];
    expect(await choose({ namespace: 'shop', route: 'r' }, objects, served)).toBe(
      `Route/r in shop of ${apiVersion}`,
    );
  });

  it('of a Kind in two versions of one group has the first', async () => {
    const served = [kind('a/v2', 'Route'), kind('a/v1', 'Route')];
    expect(await choose({ namespace: 'shop', route: 'r' }, [], served)).toBe('Route/r in shop of a/v2');
  });

  it('is told with every candidate and why it won or lost', async () => {
    const labels = { namespace: 'shop', deployment: 'd', pod: 'p', node: 'Bad_', service: 'x', team: 'y' };
    const choice = await chooseTarget(labels, new StubApi(small, [pod]).cluster());
    const told = choice.candidates.map(({ labelKey, tier, verdict, why }) => [labelKey, tier, verdict, why]);
    expect(told).toEqual([
      ['deployment', 1, 'lost', 'it was not found'],
      ['pod', 3, 'chosen', 'it exists'],
      ['namespace', 2, 'refused', 'the key is reserved'],
      ['node', 3, 'refused', 'the value is no name that a Node can have'],
      ['service', 2, 'refused', 'the key is reserved'],
    ]);
  });

  it('goes on past what may not be read, and says so', async () => {
    const hidden = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's', getErrorCode: 403 };
    const labels = { namespace: 'shop', secret: 's', pod: 'p' };
    const choice = await chooseTarget(labels, new StubApi(small, [hidden, pod]).cluster());
    expect(choice.target).toMatchObject({ kind: 'Pod' });
    expect(choice.warnings).toMatchObject([{ code: 'TARGET_NOT_READABLE' }]);
  });

  it('is not guessed while the server fails', async () => {
    const broken = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 's', getErrorCode: 503 };
    const labels = { namespace: 'shop', secret: 's', pod: 'p' };
    const choice = await chooseTarget(labels, new StubApi(small, [broken, pod]).cluster());
    expect(choice).toMatchObject({ failure: { forbidden: false } });
    expect(choice.target).toBeUndefined();
  });

  it('costs no request where there is no choice', async () => {
    const api = new StubApi(small, []);
    await chooseTarget({ namespace: 'shop', pod: 'p' }, api.cluster());
    expect(api.requests).toEqual([]);
  });
});
