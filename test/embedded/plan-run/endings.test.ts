import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRun } from '../../../src/plan-run/run-document.ts';
import { runProgram } from '../../support/built-program.ts';
import { PlanBench, planText } from './plan-file.ts';
import { program, startProgram } from './started-program.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
});

describe('a run that is over', () => {
  it('is left as it is by plan resume, which says so', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const run = JSON.parse((await bench.run('plan', 'run', file, '--yes', '-o', 'json')).stdout) as PlanRun;
    const resumed = await bench.run('plan', 'resume', run.run, '-o', 'json');
    expect([resumed.exitCode, JSON.parse(resumed.stdout)]).toEqual([0, run]);
    expect(resumed.stderr).toContain(`run ${run.run} is over: succeeded`);
    const status = await bench.run('plan', 'status', run.run, '-o', 'json');
    expect(JSON.parse(status.stdout)).toEqual(run);
  });

  it.skipIf(!existsSync('/dev/full'))('has its counters reported where stdout takes nothing', async () => {
    const file = await bench.write('plan.yaml', planText(['limited_support']));
    const metrics = path.join(bench.folder, 'cad.prom');
    const full = await open('/dev/full', 'w');
    const args = [program, 'plan', 'run', file, '--yes', '--metrics-file', metrics];
    const child = spawn(process.execPath, args, { env: bench.env, stdio: ['ignore', full.fd, 'ignore'] });
    const [exitCode] = (await once(child, 'close')) as [number];
    await full.close();
    expect(exitCode).toBe(1);
    expect(await readFile(metrics, 'utf8')).toContain('cad_investigate_limitedsupport_set_total');
  });
});

describe('several plans of which the first is interrupted', () => {
  it('are a list all the same, and it is said how the others come about', async () => {
    const second = planText(['pagerduty_title_update']).replace('name: chgm', 'name: second');
    const file = await bench.write('plans.yaml', `${planText(['pagerduty_note'])}---\n${second}`);
    const { server } = bench.systems.pagerDuty;
    server.failOn('POST', { kind: 'stall' });
    const first = startProgram(['plan', 'run', file, '--yes', '-o', 'json'], bench.env);
    // the credentials are asked about before
    await expect
      .poll(() => server.calls.some(({ method }) => method === 'POST'), { timeout: 30_000 })
      .toBe(true);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(143);
    expect(first.text()).toContain('not begun: second; plan run of these alone does them');
    expect(first.text()).toContain('"kind": "PlanRunList"');
    const again = await bench.run('plan', 'run', file, '--yes');
    expect(again.stderr).toMatch(/PLAN_UNFINISHED[^]*without it the others can be run/);
  });
});

describe('a plan that is run again', () => {
  it('does not take the note of its first run for one whose answer was lost', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    await bench.run('plan', 'run', file, '--yes');
    bench.systems.pagerDuty.server.failOn('POST', { kind: 'reset' });
    const again = await bench.run('plan', 'run', file, '--yes', '--again');
    expect([again.exitCode, bench.effects()['notes']]).toEqual([0, 2]);
  });
});

describe('an interrupted run', () => {
  it('is not gone on with in another system than it was begun in', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note', 'pagerduty_title_update']));
    bench.systems.pagerDuty.server.failOn('PUT', { kind: 'stall', effect: true });
    const first = startProgram(['plan', 'run', file, '--yes'], bench.env);
    await expect.poll(() => bench.systems.pagerDuty.server.calls.length, { timeout: 10_000 }).toBe(4);
    first.child.kill('SIGKILL');
    await first.ended;
    const id = (await bench.run('plan', 'status', '-o', 'jsonpath={.items[0].run}')).stdout;
    const env = { ...bench.env, REMEDYCTL_PAGERDUTY_URL: 'https://api.eu.pagerduty.com' };
    const elsewhere = await runProgram(['plan', 'resume', id, '--yes'], { env });
    expect(elsewhere).toMatchObject({ exitCode: 2, stdout: '' });
    expect(elsewhere.stderr).toContain(`has asked ${bench.systems.pagerDuty.server.url}`);
    const shown = await bench.run('plan', 'status', id);
    expect(shown.stdout).toMatch(/^run \S+: interrupted\nplan \S+, cluster 1a2b3c, incident \S+\n/);
    expect(shown.stdout).toContain(`to go on with it: remedyctl plan resume ${id}\n`);
    expect((await bench.run('plan', 'resume', id, '--yes')).exitCode).toBe(0);
  });

  it("is gone on with where its system has moved, on somebody's word", async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note', 'pagerduty_title_update']));
    bench.systems.pagerDuty.server.failOn('PUT', { kind: 'stall', effect: true });
    await bench.run('plan', 'run', file, '--yes', '--timeout', '3s');
    const id = (await bench.run('plan', 'status', '-o', 'jsonpath={.items[0].run}')).stdout;
    const moved = new URL(bench.systems.pagerDuty.server.url);
    moved.hostname = 'localhost';
    const env = { ...bench.env, REMEDYCTL_PAGERDUTY_URL: moved.href };
    expect((await runProgram(['plan', 'resume', id, '--yes'], { env })).exitCode).toBe(2);
    const resumed = await runProgram(['plan', 'resume', id, '--yes', '--moved'], { env });
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(bench.effects()).toMatchObject({ notes: 1, title: '[LS] ClusterHasGoneMissing' });
  });
});

describe('what cannot come to anything', () => {
  it.each([
    ['a folder for the counters', 1, ['--metrics-file', '.']],
    ['a file for the folder of the counters', 1, ['--metrics-file', 'plan.yaml/cad.prom']],
    ['no name for the counters', 2, ['--metrics-file', '']],
    ['no time at all', 2, ['--timeout', '0s']],
    ['a format of what is only shown', 2, ['-o', 'markdown']],
  ])('is refused before anything is sent: %s', async (_name, exitCode, flags) => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const inFolder = flags.map((flag) => (/^[.p]/.test(flag) ? path.join(bench.folder, flag) : flag));
    const run = await bench.run('plan', 'run', file, '--yes', ...inFolder);
    expect([run.exitCode, bench.effects()['notes']]).toEqual([exitCode, 0]);
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });

  it('is a plan and credentials from one stdin', async () => {
    const input = planText(['pagerduty_note']);
    const run = await runProgram(['plan', 'run', '-', '--token-stdin', '--yes'], { env: bench.env, input });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('both read stdin')]);
  });
});
