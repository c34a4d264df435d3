import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterId, incidentId, PlanBench, planText, silencing } from '../plan-run/plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.systems.stop();
  await rm(bench.folder, { recursive: true, force: true });
});

async function messages(text: string): Promise<string[]> {
  const file = await bench.write('plan.yaml', text);
  const { exitCode, stdout } = await bench.run('plan', 'validate', file, '--online', '-o', 'json');
  const { problems } = JSON.parse(stdout) as { problems: { message: string }[] };
  expect(exitCode).toBe(problems.length === 0 ? 0 : 2);
  return problems.map(({ message }) => message);
}

describe('plan validate --online', () => {
  const text = planText(silencing);

  it('finds nothing where the cluster is meant and the incident open, and writes nothing', async () => {
    expect(await messages(text)).toStrictEqual([]);
    const { ocm, pagerDuty, backplane } = bench.systems;
    const calls = [ocm, pagerDuty, backplane].flatMap(({ server }) =>
      server.calls.map(({ method }) => method),
    );
    expect(calls).toStrictEqual(['GET', 'GET', 'GET']);
  });

  it('names a cluster that is another one or goes away, and an incident that is resolved', async () => {
    bench.systems.ocm.addCluster({
      id: clusterId,
      externalId: 'other',
      product: 'osd',
      state: 'uninstalling',
    });
    bench.systems.pagerDuty.addIncident({ id: incidentId, status: 'resolved' });
    expect(await messages(text)).toStrictEqual([
      `spec.cluster: the external id of cluster ${clusterId} is other, not 6e7f4c10-0000-4000-8000-000000000001`,
      `spec.cluster: the product of cluster ${clusterId} is osd, not rosa`,
      `spec.cluster: cluster ${clusterId} is uninstalling, and takes no limited support`,
      `spec.incident: incident ${incidentId} is resolved`,
    ]);
  });

  it('names what is not there', async () => {
    bench.systems.ocm.clusters.clear();
    bench.systems.pagerDuty.incidents.clear();
    bench.systems.pagerDuty.escalationPolicies.clear();
    expect(await messages(text)).toStrictEqual([
      expect.stringMatching(/^spec\.cluster: .*404/),
      expect.stringMatching(/^spec\.incident: .*404/),
      expect.stringMatching(/^the silent policy: .*404/),
    ]);
  });

  it('asks nobody about what will not run', async () => {
    expect(await messages(planText(['pagerduty_note'], '{ mode: manual }'))).toStrictEqual([]);
    const { ocm, pagerDuty } = bench.systems;
    expect([...ocm.server.calls, ...pagerDuty.server.calls]).toStrictEqual([]);
  });
});
