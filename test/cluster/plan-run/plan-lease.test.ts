import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource, namespaceResource } from '../../../src/kube/well-known-resources.ts';
import { PlanBench, planText, silencing } from '../../embedded/plan-run/plan-file.ts';
import { startProgram } from '../../embedded/plan-run/started-program.ts';
import { faults } from '../../support/remote-systems/fault.ts';
import { openAsAdmin } from '../admin.ts';

const cluster = inject('cluster');
const namespace = 'plan-run';

describe('two machines and one plan', () => {
  const api = openAsAdmin(cluster);
  const objects = new ObjectAccess(api.send);
  let bench: PlanBench;

  beforeAll(async () => {
    await objects.create(namespaceResource, { metadata: { name: namespace } });
    bench = await PlanBench.start();
    Object.assign(bench.env, {
      KUBECONFIG: cluster.kubeconfig,
      REMEDYCTL_TARGET: 'cluster',
      REMEDYCTL_NAMESPACE: namespace,
    });
  });
  afterAll(async () => {
    await bench.stop();
    await api.close();
  });

  const leases = async (): Promise<string[]> =>
    (await objects.list(leaseResource, { namespace })).items.map(({ metadata }) => metadata.name);

  it('the second refuses, naming the holder, for as long as the first is at work', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const shown = await bench.run('plan', 'show', file, '-o', 'jsonpath={.plan.hash}');
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    const first = startProgram(['plan', 'run', file, '--yes'], bench.env);
    await expect.poll(() => bench.systems.pagerDuty.notes.length, { timeout: 20_000 }).toBe(1);
    const lease = `remedyctl-plan-${shown.stdout.trim().slice(0, 16)}`;
    expect(await leases()).toEqual([lease]);

    bench.env['REMEDYCTL_STORE'] = path.join(bench.folder, 'another-machine');
    const second = await bench.run('plan', 'run', file, '--yes');
    expect(second.exitCode).toBe(5);
    expect(second.stderr).toContain(lease);
    bench.env['REMEDYCTL_STORE'] = bench.store;

    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    expect(await leases()).toEqual([]);
    const [, run = ''] = /plan resume (\S+)/.exec(first.text()) ?? [];
    expect((await bench.run('plan', 'resume', run, '--yes')).exitCode).toBe(0);
    expect(await leases()).toEqual([]);
    expect(bench.effects()).toMatchObject({ notes: 1, limitedSupports: 1, serviceLogs: 1, reports: 1 });
  }, 60_000);

  it('a run stops when its lease is taken from it', async () => {
    const file = await bench.write('other.yaml', planText(['pagerduty_note', 'pagerduty_title_update']));
    bench.systems.pagerDuty.server.failOn('POST', {
      kind: 'status',
      status: 503,
      headers: { 'retry-after': '25' },
    });
    const run = startProgram(['plan', 'run', file, '--yes'], bench.env);
    await expect.poll(run.text, { timeout: 20_000 }).toContain('next attempt');
    const [name = ''] = await leases();
    await objects.delete(leaseResource, { namespace, name });
    expect(await run.ended).toBe(4);
    expect(run.text()).toContain('the lease of this plan was lost');
  }, 60_000);
});
