import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { clusterId, everythingOnce, incidentId, PlanBench, planText, silencing } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

const untouched = {
  limitedSupports: 0,
  serviceLogs: 0,
  reports: 0,
  notes: 0,
  title: 'ClusterHasGoneMissing',
  policy: 'PLOUD01',
  escalations: 0,
};

function writes(): string[] {
  const { pagerDuty, ocm, backplane } = bench.systems;
  return [pagerDuty, ocm, backplane].flatMap(({ server }) =>
    server.calls.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
  );
}

async function runWith(env: Record<string, string>, ...args: string[]): ReturnType<typeof runProgram> {
  return runProgram(args, { env: { ...bench.env, ...env } });
}

describe('credentials are proven before the first write', () => {
  const bad = [
    ['the secret of OCM', { OCM_CLIENT_SECRET: 'another-secret-0123456789' }],
    ['the key of PagerDuty', { PAGERDUTY_TOKEN: 'another-key-0123456789' }],
  ] as const;

  it.each(bad)('%s is refused: nobody is told anything, and nobody is paged', async (_name, env) => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const refused = await runWith(env, 'plan', 'run', file, '--yes');
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('CREDENTIALS_FAILED');
    expect(refused.stderr).toContain('nothing was sent');
    expect(refused.stderr).not.toContain('0123456789');
    expect([writes(), bench.effects()]).toEqual([[], untouched]);
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');

    // it was not begun: no --again
    expect((await bench.run('plan', 'run', file, '--yes')).exitCode).toBe(0);
    expect(bench.effects()).toEqual(everythingOnce);
  });

  it('names every system that refuses', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const env = Object.assign({}, ...bad.map(([, one]) => one)) as Record<string, string>;
    const { stderr } = await runWith(env, 'plan', 'run', file, '--yes');
    expect(stderr).toMatch(/the SSO gave no token for OCM.*PagerDuty, GET/);
  });

  it('Backplane refuses the token of OCM', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    bench.systems.backplane.server.failOn('GET ', { kind: 'status', status: 403 });
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('CREDENTIALS_FAILED')]);
    expect(bench.effects()).toEqual(untouched);
  });

  it.each([
    [
      'ocm',
      [
        'ocm',
        'limited-support',
        '--cluster-id',
        clusterId,
        '--summary',
        'S',
        '--details',
        'D',
        '--metric-context',
        'C',
      ],
    ],
    ['backplane', ['backplane', 'report', '--cluster-id', clusterId, '--summary', 'S', '--data', 'D']],
    ['pd', ['pd', 'escalate', '--incident-id', incidentId]],
  ])('of a command of one action too: %s', async (_name, args) => {
    const env = Object.assign({}, ...bad.map(([, one]) => one)) as Record<string, string>;
    const { exitCode, stderr } = await runWith(env, ...args, '--yes');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('CREDENTIALS_FAILED')]);
    expect([writes(), bench.effects()]).toEqual([[], untouched]);
    expect((await bench.run(...args, '--yes')).exitCode).toBe(0);
  });

  it('of several plans all, once for each system, before anything of the first', async () => {
    const first = await bench.write('1.yaml', planText(['limited_support']));
    const second = await bench.write('2.yaml', planText(['pagerduty_note', 'escalate_incident']));
    const env = { PAGERDUTY_TOKEN: 'another-key-0123456789' };
    const refused = await runWith(env, 'plan', 'run', first, second, '--yes');
    expect([refused.exitCode, writes()]).toEqual([1, []]);
    bench.systems.ocm.server.calmDown();
    bench.systems.pagerDuty.server.calmDown();
    const third = await bench.write('3.yaml', planText(['service_log', 'pagerduty_title_update']));
    expect((await bench.run('plan', 'run', first, second, third, '--yes')).exitCode).toBe(0);
    const proofs = bench.systems.ocm.server.calls.filter(({ path }) =>
      path.endsWith(`/clusters/${clusterId}`),
    );
    expect(proofs).toHaveLength(1);
  });

  it('of a run that is gone on with; it can be gone on with later', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    bench.systems.pagerDuty.server.failOn('POST ', { kind: 'stall' });
    const cut = await bench.run('plan', 'run', file, '--yes', '--timeout', '2s', '--call-timeout', '20s');
    expect(cut.exitCode).toBe(4);
    const run = (await bench.run('plan', 'status', '-o', 'name')).stdout.replace('planrun/', '').trim();
    const held = bench.effects();
    const refused = await runWith(
      { PAGERDUTY_TOKEN: 'another-key-0123456789' },
      'plan',
      'resume',
      run,
      '--yes',
    );
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('CREDENTIALS_FAILED')]);
    expect(bench.effects()).toEqual(held);
    expect((await bench.run('plan', 'resume', run, '--yes')).exitCode).toBe(0);
    expect(bench.effects()).toEqual(everythingOnce);
  });

  it('a system that is down for a moment is asked again; one that stays down is no matter of credentials', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    bench.systems.ocm.server.failOn('GET /api/clusters_mgmt', { kind: 'status', status: 503 }, 2);
    const down = await bench.write('down.yaml', planText(silencing, '{ maxRetries: 0 }'));
    const refused = await bench.run('plan', 'run', down, '--yes');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('REMOTE_ERROR')]);
    expect(refused.stderr).toContain('nothing was sent');
    expect(bench.effects()).toEqual(untouched);
    const late = await bench.run('plan', 'run', file, '--yes');
    expect([late.exitCode, late.stderr]).toEqual([0, expect.stringContaining('asked again in')]);
  });
});

describe('two ids of one cluster', () => {
  const other = '6e7f4c10-0000-4000-8000-000000000002';

  it('are compared before anything is sent', async () => {
    bench.systems.ocm.addCluster({ id: 'another', externalId: other });
    const text = planText(silencing).replace('6e7f4c10-0000-4000-8000-000000000001', other);
    const file = await bench.write('plan.yaml', text);
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('spec.cluster.externalId')]);
    expect(stderr).toMatch(/0001, not 6e7f4c10-0000-4000-8000-000000000002; nothing was sent/);
    expect([writes(), bench.effects()]).toEqual([[], untouched]);
  });

  it('of a command are named by its flags, whatever becomes of the first answer', async () => {
    bench.systems.ocm.addCluster({ id: 'another', externalId: other });
    bench.systems.ocm.server.failOn('POST /api/service_logs', { kind: 'reset', effect: true });
    const args = ['--severity', 'Major', '--summary', 'S', '--yes'];
    const { exitCode, stderr } = await bench.run(
      'ocm',
      'service-log',
      '--cluster-id',
      clusterId,
      '--external-id',
      other,
      ...args,
    );
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('error: --external-id: ')]);
    expect(bench.systems.ocm.serviceLogs).toEqual([]);
  });

  it('of a report too; a cluster that OCM does not know is none of them', async () => {
    const text = planText(['backplane_report']).replace(clusterId, 'unknown');
    const { exitCode, stderr } = await bench.run(
      'plan',
      'run',
      await bench.write('plan.yaml', text),
      '--yes',
    );
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('NOT_FOUND')]);
    expect(bench.effects()).toEqual(untouched);
  });
});
