import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ApiResource } from '../../../src/api/objects.ts';
import { neededPermissions } from '../../../src/doctor/needed-permissions.ts';
import { permissionKey, placePermission, type Permission } from '../../../src/doctor/permission.ts';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import { CommandLine, type Ran } from '../../unit/cli/command-line.ts';
import { allPermissions, PermissionWorld } from './permission-world.ts';

const cluster = inject('cluster');
const namespace = 'doctor-commands';
const deployments: ApiResource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  namespaced: true,
};
const fingerprint = 'abcdef0123456789'.repeat(4);

/** A command, what is taken from its user, and how it ends without it. */
interface Case {
  command: string[];
  verb: string;
  resource: string;
  exit: number;
  /** Runs before it, as the admin. */
  before?: string[];
}

/** Commands that run to their end for a user who has no more than what the table says of them. */
const sufficient: { command: string[] }[] = [
  { command: ['signal', 'normalize', 'FILE'] },
  { command: ['signal', 'ingest', 'FILE'] },
  { command: ['signal', 'explain', 'FILE'] },
  { command: ['request', 'list'] },
  { command: ['lease', 'list'] },
  { command: ['lease', 'acquire', fingerprint, '--holder', 'me'] },
  { command: ['lease', 'get', fingerprint] },
  { command: ['lease', 'renew', fingerprint, '--if-holder', 'me', '--yes'] },
  { command: ['lease', 'release', fingerprint, '--if-holder', 'me', '--yes'] },
  { command: ['lease', 'doctor'] },
  { command: ['dedup', 'show', fingerprint] },
  { command: ['dedup', 'list'] },
  { command: ['doctor'] },
];

const ingest = ['signal', 'ingest', 'FILE', '-o', 'json'];
const requests = 'remediationrequests.kubernaut.ai';
const leases = 'leases.coordination.k8s.io';
const cases: Case[] = [
  { command: ingest, verb: 'create', resource: leases, exit: 1 },
  { command: ingest, verb: 'list', resource: requests, exit: 1 },
  { command: ingest, verb: 'create', resource: requests, exit: 1 },
  { command: ingest, verb: 'update', resource: `${requests}/status`, exit: 4 },
  { command: ingest, verb: 'patch', resource: `${requests}/status`, exit: 4, before: ingest },
  { command: ingest, verb: 'delete', resource: leases, exit: 0 },
  { command: ingest, verb: 'get', resource: 'deployments.apps', exit: 1 },
  { command: ingest, verb: 'get', resource: 'namespaces', exit: 1 },
  { command: ['request', 'list'], verb: 'list', resource: requests, exit: 1 },
  { command: ['request', 'get', 'rr-x'], verb: 'get', resource: requests, exit: 1 },
  { command: ['request', 'watch'], verb: 'watch', resource: requests, exit: 1 },
  { command: ['lease', 'list'], verb: 'list', resource: leases, exit: 1 },
  { command: ['lease', 'get', fingerprint], verb: 'get', resource: leases, exit: 1 },
  { command: ['lease', 'acquire', fingerprint], verb: 'create', resource: leases, exit: 1 },
  { command: ['lease', 'renew', fingerprint], verb: 'get', resource: leases, exit: 1 },
  { command: ['lease', 'release', fingerprint], verb: 'get', resource: leases, exit: 1 },
  { command: ['dedup', 'show', fingerprint], verb: 'list', resource: requests, exit: 1 },
];

describe('a command without one of the permissions that the table names', () => {
  const places = {
    requestGroup: 'kubernaut.ai',
    requestVersion: 'v1alpha1',
    namespace,
    leaseNamespace: namespace,
  };
  const all = allPermissions(places);
  const rowOf = (command: string): Permission[] => {
    const row = neededPermissions().find((one) => one.command === command);
    if (row === undefined) throw new Error(`the table has no ${command}`);
    return row.needs.map((need) => placePermission(need, places));
  };
  const world = new PermissionWorld(cluster);
  const line = new CommandLine();
  line.env = { KUBECONFIG: cluster.kubeconfig };

  /** An alert about a deployment of its own, so that no case meets another's lock or request. */
  const alertFile = (index: number): string => {
    const labels = { alertname: 'Down', namespace, deployment: `checkout-${index}` };
    const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-22T10:00:00Z' };
    const file = path.join(line.home, `alert-${index}.json`);
    const webhook = {
      version: '4',
      status: 'firing',
      receiver: 'x',
      commonLabels: {},
      commonAnnotations: {},
      alerts: [alert],
    };
    writeFileSync(file, JSON.stringify(webhook));
    return file;
  };
  const run = (command: readonly string[], index: number, as: string[] = []): Promise<Ran> =>
    line.run([
      ...command.map((word) => (word === 'FILE' ? alertFile(index) : word)),
      ...['-q', '-n', namespace, ...as],
    ]);

  it('has every permission of the cases in its table', () => {
    const known = all.map(({ verb, resource }) => `${verb} ${resource}`);
    for (const { verb, resource } of cases) expect(known).toContain(`${verb} ${resource}`);
  });

  beforeAll(async () => {
    await world.makeNamespace(namespace, { 'kubernaut.ai/managed': 'true' });
    const template = {
      metadata: { labels: { app: 'x' } },
      spec: { containers: [{ name: 'x', image: 'x' }] },
    };
    for (const index of Array.from({ length: cases.length + 1 }).keys()) {
      await world.objects.create(deployments, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `checkout-${index}`, namespace },
        spec: { selector: { matchLabels: { app: 'x' } }, template },
      });
    }
    await world.removeBuiltIn();
    await world.makeUser('commands-with-all', all);
    for (const [index, one] of cases.entries()) {
      const rest = all.filter(({ verb, resource }) => verb !== one.verb || resource !== one.resource);
      await world.makeUser(`commands-without-${index}`, rest);
    }
    const everyone = rowOf('every command');
    for (const [index, { command }] of sufficient.entries()) {
      const row = rowOf(command[0] === 'doctor' ? 'doctor' : command.slice(0, 2).join(' '));
      const own = [...everyone, ...row].map(permissionKey);
      const granted = all.filter((permission) => own.includes(permissionKey(permission)));
      await world.makeUser(`commands-only-${index}`, granted);
    }
    await vi.waitFor(
      async () => {
        const user = `commands-without-${cases.length - 1}`;
        expect((await run(['lease', 'list'], 0, ['--as', user])).code).toBe(0);
        const last = `commands-only-${sufficient.length - 1}`;
        expect((await run(['doctor', '-o', 'wide'], 0, ['--as', last])).stdout).toMatch(
          /^ok +permissions +doctor +all/m,
        );
      },
      { timeout: 30_000, interval: 200 },
    );
  });

  afterAll(async () => {
    line.remove();
    await world.restore();
  });

  afterEach(async () => {
    const left = await world.objects.list(leaseResource, { namespace });
    for (const { metadata } of left.items) {
      await world.objects.delete(leaseResource, { namespace, name: metadata.name });
    }
  });

  it('works where the whole table is granted', async () => {
    const as = ['--as', 'commands-with-all'];
    const index = cases.length;
    expect(await run(ingest, index, as)).toMatchObject({ code: 0, stderr: '' });
    expect(await run(ingest, index, as)).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['request', 'list'], index, as)).code).toBe(0);
  });

  it.each(sufficient.map((one, index) => ({ ...one, index, what: one.command.slice(0, 2).join(' ') })))(
    '$what needs no more than its row says',
    async ({ command, index }) => {
      // One lock that renew, release and get can be about.
      if (command[0] === 'lease' && command[1] !== 'acquire') {
        expect((await run(['lease', 'acquire', fingerprint, '--holder', 'me'], index)).code).toBe(0);
      }
      const { code, stdout, stderr } = await run(command, index, ['--as', `commands-only-${index}`]);
      const said = command[0] === 'doctor' ? '' : stdout + stderr;
      expect({ said, forbidden: /forbidden|cannot/.test(said) }).toEqual({ said, forbidden: false });
      expect([0, 3]).toContain(code);
    },
  );

  const named = cases.map((one, index) => ({
    ...one,
    index,
    what: `${one.command.slice(0, 2).join(' ')} without ${one.verb} ${one.resource}`,
  }));

  it.each(named)('$what: says which, and leaves no lock behind', async (one) => {
    const { index, command, before, exit } = one;
    if (before !== undefined) expect((await run(before, index)).code).toBe(0);
    const { code, stdout, stderr } = await run(command, index, ['--as', `commands-without-${index}`]);
    const said = stdout + stderr;
    const { verb, resource } = one;
    const [plural = ''] = resource.split('.');
    const names = [`${verb} ${resource}`, `cannot ${verb} resource \\"${plural}\\"`];
    expect({ said, named: names.some((name) => said.includes(name)) }).toEqual({ said, named: true });
    expect(code).toBe(exit);
    const left = await world.objects.list(leaseResource, { namespace });
    // Whoever may not delete cannot but leave it; it expires.
    expect(left.items).toHaveLength(verb === 'delete' ? 1 : 0);
  });
});
