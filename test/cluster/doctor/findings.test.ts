import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import { formatMicroTime } from '../../../src/lease/micro-time.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';
import { PermissionWorld } from './permission-world.ts';

const cluster = inject('cluster');

interface Check {
  name: string;
  group: string;
  status: string;
  message: string;
  fix?: string;
  details?: Record<string, unknown>;
}

describe('doctor on a cluster', () => {
  const namespace = 'doctor-findings';
  const elsewhere = 'doctor-findings-elsewhere';
  const world = new PermissionWorld(cluster);
  const line = new CommandLine();
  line.env = { KUBECONFIG: cluster.kubeconfig };
  const held: { namespace: string; name: string }[] = [];

  const makeLease = async (where: string, name: string, spec: object): Promise<void> => {
    await world.objects.create(leaseResource, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { namespace: where, name },
      spec,
    });
    held.push({ namespace: where, name });
  };

  const examine = async (
    argv: string[] = [],
  ): Promise<{ code: number; find: (name: string) => Check; checks: Check[] }> => {
    const { code, stdout } = await line.run(['doctor', '-n', namespace, ...argv, '-o', 'json']);
    const { checks } = JSON.parse(stdout) as { checks: Check[] };
    return {
      code,
      checks,
      find: (name) => checks.find((check) => check.name === name) ?? expect.fail(`no check ${name}`),
    };
  };

  beforeAll(async () => {
    await world.makeNamespace(namespace);
    await world.makeNamespace(elsewhere);
  });

  afterAll(async () => {
    for (const key of held) await world.objects.delete(leaseResource, key);
    line.remove();
    await world.restore();
  });

  it('finds a new namespace healthy, and measures the server', async () => {
    const { code, find, checks } = await examine();
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(code).toBe(0);
    expect(find('reachable').message).toMatch(/^answers as v1\.35\./);
    expect(find('latency').details).toMatchObject({ samples: 10 });
    expect(find('identity').details).toMatchObject({ user: 'admin' });
    expect(find('served').details).toMatchObject({ group: 'kubernaut.ai', version: 'v1alpha1' });
    expect(find('selectable').details).toMatchObject({ notSelectable: [] });
    expect(find('schema')).toMatchObject({ status: 'ok', details: { statusLayout: 'nested', missing: [] } });
    const { clockSkewSeconds, clockSkewErrorSeconds } = find('clock').details as Record<string, number>;
    expect(Math.abs(clockSkewSeconds!)).toBeLessThanOrEqual(clockSkewErrorSeconds!);
    expect(clockSkewErrorSeconds).toBeLessThanOrEqual(1);
  });

  it('fails for a namespace that is not there, and says how to make it', async () => {
    const { code, find } = await examine(['--lease-namespace', 'nowhere']);
    expect(code).toBe(3);
    expect(find('namespace doctor-findings').status).toBe('ok');
    expect(find('namespace nowhere')).toMatchObject({ status: 'fail' });
    expect(find('namespace nowhere').fix).toContain('kubectl create namespace nowhere');
  });

  it('finds stuck locks, and locks where nobody looks for them', async () => {
    const old = '2020-01-01T00:00:00.000000Z';
    const claim = { holderIdentity: 'pod-1', leaseDurationSeconds: 30 };
    const now = formatMicroTime(new RealClock().now());
    await makeLease(namespace, 'gw-lock-0000000000000001', { ...claim, renewTime: old, acquireTime: old });
    await makeLease(namespace, 'gw-lock-0000000000000002', { holderIdentity: 'pod-2' });
    await makeLease(namespace, 'gw-lock-0000000000000003', { ...claim, renewTime: now, acquireTime: old });
    await makeLease(namespace, 'leader-election', { ...claim, renewTime: old });
    await makeLease(elsewhere, 'gw-lock-0000000000000004', { ...claim, renewTime: now });
    const { code, find } = await examine();
    expect(code).toBe(3);
    expect(find('locks')).toMatchObject({
      status: 'fail',
      details: { total: 3, held: 1, expired: 1, noExpiry: 1, longHeld: 1 },
    });
    const { namespaces } = find('locks elsewhere').details as { namespaces: Record<string, number> };
    expect(namespaces[elsewhere]).toBe(1);
    expect(find('locks elsewhere').status).toBe('warn');
  });

  it('says what it may not see of a user without permissions', async () => {
    const { code, find } = await examine(['--as', 'jane']);
    expect(code).toBe(3);
    expect(find('identity').details).toMatchObject({ user: 'jane' });
    expect(find('locks')).toMatchObject({ status: 'skip' });
    expect(find('selectable')).toMatchObject({ status: 'skip' });
    expect(find('signal ingest')).toMatchObject({ status: 'fail' });
    expect(find('signal ingest').fix).toContain('--user=jane');
  });
});
