import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { neededPermissions } from '../../../src/doctor/needed-permissions.ts';
import {
  describePermission,
  permissionKey,
  placePermission,
  type Permission,
} from '../../../src/doctor/permission.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { kubectl } from './kubectl.ts';
import { allPermissions, PermissionWorld, withCovers } from './permission-world.ts';

const cluster = inject('cluster');

interface Check {
  name: string;
  group: string;
  status: string;
  message: string;
  fix?: string;
  details?: { missing?: { verb: string; resource: string; namespace?: string; required: boolean }[] };
}
interface Report {
  healthy: boolean;
  checks: Check[];
}

describe('doctor, with one permission at a time taken away', () => {
  const namespace = 'doctor-permissions';
  const leaseNamespace = 'doctor-permission-locks';
  const places = {
    requestGroup: 'kubernaut.ai',
    requestVersion: 'v1alpha1',
    namespace,
    leaseNamespace,
  };
  const all = allPermissions(places);
  const userWithout = (index: number): string => `doctor-without-${index}`;
  const reviews = all.find(({ resource }) => resource.startsWith('selfsubjectaccessreviews'))!;
  const world = new PermissionWorld(cluster);
  const line = new CommandLine();
  line.env = { KUBECONFIG: cluster.kubeconfig };

  const doctorAs = async (user: string): Promise<{ code: number; report: Report }> => {
    const argv = ['doctor', '-n', namespace, '--lease-namespace', leaseNamespace, '--as', user, '-o', 'json'];
    const { code, stdout } = await line.run(argv);
    return { code, report: JSON.parse(stdout) as Report };
  };
  const permissionsOf = (report: Report): Check[] =>
    report.checks.filter(({ group }) => group === 'permissions');

  beforeAll(async () => {
    await world.makeNamespace(namespace);
    await world.makeNamespace(leaseNamespace);
    await world.removeBuiltIn();
    await world.makeUser('doctor-with-all', all);
    for (const [index, taken] of all.entries()) {
      const gone = new Set(withCovers(taken, all).map(permissionKey));
      await world.makeUser(
        userWithout(index),
        all.filter((one) => !gone.has(permissionKey(one))),
      );
    }
    // The authorizer works by watches of its own: the last user must be known to it.
    const last = userWithout(all.length - 1);
    await vi.waitFor(
      async () => {
        expect(permissionsOf((await doctorAs(last)).report)[1]?.status).toBe('ok');
      },
      { timeout: 30_000, interval: 200 },
    );
  });

  afterAll(async () => {
    line.remove();
    await world.restore();
  });

  it('finds nothing missing where the whole table is granted', async () => {
    const { report } = await doctorAs('doctor-with-all');
    expect(permissionsOf(report).filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(report.checks.filter(({ status }) => status === 'fail')).toEqual([]);
  });

  const cases = all
    .map((taken, index) => ({ what: describePermission(taken), taken, index }))
    .filter(({ taken }) => taken !== reviews);

  it.each(cases)('names it and the commands that need it: $what', async ({ taken, index }) => {
    const { code, report } = await doctorAs(userWithout(index));
    const gone = new Set(withCovers(taken, all).map(permissionKey));
    const named = new Set(
      permissionsOf(report).flatMap(({ details }) =>
        (details?.missing ?? []).map((missing) => permissionKey(missing as unknown as Permission)),
      ),
    );
    expect(named).toEqual(gone);
    for (const { command, needs } of neededPermissions()) {
      const lost = needs.filter((need) => gone.has(permissionKey(placePermission(need, places))));
      const check = permissionsOf(report).find(({ name }) => name === command);
      const status = lost.length === 0 ? 'ok' : lost.some(({ without }) => !without) ? 'fail' : 'warn';
      expect({ command, status: check?.status }).toEqual({ command, status });
      for (const need of lost) {
        expect(check?.message).toContain(describePermission(placePermission(need, places)));
        expect(check?.fix).toContain(userWithout(index));
      }
    }
    expect(code).toBe(report.healthy ? 0 : 3);
  });

  it('says so where it may not ask at all', async () => {
    const { code, report } = await doctorAs(userWithout(all.indexOf(reviews)));
    expect(code).toBe(3);
    for (const { status, message } of permissionsOf(report)) {
      expect(status).toBe('fail');
      expect(message).toContain('cannot create selfsubjectaccessreviews.authorization.k8s.io');
    }
  });

  it('grants with its own commands what was missing', async () => {
    const index = all.findIndex(({ verb, resource }) => verb === 'create' && resource.startsWith('leases'));
    const { report } = await doctorAs(userWithout(index));
    const { fix = '' } = permissionsOf(report).find(({ name }) => name === 'signal ingest')!;
    for (const step of fix.split('\n')) await kubectl(cluster.kubeconfig, step);
    await expect
      .poll(async () =>
        permissionsOf((await doctorAs(userWithout(index))).report).map(({ status }) => status),
      )
      .toEqual(neededPermissions().map(() => 'ok'));
  });
});
