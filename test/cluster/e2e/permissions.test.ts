import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { KubeList, KubeObject } from '../../../src/api/objects.ts';
import { type ProgramResult, runProgram } from '../../support/built-program.ts';
import { alert, webhook } from '../../support/signals.ts';
import { programsFolder } from '../programs.mjs';

/** `group/resource` and a verb. */
type Permission = readonly [resource: string, verb: string];

const requests = 'e2e-permissions';
const workloads = 'e2e-permissions-shop';
const lease = 'coordination.k8s.io/leases';
const rr = 'kubernaut.ai/remediationrequests';
const rrStatus = 'kubernaut.ai/remediationrequests/status';

/** All that an ingest asks for: in the namespace of the requests, and in the whole cluster. */
const inNamespace: Permission[] = [
  ...['get', 'create', 'update', 'delete', 'list', 'watch'].map((verb): Permission => [lease, verb]),
  ...['get', 'list', 'watch', 'create'].map((verb): Permission => [rr, verb]),
  [rrStatus, 'patch'],
  [rrStatus, 'update'],
];
const everywhere: Permission[] = [
  ['/namespaces', 'get'],
  ['/pods', 'get'],
  ['apps/deployments', 'get'],
];

interface Item {
  outcome: string;
  reason?: { code: string; message: string; hint?: string };
  warnings?: { code: string; message: string }[];
  deduplication?: { persisted: boolean };
}

const userWithout = ([resource, verb]: Permission): string =>
  `without-${resource.replace(/^.*?\//, '').replace('/', '-')}-${verb}`;

const cluster = inject('cluster');

describe('ingest by someone who lacks one permission', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-permissions-'));
  const env = { KUBECONFIG: cluster.kubeconfig, HOME: home };

  function kubectl(args: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const program = path.join(programsFolder(), 'kubectl');
      const child = execFile(program, args, { env, maxBuffer: 1 << 26 }, (error, stdout) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${error.message}`));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });
  }

  const apply = (items: unknown[]): Promise<string> =>
    kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

  async function listed(kind: string): Promise<KubeObject[]> {
    return (JSON.parse(await kubectl(['get', kind, '-n', requests, '-o', 'json'])) as KubeList).items;
  }

  const ingest = (user: string, input: string, ...args: string[]): Promise<ProgramResult> =>
    runProgram(['signal', 'ingest', '-', '--target', 'cluster', '-n', requests, '--as', user, ...args], {
      env,
      input,
    });

  async function items(result: ProgramResult, exitCode: number): Promise<Item[]> {
    expect(result.exitCode, result.stdout + result.stderr).toBe(exitCode);
    return Promise.resolve((JSON.parse(result.stdout) as { items: Item[] }).items);
  }

  const about = (name: string, labels: Record<string, string> = {}): object =>
    alert(name, { labels: { namespace: workloads, ...labels } });
  const one = webhook([about('d0')]);
  const pod = webhook([alert('unused', { labels: { namespace: workloads, deployment: 'NONE', pod: 'p0' } })]);

  beforeAll(async () => {
    const managed = { 'kubernaut.ai/managed': 'true' };
    await apply([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: requests } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: workloads, labels: managed } },
      ...Array.from({ length: 10 }, (_, index) => deployment(`d${index}`)),
      podNamed('p0'),
      ...accounts(
        'reader',
        [
          [lease, 'get'],
          [rr, 'get'],
          [rr, 'list'],
          [rr, 'watch'],
        ],
        everywhere,
      ),
      ...accounts('complete', inNamespace, everywhere),
      ...[...inNamespace, ...everywhere].flatMap((missing) =>
        accounts(
          userWithout(missing),
          inNamespace.filter((permission) => permission !== missing),
          everywhere.filter((permission) => permission !== missing),
        ),
      ),
    ]);
  });

  beforeEach(async () => {
    await kubectl(['delete', 'rr,leases', '--all', '-n', requests]);
  });

  afterAll(async () => {
    rmSync(home, { recursive: true, force: true });
    await kubectl(['delete', 'namespace', requests, workloads, '--wait=false']);
  });

  it('with all that is listed here nothing is missing', async () => {
    const result = await ingest(
      'complete',
      webhook([about('d0'), about('d0'), about('d1')]),
      '--bulk',
      '-o',
      'json',
    );
    expect((await items(result, 0)).map(({ outcome }) => outcome)).toEqual([
      'created',
      'duplicate',
      'created',
    ]);
    expect(result.stderr).toBe('');
    expect(await listed('leases')).toEqual([]);
  });

  it.each<[string, string, string, string, string]>([
    ['reader', one, 'create', 'leases', requests],
    [userWithout([lease, 'create']), one, 'create', 'leases', requests],
    [userWithout([rr, 'list']), one, 'list', 'remediationrequests', requests],
    [userWithout([rr, 'create']), one, 'create', 'remediationrequests', requests],
    [userWithout(['/namespaces', 'get']), one, 'get', 'namespaces', workloads],
    [userWithout(['apps/deployments', 'get']), one, 'get', 'deployments', workloads],
    [userWithout(['/pods', 'get']), pod, 'get', 'pods', workloads],
  ])(
    '%s: fails, names the permission in JSON and in text, leaves nothing',
    async (user, input, verb, resource, where) => {
      const named = new RegExp(
        `User "${user}" cannot ${verb} resource "${resource}" in API group "[a-z0-9.]*" in the namespace "${where}"`,
      );
      const [item] = await items(await ingest(user, input, '-o', 'json'), 1);
      expect(item?.outcome).toBe('failed');
      expect(item?.reason?.message).toMatch(named);
      expect(item?.reason?.hint).toContain(`--verb=${verb} --resource=${resource}`);
      const text = await ingest(user, input);
      expect(text.exitCode).toBe(1);
      expect(text.stdout).toMatch(named);
      const bulk = await ingest(user, input, '--bulk', '-o', 'json');
      expect((await items(bulk, 1))[0]?.reason?.message).toMatch(named);
      expect([await listed('leases'), await listed('rr')]).toEqual([[], []]);
    },
  );

  it.each<[string, string, string]>([
    [userWithout([rrStatus, 'update']), 'created', 'cannot update resource "remediationrequests/status"'],
    [userWithout([rrStatus, 'patch']), 'duplicate', 'cannot patch resource "remediationrequests/status"'],
  ])('%s: the %s signal is not counted, exit 4, and why', async (user, outcome, named) => {
    if (outcome === 'duplicate') await ingest('complete', one);
    const [item] = await items(await ingest(user, one, '-o', 'json'), 4);
    expect(item).toMatchObject({ outcome, deduplication: { persisted: false } });
    expect(item?.warnings).toMatchObject([
      { code: 'STATUS_NOT_PERSISTED', message: expect.stringContaining(named) as string },
    ]);
    if (outcome === 'created') await kubectl(['delete', 'rr', '--all', '-n', requests]);
    const text = await ingest(user, one);
    expect(text.exitCode).toBe(4);
    expect(text.stderr).toContain(named);
    expect(await listed('leases')).toEqual([]);
    expect(await listed('rr')).toHaveLength(1);
  });

  it('who may not delete leases: done, and warned that the lock stays until it expires', async () => {
    const user = userWithout([lease, 'delete']);
    const [item] = await items(await ingest(user, one, '-o', 'json'), 0);
    expect(item).toMatchObject({ outcome: 'created', deduplication: { persisted: true } });
    const message = expect.stringMatching(
      /stays until it expires: .*cannot delete resource "leases"/,
    ) as string;
    expect(item?.warnings).toEqual([{ code: 'LOCK_NOT_RELEASED', message }]);
    const [left, ...others] = await listed('leases');
    expect(others).toEqual([]);
    expect(left?.metadata.name).toMatch(/^gw-lock-/);
    const text = await ingest(user, webhook([about('d1')]));
    expect(text.exitCode).toBe(0);
    expect(text.stderr).toMatch(/warning: .*LOCK_NOT_RELEASED: .*cannot delete resource "leases"/);
  });

  it.each<[string, Permission, number]>([
    ['get a lease that somebody holds', [lease, 'get'], 0],
    ['take over a lease that has expired', [lease, 'update'], 120],
  ])('who may not %s: fails, names it, leaves that lease alone', async (_what, missing, ageSeconds) => {
    const foreign = heldBySomebody('d0', ageSeconds);
    await apply([foreign]);
    const [item] = await items(await ingest(userWithout(missing), one, '-o', 'json'), 1);
    expect(item?.reason?.message).toContain(`cannot ${missing[1]} resource "leases"`);
    expect(await listed('rr')).toEqual([]);
    expect((await listed('leases')).map((kept) => kept['spec'])).toMatchObject([
      { holderIdentity: 'gateway-0' },
    ]);
  });

  it.each<Permission>([
    [lease, 'watch'],
    [rr, 'watch'],
  ])('who may not watch %s: the batch goes on one by one, said once', async (...missing) => {
    const batch = webhook(Array.from({ length: 10 }, (_, index) => about(`d${index}`)));
    const result = await ingest(userWithout(missing), batch, '--bulk', '-o', 'json');
    const outcomes = (await items(result, 0)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(outcomes.map(() => 'created'));
    const said = result.stderr.trimEnd().split('\n');
    expect(said).toEqual([expect.stringContaining('cannot watch resource')]);
    expect(await listed('leases')).toEqual([]);
  });
});

function accounts(
  user: string,
  inRequests: readonly Permission[],
  inCluster: readonly Permission[],
): object[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const apiVersion = `${apiGroup}/v1`;
  const name = `e2e-${user}`;
  const subjects = [{ apiGroup, kind: 'User', name: user }];
  const metadata = { name, namespace: requests };
  return [
    { apiVersion, kind: 'Role', metadata, rules: inRequests.map(rule) },
    { apiVersion, kind: 'RoleBinding', metadata, subjects, roleRef: { apiGroup, kind: 'Role', name } },
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: inCluster.map(rule) },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      subjects,
      roleRef: { apiGroup, kind: 'ClusterRole', name },
    },
  ];
}

function rule([resource, verb]: Permission): object {
  const [group = '', ...names] = resource.split('/');
  return { apiGroups: [group], resources: [names.join('/')], verbs: [verb] };
}

function heldBySomebody(name: string, ageSeconds: number): object {
  const fingerprint = createHash('sha256').update(`${workloads}:Deployment:${name}`).digest('hex');
  const time = new Date(Date.now() - ageSeconds * 1000).toISOString().replace('Z', '000Z');
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `gw-lock-${fingerprint.slice(0, 16)}`, namespace: requests },
    spec: { holderIdentity: 'gateway-0', leaseDurationSeconds: 30, acquireTime: time, renewTime: time },
  };
}

const containers = [{ name: 'main', image: 'registry.invalid/main:1' }];

function deployment(name: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: workloads },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

function podNamed(name: string): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: workloads }, spec: { containers } };
}
