import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRun } from '../../../src/plan-run/run-document.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { clusterId, PlanBench, planText } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

const log = {
  id: 'log-0',
  kind: 'LogEntry',
  severity: 'Major',
  service_name: 'SREManualAction',
  summary: 'Action required: network',
  description: 'Open the firewall.',
  cluster_id: clusterId,
  cluster_uuid: '6e7f4c10-0000-4000-8000-000000000001',
  created_by: 'jdoe',
};
const reason = {
  kind: 'LimitedSupportReason',
  id: 'reason-0',
  summary: 'Cluster is in Limited Support',
  details: 'Instances were stopped.',
  detection_type: 'manual',
  creation_timestamp: '2026-01-01T00:00:00Z',
};

async function outcomes(...names: Parameters<typeof planText>[0]): Promise<string[]> {
  const file = await bench.write('plan.yaml', planText(names));
  const { stdout, stderr } = await bench.run('plan', 'run', file, '--yes', '-o', 'json');
  expect(stderr).not.toContain('error');
  return (JSON.parse(stdout) as PlanRun).actions.map(({ outcome }) => outcome);
}

describe('an incident is silenced only after the customer was told', () => {
  it.each([true, false, undefined])('a service log that was there with internal_only %s', async (hidden) => {
    bench.systems.ocm.serviceLogs.push(hidden === undefined ? log : { ...log, internal_only: hidden });
    const first = hidden === true ? 'succeeded' : 'skipped_duplicate';
    expect(await outcomes('service_log', 'silence_incident')).toEqual([first, 'succeeded']);
    expect(bench.effects()).toMatchObject({ serviceLogs: hidden === true ? 2 : 1 });
  });

  it.each([true, false, undefined])('a reason that was there with override.enabled %s', async (enabled) => {
    const override = { kind: 'LimitedSupportReasonOverride', id: 'override-0', enabled };
    bench.systems.ocm.reasons.push({
      clusterId,
      reason: enabled === undefined ? reason : { ...reason, override },
    });
    const first = enabled === true ? 'succeeded' : 'skipped_duplicate';
    expect(await outcomes('limited_support', 'silence_incident')).toEqual([first, 'succeeded']);
    expect(bench.effects()).toMatchObject({ limitedSupports: enabled === true ? 2 : 1 });
  });

  it.each([
    [[], 2, 'skipped_duplicate'],
    [[], 200, 'succeeded'],
    [['--duplicate-within', '300d'], 200, 'skipped_duplicate'],
    [['--duplicate-within', '24h'], 2, 'succeeded'],
  ])('with %j a service log of %i days ago', async (flags, days, outcome) => {
    const created_at = new Date(new RealClock().now() - days * 86_400_000).toISOString();
    bench.systems.ocm.serviceLogs.push({ ...log, created_at });
    const file = await bench.write('plan.yaml', planText(['service_log', 'silence_incident']));
    const { stdout } = await bench.run('plan', 'run', file, '--yes', '-o', 'json', ...flags);
    const [first] = (JSON.parse(stdout) as PlanRun).actions;
    expect(first?.outcome).toBe(outcome);
    const found = { id: 'log-0', createdAt: created_at, createdBy: 'jdoe' };
    expect(first?.found).toEqual(outcome === 'succeeded' ? undefined : found);
    expect((await bench.run('plan', 'status', '-o', 'json')).stdout).toContain('"succeeded"');
  });

  it('how old it may be is said by the flag, else the plan, else the configuration, and only the plan has it in its hash', async () => {
    const created_at = new Date(new RealClock().now() - 20 * 86_400_000).toISOString();
    bench.systems.ocm.serviceLogs.push({ ...log, created_at });
    bench.env['REMEDYCTL_PLAN_DUPLICATE_WITHIN'] = '30d';
    const options = '{ duplicateWithin: 10d }';
    const plain = await bench.write('plain.yaml', planText(['service_log']));
    const own = await bench.write('own.yaml', planText(['service_log'], options));
    const hashes: string[] = [];
    const outcomeOf = async (...args: string[]): Promise<string | undefined> => {
      const { stdout } = await bench.run('plan', 'run', ...args, '--yes', '-o', 'json');
      const { actions, plan } = JSON.parse(stdout) as PlanRun;
      hashes.push(plan.hash);
      return actions[0]?.outcome;
    };
    expect(await outcomeOf(plain)).toBe('skipped_duplicate');
    expect(await outcomeOf(own, '--duplicate-within', '25d')).toBe('skipped_duplicate');
    expect(await outcomeOf(own, '--again')).toBe('succeeded');
    expect(hashes[0]).not.toBe(hashes[1]);
    expect(hashes[1]).toBe(hashes[2]);
  });

  it('a cluster whose installation failed has one id, and its logs are found by it', async () => {
    bench.systems.ocm.addCluster({ id: 'failed', externalId: '' });
    const args = ['ocm', 'service-log', '--cluster-id', 'failed', '--severity', 'Info', '--summary', 's'];
    const outcomeOf = async (...more: string[]): Promise<string | undefined> => {
      const { stdout } = await bench.run(...args, '--yes', '-o', 'json', ...more);
      return (JSON.parse(stdout) as PlanRun).actions[0]?.outcome;
    };
    expect(await outcomeOf()).toBe('succeeded');
    expect(await outcomeOf('--again')).toBe('skipped_duplicate');
    expect(bench.effects()).toMatchObject({ serviceLogs: 1 });
  });

  it('a plan whose only remedy is hidden from them is refused, unless it says so', async () => {
    const text = planText(['service_log', 'silence_incident']).replace(
      'service_log: {',
      'service_log: { internalOnly: true,',
    );
    const file = await bench.write('plan.yaml', text);
    const refused = await bench.run('plan', 'run', file, '--yes');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('not internalOnly')]);
    expect(bench.systems.ocm.server.calls).toEqual([]);
    await bench.write(
      'plan.yaml',
      text.replace('silence_incident: {', 'silence_incident: { withoutRemedy: true,'),
    );
    expect((await bench.run('plan', 'run', file, '--yes')).exitCode).toBe(0);
  });
});
