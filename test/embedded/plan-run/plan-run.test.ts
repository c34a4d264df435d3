import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRun } from '../../../src/plan-run/run-document.ts';
import { runProgram } from '../../support/built-program.ts';
import { faults } from '../../support/remote-systems/fault.ts';
import { everythingOnce, PlanBench, planText, silencing } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

const deadCluster = `apiVersion: v1
kind: Config
current-context: dead
contexts: [{ name: dead, context: { cluster: dead, user: dead } }]
clusters: [{ name: dead, cluster: { server: "http://127.0.0.1:1" } }]
users: [{ name: dead, user: {} }]
`;

describe('plan run', () => {
  it('does every action once, reports it, and refuses to do it again', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const metrics = path.join(bench.folder, 'cad.prom');
    const first = await bench.run('plan', 'run', file, '--yes', '-o', 'json', '--metrics-file', metrics);
    expect(first.stderr).not.toContain('error');
    expect(first.exitCode).toBe(0);
    const run = JSON.parse(first.stdout) as PlanRun;
    expect(run).toMatchObject({
      kind: 'PlanRun',
      state: 'succeeded',
      mode: 'execute',
      plan: { name: 'chgm' },
    });
    expect(run.actions.map(({ type, outcome, attempts }) => [type, outcome, attempts])).toEqual(
      silencing.map((type) => [type, 'succeeded', 1]),
    );
    expect(bench.effects()).toEqual(everythingOnce);
    expect(bench.systems.pagerDuty.notes[0]?.content).toContain(
      "🤖 Sent LS: 'Cluster is in Limited Support'",
    );
    expect(await readFile(metrics, 'utf8')).toContain(
      'cad_investigate_limitedsupport_set_total{alert_type="chgm",ls_summary="StoppedInstances"} 1\n',
    );

    const again = await bench.run('plan', 'run', file, '--yes');
    expect(again.exitCode).toBe(6);
    expect(again.stderr).toContain(run.run);
    expect(bench.effects()).toEqual(everythingOnce);

    const status = await bench.run('plan', 'status', run.run.slice(0, 8), '-o', 'json');
    expect(JSON.parse(status.stdout)).toEqual({ ...run });
    const list = await bench.run('plan', 'status', '-o', 'name');
    expect(list.stdout).toBe(`planrun/${run.run}\n`);
  });

  it('says each request under -v', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const { stderr } = await bench.run('plan', 'run', file, '--yes', '-v');
    expect(stderr).toMatch(/^PagerDuty GET http:\S+\/incidents\/\w+ 200 in \d+ ms$/m);
    expect(stderr).toMatch(/^PagerDuty POST http:\S+\/incidents\/\w+\/notes 200 in \d+ ms$/m);
  });

  it('says how to go on where the cluster of the lease does not answer, and sends nothing', async () => {
    const kubeconfig = await bench.write('kubeconfig', deadCluster);
    const env = { ...bench.env, REMEDYCTL_TARGET: 'auto', KUBECONFIG: kubeconfig };
    const file = await bench.write('plan.yaml', planText(silencing));
    const run = await runProgram(['plan', 'run', file, '--yes'], { env });
    expect([run.exitCode, run.stderr]).toEqual([
      1,
      expect.stringContaining('--target embedded does without'),
    ]);
    expect(bench.effects()).toMatchObject({ limitedSupports: 0, notes: 0 });
    const without = await runProgram(['plan', 'run', file, '--yes', '--target', 'embedded'], { env });
    expect(without.exitCode).toBe(0);
  });

  it('is not begun where a system cannot be asked before anything is sent', async () => {
    bench.env['REMEDYCTL_OCM_TOKEN_URL'] = 'http://127.0.0.1:1/token';
    const file = await bench.write('plan.yaml', planText(['limited_support'], '{ maxRetries: 1 }'));
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('UNREACHABLE')]);
    expect(stderr).toContain('asked again in');
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });

  it('sends nothing of several plans where one of them may not run', async () => {
    const old = await bench.write('old.yaml', planText(['pagerduty_note']));
    expect((await bench.run('plan', 'run', old, '--yes')).exitCode).toBe(0);
    const fresh = await bench.write('fresh.yaml', planText(silencing));
    const run = await bench.run('plan', 'run', fresh, old, '--yes');
    expect([run.exitCode, run.stdout]).toEqual([6, '']);
    const twice = await bench.run('plan', 'run', fresh, fresh, '--yes');
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('given twice')]);
    expect(bench.effects()).toMatchObject({ limitedSupports: 0, serviceLogs: 0, notes: 1 });
    expect((await bench.run('plan', 'run', fresh, old, '--yes', '--again')).exitCode).toBe(0);
    expect(bench.effects()).toMatchObject({ ...everythingOnce, notes: 3 });
  });

  it('escalates in place of a silence whose remedy failed, and the note says so', async () => {
    bench.systems.ocm.server.failOn('POST /api/clusters_mgmt', { kind: 'status', status: 400 });
    const file = await bench.write('plan.yaml', planText(silencing));
    const { exitCode, stdout } = await bench.run('plan', 'run', file, '--yes', '-o', 'json');
    expect(exitCode).toBe(4);
    const { actions, state } = JSON.parse(stdout) as PlanRun;
    expect(state).toBe('partial');
    expect(actions.find(({ type }) => type === 'silence_incident')?.outcome).toBe('skipped_dependency');
    expect(actions.at(-1)).toMatchObject({
      type: 'escalate_incident',
      outcome: 'succeeded',
      index: 6,
      replaces: 5,
    });
    expect(bench.effects()).toMatchObject({ escalations: 1, policy: 'PLOUD01', limitedSupports: 0 });
    const { content = '' } = bench.systems.pagerDuty.notes[0] ?? {};
    expect(content).toContain("⚠️ LS could not be sent: 'Cluster is in Limited Support'");
    expect(content).toContain('not silenced but escalated');
  });

  it('looks a lost write up before it sends it again', async () => {
    const { ocm, pagerDuty, backplane } = bench.systems;
    ocm.server.failOn('POST', faults['reset after the effect'], 2);
    backplane.server.failOn('POST', faults['500 after the effect']);
    pagerDuty.server.failOn('POST', faults['truncated body']);
    pagerDuty.server.failOn('PUT', faults['no body'], 2);
    const file = await bench.write('plan.yaml', planText(silencing, '{ concurrent: true }'));
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes');
    expect(stderr).toContain('next attempt in');
    expect(exitCode).toBe(0);
    expect(bench.effects()).toEqual(everythingOnce);
  });

  it('leaves an escalation unknown whose answer was lost, where nobody can be asked', async () => {
    bench.systems.pagerDuty.server.failOn('PUT', faults['reset after the effect']);
    const file = await bench.write('plan.yaml', planText(['escalate_incident']));
    const { exitCode, stdout } = await bench.run('plan', 'run', file, '--yes', '-o', 'json');
    expect(exitCode).toBe(4);
    expect((JSON.parse(stdout) as PlanRun).actions[0]?.outcome).toBe('unknown');
    expect(bench.effects()).toMatchObject({ escalations: 1 });
  });

  it('runs nothing without --yes off a terminal, with another hash, or with a read-only profile', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const config = await bench.write('config.yaml', 'profiles:\n  look: { readOnly: true }\n');
    expect((await bench.run('plan', 'run', file)).exitCode).toBe(6);
    expect((await bench.run('plan', 'run', file, '--yes', '--expect-hash', 'f'.repeat(64))).exitCode).toBe(3);
    const readOnly = await bench.run('plan', 'run', file, '--yes', '--config', config, '--profile', 'look');
    expect(readOnly.stderr).toContain('readOnly');
    expect(readOnly.exitCode).toBe(6);
    expect((await bench.run('plan', 'run', file, '--dry-run')).exitCode).toBe(0);
    expect(bench.effects()).toMatchObject({ notes: 0, limitedSupports: 0 });
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });

  it('fails with 1 where nothing succeeded', async () => {
    bench.systems.pagerDuty.server.failOn('POST', { kind: 'status', status: 404 });
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    expect((await bench.run('plan', 'run', file, '--yes')).exitCode).toBe(1);
  });

  it('refuses a second run of the same plan while the first is at work, and names it', async () => {
    bench.systems.pagerDuty.server.failOn('POST', faults['stall before the effect']);
    bench.env['REMEDYCTL_REMOTE_TIMEOUT'] = '4s';
    const file = await bench.write('plan.yaml', planText(['pagerduty_note'], '{ maxRetries: 0 }'));
    const first = bench.run('plan', 'run', file, '--yes');
    await expect.poll(() => bench.systems.pagerDuty.server.calls.length, { timeout: 10_000 }).toBe(2);
    const second = await bench.run('plan', 'run', file, '--yes', '--again');
    expect(second.exitCode).toBe(5);
    const listed = await bench.run('plan', 'status', '-o', 'json');
    const { items } = JSON.parse(listed.stdout) as { items: { run: string; state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(['running']);
    expect(second.stderr).toContain(items[0]?.run);
    await first;
  });

  it('in other modes does what the mode says, with an outcome for every action', async () => {
    const file = await bench.write('plan.yaml', planText(silencing));
    const outcomes = async (...flags: string[]): Promise<string[]> => {
      const { stdout, exitCode } = await bench.run('plan', 'run', file, '--yes', '-o', 'json', ...flags);
      expect(exitCode).toBe(0);
      return (JSON.parse(stdout) as PlanRun).actions.map(({ outcome }) => outcome);
    };
    expect(await outcomes('--mode', 'informing')).toEqual([
      ...Array<string>(6).fill('skipped_mode'),
      'succeeded',
    ]);
    expect(bench.effects()).toMatchObject({ notes: 1, limitedSupports: 0, escalations: 0 });
    expect(await outcomes('--infra-cluster')).toEqual(
      ['intercepted', 'intercepted', 'succeeded', 'succeeded', 'succeeded', 'intercepted'].concat([
        'succeeded',
        'succeeded',
      ]),
    );
    expect(bench.effects()).toMatchObject({ notes: 3, limitedSupports: 0, reports: 1, escalations: 1 });
    expect(await outcomes('--mode', 'manual')).toEqual(
      ['succeeded', 'succeeded', 'succeeded'].concat(Array<string>(3).fill('skipped_mode')),
    );
    expect(bench.effects()).toMatchObject({ notes: 3, limitedSupports: 1, reports: 2, policy: 'PLOUD01' });
  });

  it('in manual mode asks for no incident', async () => {
    const text = planText(['limited_support', 'pagerduty_note']).replace(/^ *incident:.*\n/m, '');
    const file = await bench.write('plan.yaml', text);
    expect((await bench.run('plan', 'run', file, '--yes')).exitCode).toBe(2);
    const manual = await bench.run('plan', 'run', file, '--yes', '--mode', 'manual');
    expect(manual.exitCode, manual.stderr).toBe(0);
    expect(bench.effects()).toMatchObject({ notes: 0, limitedSupports: 1 });
  });
});
