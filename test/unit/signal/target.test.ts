import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../../src/api/objects.ts';
import { chooseTarget } from '../../../src/signal/target.ts';
import { targetRules, type TargetOptions } from '../../../src/signal/target-options.ts';
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

const node = { apiVersion: 'v1', kind: 'Node', name: 'n' };
const everyKind = resourcesOf(JSON.parse(JSON.stringify(smallRegistry)) as typeof smallRegistry).concat([
  kind('v1', 'PersistentVolume', { namespaced: false }),
  kind('v1', 'PersistentVolumeClaim'),
  kind('v1', 'ConfigMap'),
  kind('batch/v1', 'Job'),
  kind('apps/v1', 'DaemonSet'),
  kind('config.example.org/v1', 'ClusterOperator', { namespaced: false }),
]);

async function chooseBy(
  options: TargetOptions,
  labels: Record<string, string>,
  objects: StubObject[] = [],
): ReturnType<typeof chooseTarget> {
  return chooseTarget(labels, new StubApi(everyKind, objects).cluster(), targetRules(options));
}

async function named(
  labels: Record<string, string>,
  objects: StubObject[],
  options: TargetOptions = {},
): Promise<string> {
  const { target, warnings } = await chooseBy(options, labels, objects);
  const place = target === undefined ? 'none' : `${target.namespace ?? ''}/${target.kind}/${target.name}`;
  return [place, ...warnings.map(({ code }) => code)].join(' ');
}

const podOf = (name: string, namespace = 'shop'): StubObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  namespace,
  name,
});

describe('the two passes', () => {
  const both = { namespace: 'shop', pod: 'p', node: 'n' };

  it.each<[string, Record<string, string>, StubObject[], string]>([
    ['a Pod and a Node that exist', both, [podOf('p'), node], 'shop/Pod/p AMBIGUOUS_TARGET'],
    ['a Node alone', both, [node], 'shop/Node/n AMBIGUOUS_TARGET'],
    ['neither', both, [], 'shop/Node/n AMBIGUOUS_TARGET'],
    [
      'a claim and its volume',
      { namespace: 'shop', persistentvolumeclaim: 'data', persistentvolume: 'pv1' },
      [
        { apiVersion: 'v1', kind: 'PersistentVolume', name: 'pv1' },
        { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data' },
      ],
      'shop/PersistentVolumeClaim/data',
    ],
    [
      'a Pod and a ConfigMap with a dot',
      { namespace: 'shop', pod: 'p', configmap: 'kube-root-ca.crt' },
      [podOf('p'), { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'kube-root-ca.crt' }],
      'shop/Pod/p',
    ],
    [
      'a Pod and the Job of job_name',
      { namespace: 'shop', pod: 'p', job_name: 'j' },
      [podOf('p'), { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'j' }],
      'shop/Pod/p',
    ],
    [
      'the Job of job_name alone',
      { namespace: 'shop', pod: 'p', job_name: 'j' },
      [{ apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: 'j' }],
      'shop/Job/j',
    ],
    [
      'without a namespace a Node, which the gateway finds there',
      { pod: 'p', node: 'n' },
      [podOf('p', 'default'), node],
      '/Node/n AMBIGUOUS_TARGET',
    ],
    [
      'without a namespace a Pod, which only we find',
      { pod: 'p', node: 'n' },
      [podOf('p', 'default')],
      'default/Pod/p AMBIGUOUS_TARGET',
    ],
    [
      'of nothing that exists the first that the gateway has',
      { namespace: 'shop', pod: 'p', node: 'a.b' },
      [],
      'shop/Pod/p AMBIGUOUS_TARGET',
    ],
  ])('choose of %s', async (_name, labels, objects, wanted) => {
    expect(await named(labels, objects)).toBe(wanted);
  });

  it('take an existing Cluster as the gateway does, and reserve the key where there is none', async () => {
    const served = [...small, kind('cluster.example.org/v1', 'Cluster')];
    const labels = { namespace: 'shop', cluster: 'east', pod: 'p' };
    const east = { apiVersion: 'cluster.example.org/v1', kind: 'Cluster', namespace: 'shop', name: 'east' };
    expect(await choose(labels, [east, pod], served)).toContain('Cluster/east in shop');
    expect(await choose(labels, [], served)).toContain('Pod/p in shop');
    expect(await choose({ namespace: 'shop', cluster: 'east' }, [], served)).toBe('none');
  });

  it('spend nothing on what the gateway cannot find', async () => {
    const api = new StubApi(small, [podOf('p'), node]);
    await chooseTarget(both, api.cluster());
    expect(api.requests).toHaveLength(1);
  });

  it('are told, candidate by candidate', async () => {
    const { candidates } = await chooseBy({}, both, [node]);
    expect(candidates.map(({ kind: of, firstPass, secondPass }) => [of, firstPass, secondPass])).toEqual([
      ['Node', 'neverFound', 'found'],
      ['Pod', 'notFound', 'notAsked'],
      ['Namespace', 'noCandidate', 'noCandidate'],
    ]);
  });
});

describe('a label exported_<key>', () => {
  const scraped = { namespace: 'monitoring', pod: 'kube-state-metrics-5d', container: 'kube-state-metrics' };
  const exporter = podOf('kube-state-metrics-5d', 'monitoring');

  it.each<[Record<string, string>, string]>([
    [{ ...scraped, node: 'healthy', exported_node: 'sick' }, 'monitoring/Node/sick EXPORTED_LABEL'],
    [{ ...scraped, exported_namespace: 'shop', exported_pod: 'p' }, 'shop/Pod/p EXPORTED_LABEL'],
    [
      { ...scraped, exported_namespace: 'shop', exported_deployment: 'web', exported_pod: 'p' },
      'shop/Deployment/web EXPORTED_LABEL',
    ],
    [
      { ...scraped, exported_job: 'x', exported_container: 'y', exported_service: 'z' },
      'monitoring/Pod/kube-state-metrics-5d TARGET_IS_EXPORTER',
    ],
    [{ ...scraped, exported_pod: 'NO NAME' }, 'monitoring/Pod/kube-state-metrics-5d TARGET_IS_EXPORTER'],
  ])('of %j', async (labels, wanted) => {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(await named(labels, [exporter, podOf('p'), web])).toBe(wanted);
  });

  it('is not read where the gateway is to choose', async () => {
    const labels = { ...scraped, exported_namespace: 'shop', exported_pod: 'p' };
    const choice = await named(labels, [podOf('p')], { targetChoice: 'gateway' });
    expect(choice).toBe('shop/Pod/kube-state-metrics-5d TARGET_IS_EXPORTER');
  });

  it('is warned about with what the gateway takes', async () => {
    const { gateways, warnings } = await chooseBy({}, { ...scraped, exported_node: 'sick' }, [exporter]);
    expect(gateways).toMatchObject({ kind: 'Pod', name: 'kube-state-metrics-5d', namespace: 'monitoring' });
    expect(warnings[0]?.message).toContain('takes Pod/kube-state-metrics-5d in namespace monitoring');
  });
});

describe('an operator', () => {
  it('may prefer a kind', async () => {
    const labels = { namespace: 'shop', pod: 'p', node: 'n' };
    expect(await named(labels, [podOf('p'), node], { prefer: ['node'] })).toBe('shop/Node/n');
    expect(await named(labels, [podOf('p')], { prefer: ['Node,Pod'] })).toBe('shop/Pod/p');
    expect(await named(labels, [], { prefer: ['Pod'] })).toBe('shop/Pod/p');
  });

  it('may have labels read as others, namespace and reserved kinds among them', async () => {
    const labels = { 'k8s.pod.name': 'p', 'k8s.namespace.name': 'shop', pod: 'other' };
    const labelAs = ['k8s.pod.name=pod', 'k8s.namespace.name=namespace'];
    expect(await named(labels, [], { labelAs })).toBe('shop/Pod/p');
    expect(await named({ ...labels, svc: 'web' }, [], { labelAs: ['svc=job'] })).toContain('Job/web');
  });
});

it('an exporter as a target is never to be replaced by its own pod', async () => {
  const labels = {
    namespace: 'monitoring',
    pod: 'bb-1',
    daemonset: 'blackbox-exporter',
    job: 'blackbox-exporter',
  };
  const [warning] = (await chooseBy({}, labels)).warnings;
  expect(warning?.code).toBe('TARGET_IS_EXPORTER');
  expect(warning?.message).toContain('label the alert with the resource itself');
});

describe('an exporter as a target', () => {
  const exporter = { namespace: 'monitoring', pod: 'node-exporter-x2x7k', instance: '10.0.1.7:9100' };

  it.each<[Record<string, string>, boolean]>([
    [{ ...exporter, container: 'node-exporter', job: 'node-exporter' }, true],
    [{ ...exporter, job: 'node-exporter' }, true],
    [
      {
        ...exporter,
        pod: 'prom-prometheus-node-exporter-abcde',
        job: 'monitoring/prom-prometheus-node-exporter',
      },
      true,
    ],
    [{ ...exporter, pod: 'acme-exporter', container: 'acme-exporter' }, true],
    // kube-state-metrics tells of the pod itself
    [{ ...exporter, container: 'node-exporter', job: 'kube-state-metrics' }, false],
    [{ ...exporter, container: 'kube-rbac-proxy', job: 'node-exporter' }, false],
    [{ namespace: 'shop', pod: 'checkout-1', container: 'checkout', job: 'kube-state-metrics' }, false],
    [exporter, false],
    // by its job or its container alone, whatever the pod is called
    [{ ...exporter, pod: 'bb-1', job: 'blackbox-exporter' }, true],
    [{ ...exporter, pod: 'bb-1', container: 'blackbox-exporter', job: 'probes' }, true],
    [{ ...exporter, pod: 'bb-1', container: 'blackbox-exporter', job: 'kubelet' }, false],
    [{ namespace: 'shop', pod: 'checkout-1', job: 'kube-state-metrics' }, false],
    [{ namespace: 'shop', deployment: 'checkout', job: 'blackbox-exporter' }, false],
  ])('is warned about for %j: %s', async (labels, isWarned) => {
    const codes = (await chooseBy({}, labels)).warnings.map(({ code }) => code);
    expect(codes).toEqual(isWarned ? ['TARGET_IS_EXPORTER'] : []);
  });
});

describe('a near miss', () => {
  it.each<[Record<string, string>, string, string | undefined]>([
    [{ 'k8s.pod.name': 'p' }, 'k8s.pod.name', 'pod'],
    [{ k8s_deployment_name: 'p' }, 'k8s_deployment_name', 'deployment'],
    [{ kubernetes_pod_name: 'p' }, 'kubernetes_pod_name', 'pod'],
    [{ pod_name: 'p' }, 'pod_name', 'pod'],
    [{ podName: 'p' }, 'podName', 'pod'],
    [{ container_label_io_kubernetes_pod_name: 'p' }, 'container_label_io_kubernetes_pod_name', 'pod'],
    [{ Pod: 'p' }, 'Pod', 'pod'],
    [{ pods: 'p' }, 'pods', 'pod'],
    [{ kubernetes_node: 'n' }, 'kubernetes_node', 'node'],
    [{ nodename: 'n' }, 'nodename', 'node'],
    [{ 'k8s.job.name': 'j' }, 'k8s.job.name', 'job_name'],
    [{ pvc: 'data' }, 'pvc', 'persistentvolumeclaim'],
    [{ destination_workload: 'web' }, 'destination_workload', undefined],
    [{ workload: 'web', workload_type: 'deployment' }, 'workload', 'deployment'],
    [{ owner_kind: 'DaemonSet', owner_name: 'agent' }, 'owner_name', 'daemonset'],
    [{ created_by_kind: 'Job', created_by_name: 'x' }, 'created_by_name', 'job_name'],
    [{ kind: 'Deployment', name: 'web' }, 'name', 'deployment'],
    [{ alertname: 'ClusterOperatorDown', name: 'authentication' }, 'name', 'clusteroperator'],
    [{ alertname: 'Odd', name: 'authentication' }, 'name', undefined],
  ])('of %j', async (labels, labelKey, key) => {
    const { nearMisses, target } = await chooseBy({}, { alertname: 'X', namespace: 'shop', ...labels });
    expect(target).toBeUndefined();
    expect(nearMisses[0]).toMatchObject({ labelKey, ...(key === undefined ? {} : { key }) });
    expect(nearMisses[0]?.key).toBe(key);
    const labelAs = key === undefined ? ['x=y'] : [`${labelKey}=${key}`];
    if (key !== undefined) expect((await chooseBy({ labelAs }, labels)).target?.name).toBe(labels[labelKey]);
  });

  it.each(['app', 'severity', 'team', '__proto__', 'constructor', 'alertgroup'])(
    'is no label %s',
    async (key) => {
      const labels = JSON.parse(`{"${key}":"pods"}`) as Record<string, string>;
      expect((await chooseBy({}, labels)).nearMisses).toEqual([]);
    },
  );
});
