import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ApiResource, KubeObject } from '../../../src/api/objects.ts';
import { neededPermissions } from '../../../src/doctor/needed-permissions.ts';
import { permissionKey, placePermission, type Permission } from '../../../src/doctor/permission.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';
import { eventResource, leaseResource, podResource } from '../../../src/kube/well-known-resources.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { withCovers, PermissionWorld } from '../doctor/permission-world.ts';

const cluster = inject('cluster');

const namespace = 'lacking-requests';
const leaseNamespace = 'lacking-locks';
const workloads = 'lacking-shop';
const places = { requestGroup: 'kubernaut.ai', requestVersion: 'v1alpha1', namespace, leaseNamespace };
const fingerprint = createHash('sha256').update(`${workloads}:Deployment:checkout`).digest('hex');
const lockName = `gw-lock-${fingerprint.slice(0, 16)}`;
const requestName = `rr-${fingerprint.slice(0, 12)}-1`;

interface Command {
  argv: string[];
  /** The rows of the table of permissions that this command line needs together. */
  needs: string[];
  exitCode: number;
  /** How long ago the planted lock was renewed, seconds. */
  ageSeconds?: number;
  /** Never ends by itself. */
  watches?: boolean;
  /** What is in those rows for the sake of other command lines (`verb resource`). */
  unused?: string[];
  /** What it does all the same without these (`verb resource`): it says so, and this is its exit code. */
  goesOn?: Record<string, number>;
}

const requests = 'remediationrequests.kubernaut.ai';
const leases = 'leases.coordination.k8s.io';

const commands: Record<string, Command> = {
  'lease list': { argv: ['lease', 'list'], needs: ['lease list'], exitCode: 0 },
  'lease get': { argv: ['lease', 'get', lockName], needs: ['lease get'], exitCode: 0 },
  'lease watch': { argv: ['lease', 'watch'], needs: ['lease watch'], exitCode: 130, watches: true },
  'lease acquire': {
    argv: ['lease', 'acquire', fingerprint],
    needs: ['lease acquire'],
    exitCode: 0,
    ageSeconds: 120,
  },
  'lease renew': {
    argv: ['lease', 'renew', lockName, '--if-holder', 'gateway-0'],
    needs: ['lease renew'],
    exitCode: 0,
  },
  'lease release': {
    argv: ['lease', 'release', lockName, '--if-holder', 'gateway-0'],
    needs: ['lease release'],
    exitCode: 0,
  },
  'lease release --force': {
    argv: ['lease', 'release', lockName, '--force', '--reason', 'a drill', '--yes'],
    needs: ['lease release', 'lease renew, release --force'],
    exitCode: 0,
  },
  'lease renew --force': {
    argv: ['lease', 'renew', lockName, '--force', '--reason', 'a drill', '--yes'],
    needs: ['lease renew', 'lease renew, release --force'],
    exitCode: 0,
  },
  'lease run': {
    argv: ['lease', 'run', fingerprint, '--', 'true'],
    needs: ['lease run'],
    exitCode: 0,
    ageSeconds: 120,
    goesOn: { [`delete ${leases}`]: 0 },
  },
  'lease doctor': {
    argv: ['lease', 'doctor'],
    needs: ['lease doctor'],
    unused: [`delete ${leases}`],
    exitCode: 3,
    ageSeconds: 120,
  },
  'lease doctor --fix': {
    argv: ['lease', 'doctor', '--fix', '--yes'],
    needs: ['lease doctor'],
    goesOn: { [`delete ${leases}`]: 3 },
    exitCode: 0,
    ageSeconds: 120,
  },
  'dedup show': {
    argv: ['dedup', 'show', fingerprint],
    needs: ['dedup show'],
    unused: [`get ${requests}`],
    exitCode: 0,
  },
  'dedup show of a name': {
    argv: ['dedup', 'show', 'rr-absent'],
    needs: ['dedup show'],
    unused: [`get ${leases}`],
    exitCode: 1,
  },
  'dedup show of a pod': {
    argv: ['dedup', 'show', 'Pod/checkout-1-a', '--resource-namespace', workloads],
    needs: ['dedup show', 'dedup show and lease commands of a KIND/NAME'],
    unused: [`get ${requests}`],
    goesOn: { 'get deployments.apps': 0, 'get replicasets.apps': 0 },
    exitCode: 0,
  },
  'lease acquire of a pod': {
    argv: ['lease', 'acquire', '--resource', 'Pod/checkout-1-a', '--resource-namespace', workloads],
    needs: ['lease acquire', 'dedup show and lease commands of a KIND/NAME'],
    goesOn: { 'get deployments.apps': 0, 'get replicasets.apps': 0 },
    exitCode: 0,
    ageSeconds: 120,
  },
  'dedup list': {
    argv: ['dedup', 'list'],
    needs: ['dedup list'],
    unused: [`watch ${requests}`],
    exitCode: 0,
  },
  'dedup list --watch': {
    argv: ['dedup', 'list', '--watch'],
    needs: ['dedup list'],
    goesOn: { [`watch ${requests}`]: 1 },
    exitCode: 130,
    watches: true,
  },
  'request list': { argv: ['request', 'list'], needs: ['request list'], exitCode: 0 },
  'request get': { argv: ['request', 'get', requestName], needs: ['request get'], exitCode: 0 },
  'request watch': {
    argv: ['request', 'watch'],
    needs: ['request watch'],
    exitCode: 130,
    watches: true,
  },
  'request ack': {
    argv: ['request', 'ack', requestName, '--reason', 'a drill', '--yes', '--settle', '0s'],
    needs: ['request ack'],
    exitCode: 0,
  },
  'signal explain': { argv: ['signal', 'explain', 'alert.json'], needs: ['signal explain'], exitCode: 0 },
};

interface Lacking {
  what: string;
  command: string;
  taken: Permission;
  without: boolean;
  user: string;
}

const rowsOf = (command: Command): { permission: Permission; without: boolean }[] =>
  neededPermissions()
    .filter((row) => command.needs.includes(row.command))
    .flatMap(({ needs }) =>
      needs.map((need) => ({
        permission: placePermission(need, places),
        without: need.without !== undefined,
      })),
    );

/** What looking at the pod of the Deployment does not come to is no matter of these command lines. */
const lookups = new Set(['pods', 'replicasets.apps', 'deployments.apps', 'namespaces']);
const isUsed = ({ resource, namespace: where, verb }: Permission): boolean =>
  where !== undefined || resource === leases || (verb === 'get' && lookups.has(resource));

const nameOf = ({ verb, resource }: Permission): string => `${verb} ${resource}`;

const userOf = (command: string): string => `lacking-nothing-${command.replaceAll(/\W+/g, '-')}`;

const lacking: Lacking[] = Object.entries(commands).flatMap(([command, line]) =>
  rowsOf(line)
    .filter(({ permission }) => isUsed(permission) && line.unused?.includes(nameOf(permission)) !== true)
    .map(({ permission, without }, index) => ({
      what: `${command}: ${permission.verb} ${permission.resource}${permission.namespace === undefined ? ' anywhere' : ''}`,
      command,
      taken: permission,
      without,
      user: `lacking-${index}-${command.replaceAll(/\W+/g, '-')}`,
    })),
);

describe('a command by someone who lacks one permission', () => {
  const world = new PermissionWorld(cluster);
  const line = new CommandLine();
  line.env = { KUBECONFIG: cluster.kubeconfig };

  async function run(user: string, command: Command): Promise<{ code: number; said: string }> {
    const scope = ['--target', 'cluster', '-n', namespace, '--lease-namespace', leaseNamespace, '--as', user];
    const [topic = '', verb = '', ...rest] = command.argv;
    const stop = new AbortController();
    const timer =
      command.watches === true
        ? setTimeout(() => {
            stop.abort();
          }, 1500)
        : undefined;
    const { code, stdout, stderr } = await line.run([topic, verb, ...scope, ...rest], {
      signal: stop.signal,
      interruption: () => (stop.signal.aborted ? 'SIGINT' : undefined),
    });
    clearTimeout(timer);
    return { code, said: stdout + stderr };
  }

  /** Everything that a command could leave behind, as it is. */
  async function everything(): Promise<unknown[]> {
    const kinds = [
      world.objects.list(leaseResource, { namespace: leaseNamespace }),
      world.objects.list(leaseResource, { namespace }),
      world.objects.list(eventResource, { namespace: leaseNamespace }),
      world.objects.list(usualRequestResource, { namespace }),
    ];
    const objects: KubeObject[] = (await Promise.all(kinds)).flatMap(({ items }) => items);
    return objects.map(({ metadata, spec, status }) => ({
      name: metadata.name,
      annotations: metadata.annotations,
      spec,
      status,
    }));
  }

  async function plant(ageSeconds: number): Promise<void> {
    for (const [resource, where] of [
      [leaseResource, leaseNamespace],
      [eventResource, leaseNamespace],
      [usualRequestResource, namespace],
    ] as const) {
      for (const { metadata } of (await world.objects.list(resource, { namespace: where })).items) {
        await world.objects.delete(resource, { namespace: where, name: metadata.name });
      }
    }
    const time = new Date(Date.now() - ageSeconds * 1000).toISOString().replace('Z', '000Z');
    await world.objects.create(leaseResource, {
      metadata: { name: lockName, namespace: leaseNamespace },
      spec: { holderIdentity: 'gateway-0', leaseDurationSeconds: 10, acquireTime: time, renewTime: time },
    });
    const { object } = await world.objects.create(usualRequestResource, request());
    await world.objects.replace(usualRequestResource, { ...object, status }, { subresource: 'status' });
  }

  beforeAll(async () => {
    await world.makeNamespace(namespace);
    await world.makeNamespace(leaseNamespace);
    await world.makeNamespace(workloads, { 'kubernaut.ai/managed': 'true' });
    let owner: KubeObject | undefined;
    for (const [resource, object] of workload()) {
      const { object: made } = await world.objects.create(resource, ownedBy(object, owner));
      owner = { ...made, apiVersion: `${resource.group}/${resource.version}`, kind: resource.kind };
    }
    writeFileSync(path.join(line.home, 'alert.json'), webhook);
    for (const [name, command] of Object.entries(commands)) {
      await world.makeUser(userOf(name), distinct(rowsOf(command).map(({ permission }) => permission)));
    }
    for (const { command, taken, user } of lacking) {
      const all = distinct(rowsOf(commands[command]!).map(({ permission }) => permission));
      const gone = new Set(withCovers(taken, all).map(permissionKey));
      await world.makeUser(
        user,
        all.filter((one) => !gone.has(permissionKey(one))),
      );
    }
    await plant(0);
    // The authorizer works by watches of its own: the last of the users must be known to it.
    const explain = commands['signal explain']!;
    const last = lacking.findLast(
      ({ command, taken }) => command === 'signal explain' && taken.verb === 'get',
    )!;
    await vi.waitFor(
      async () => {
        expect((await run(userOf('signal explain'), explain)).code).toBe(0);
        expect((await run(last.user, explain)).said).not.toContain('cannot list');
      },
      { timeout: 30_000, interval: 200 },
    );
  }, 120_000);

  afterAll(async () => {
    line.remove();
    await world.restore();
  });

  it.each(Object.entries(commands))(
    '%s: nothing is missing with what the table names',
    async (name, command) => {
      await plant(command.ageSeconds ?? 0);
      const { code, said } = await run(userOf(name), command);
      expect(code, said).toBe(command.exitCode);
      expect(said).not.toMatch(/cannot \w+ resource|FORBIDDEN/);
    },
  );

  it.each(lacking)(
    'names what is missing and leaves nothing behind: $what',
    async ({ command: name, taken, without, user }) => {
      const command = commands[name]!;
      await plant(command.ageSeconds ?? 0);
      const before = await everything();
      const { code, said } = await run(user, command);
      const allowed = command.goesOn?.[nameOf(taken)];
      const [resource = ''] = taken.resource.split('.');
      const [, subresource] = taken.resource.split('/');
      const full = subresource === undefined ? resource : `${resource}/${subresource}`;
      expect(said).toMatch(new RegExp(`cannot ${taken.verb} resource "${full}"`));
      expect(code, said).toBe(allowed ?? (without ? command.exitCode : 1));
      if (allowed === undefined && !without) expect(await everything()).toEqual(before);
    },
  );
});

function distinct(permissions: readonly Permission[]): Permission[] {
  return [...new Map(permissions.map((permission) => [permissionKey(permission), permission])).values()];
}

const signalTime = '2026-08-22T11:00:00Z';
const status = {
  overallPhase: 'Completed',
  completionStatus: { outcome: 'ManualReviewRequired', completedAt: signalTime },
};

function request(): KubeObject {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name: requestName, namespace },
    spec: {
      signalFingerprint: fingerprint,
      signalName: 'KubePodCrashLooping',
      severity: 'warning',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: 'checkout', namespace: workloads },
      firingTime: signalTime,
      receivedTime: signalTime,
    },
  };
}

function workload(): [ApiResource, KubeObject][] {
  const labels = { app: 'checkout' };
  const podSpec = { containers: [{ name: 'main', image: 'registry.invalid/main:1' }] };
  const spec = {
    replicas: 0,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: podSpec },
  };
  const apps = (kind: string): ApiResource => {
    const singular = kind.toLowerCase();
    return { group: 'apps', version: 'v1', plural: `${singular}s`, singular, kind, namespaced: true };
  };
  return [
    [apps('Deployment'), { metadata: { name: 'checkout', namespace: workloads }, spec }],
    [apps('ReplicaSet'), { metadata: { name: 'checkout-1', namespace: workloads }, spec }],
    [podResource, { metadata: { name: 'checkout-1-a', namespace: workloads, labels }, spec: podSpec }],
  ];
}

function ownedBy(object: KubeObject, owner: KubeObject | undefined): KubeObject {
  if (owner === undefined) return object;
  const { apiVersion, kind, metadata } = owner;
  const reference = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
  return { ...object, metadata: { ...object.metadata, ownerReferences: [reference] } } as KubeObject;
}

const webhook = JSON.stringify({
  version: '4',
  groupKey: 'shop',
  status: 'firing',
  alerts: [
    {
      status: 'firing',
      labels: {
        alertname: 'KubePodCrashLooping',
        namespace: workloads,
        pod: 'checkout-1-a',
        severity: 'warning',
      },
      startsAt: new Date().toISOString(),
    },
  ],
});
