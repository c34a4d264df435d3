/** The choice between labels against a real API server, and what a gateway of the reference takes there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';
import { missingPrograms, programsFolder } from '../programs.mjs';

interface Item {
  outcome: string;
  reason?: { code: string; message: string };
  signal?: { resource: { kind: string; name: string; namespace: string } };
  warnings?: { code: string; message: string }[];
}

interface Explanation {
  stages: {
    stage: string;
    details?: {
      target?: { kind: string; name: string };
      candidates?: { verdict: string; firstPass: string; secondPass: string }[];
    };
  }[];
}

const namespace = 'targets';
const managed = { 'kubernaut.ai/managed': 'true' };
const named = (kind: string, name: string, rest: object = {}): object => ({
  apiVersion: 'v1',
  kind,
  metadata: {
    name,
    labels: managed,
    ...(kind === 'Node' || kind === 'PersistentVolume' ? {} : { namespace }),
  },
  ...rest,
});
const storage = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
const podSpec = { containers: [{ name: 'main', image: 'registry.invalid/main:1' }] };
const objects = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: managed },
  },
  named('ServiceAccount', 'default'),
  named('Pod', 'web', { spec: podSpec }),
  named('Node', 'worker-1'),
  named('PersistentVolumeClaim', 'data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  named('PersistentVolume', 'pv-1', { spec: { ...storage, hostPath: { path: '/tmp/pv-1' } } }),
  named('ConfigMap', 'app.conf'),
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'nightly', namespace },
    spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } },
  },
];

/** Labels, the target that a gateway finds where it looks, and what else is said. */
const cases: [string, Record<string, string>, string, string?][] = [
  ['a Pod and its Node', { pod: 'web', node: 'worker-1' }, 'Pod/web', 'AMBIGUOUS_TARGET'],
  ['a Pod that is gone and its Node', { pod: 'gone', node: 'worker-1' }, 'Node/worker-1', 'AMBIGUOUS_TARGET'],
  ['a Node alone', { node: 'worker-1' }, 'Node/worker-1'],
  [
    'a claim and its volume',
    { persistentvolumeclaim: 'data', persistentvolume: 'pv-1' },
    'PersistentVolumeClaim/data',
  ],
  [
    'a volume whose claim is gone',
    { persistentvolumeclaim: 'no', persistentvolume: 'pv-1' },
    'PersistentVolume/pv-1',
  ],
  ['a Pod and a ConfigMap with a dot', { pod: 'web', configmap: 'app.conf' }, 'Pod/web'],
  [
    'a ConfigMap with a dot, and a Pod that is gone',
    { pod: 'gone', configmap: 'app.conf' },
    'ConfigMap/app.conf',
  ],
  ['a Pod, and a Job by job_name', { pod: 'web', job_name: 'nightly' }, 'Pod/web'],
  ['a Job by job_name, and a Pod that is gone', { pod: 'gone', job_name: 'nightly' }, 'Job/nightly'],
];

describe.skipIf(missingPrograms(programsFolder()).length > 0)('the target among labels', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-targets-'));
  let controlPlane: ControlPlane;

  beforeAll(async () => {
    controlPlane = await startControlPlane();
    await controlPlane.applyCrd();
    for (const object of objects) await controlPlane.kubectl(['apply', '-f', '-'], JSON.stringify(object));
  }, 240_000);
  afterAll(async () => {
    await controlPlane.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function normalized(labels: Record<string, string>, ...flags: string[]): Promise<Item | undefined> {
    const alert = {
      status: 'firing',
      labels: { alertname: 'A', ...labels },
      startsAt: '2026-11-29T10:00:00Z',
    };
    const { stdout, stderr } = await runProgram(
      [
        'signal',
        'normalize',
        '-',
        '--target',
        'cluster',
        '-o',
        'json',
        '--now',
        '2026-11-29T10:01:00Z',
        ...flags,
      ],
      {
        env: { KUBECONFIG: controlPlane.kubeconfig, HOME: home },
        input: JSON.stringify({ version: '4', alerts: [alert] }),
      },
    );
    expect(stderr).not.toContain('rror');
    return (JSON.parse(stdout) as { items: Item[] }).items[0];
  }
  const brief = (item: Item | undefined): string => {
    const { kind, name } = item?.signal?.resource ?? { kind: item?.reason?.code ?? '', name: '' };
    return `${kind}/${name}`;
  };

  it.each(cases)('is of %s what a gateway takes', async (_name, labels, expected, warning) => {
    const item = await normalized({ ...labels, namespace });
    expect(brief(item)).toBe(expected);
    expect(item?.warnings?.map(({ code }) => code) ?? []).toEqual(warning === undefined ? [] : [warning]);
  });

  it('is the preferred kind where one is named', async () => {
    const labels = { pod: 'web', node: 'worker-1', namespace };
    expect(brief(await normalized(labels, '--prefer', 'Node'))).toBe('Node/worker-1');
  });

  it('is looked for where the signal will be when it says no namespace', async () => {
    // a gateway asks for a Pod in no namespace and finds none, and for a Node it finds it
    expect(brief(await normalized({ pod: 'web', node: 'worker-1' }))).toBe('Node/worker-1');
  });

  it.each(cases)('of %s is told with both passes by explain', async (_name, labels, expected) => {
    const alert = {
      status: 'firing',
      labels: { alertname: 'A', namespace, ...labels },
      startsAt: '2026-11-29T10:00:00Z',
    };
    const { stdout, exitCode, stderr } = await runProgram(
      ['signal', 'explain', '-', '--target', 'cluster', '-o', 'json', '--now', '2026-11-29T10:01:00Z'],
      {
        env: { KUBECONFIG: controlPlane.kubeconfig, HOME: home },
        input: JSON.stringify({ version: '4', alerts: [alert] }),
      },
    );
    expect(exitCode, stderr).toBe(0);
    const { stages } = JSON.parse(stdout) as Explanation;
    const details = stages.find(({ stage }) => stage === 'target')?.details;
    expect(`${details?.target?.kind ?? ''}/${details?.target?.name ?? ''}`).toBe(expected);
    const chosen = details?.candidates?.filter(({ verdict }) => verdict === 'chosen');
    expect(chosen).toHaveLength(1);
    expect([chosen?.[0]?.firstPass, chosen?.[0]?.secondPass]).toContain(
      details?.candidates?.length === 2 ? 'notAsked' : 'found',
    );
  });
});
