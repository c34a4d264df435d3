import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { pagerDutyToken } from '../../support/remote-systems/fake-pagerduty.ts';
import { ocmClientSecret } from '../../support/remote-systems/fake-sso.ts';
import { incidentId, PlanBench, planText, silencing } from './plan-file.ts';

let bench: PlanBench;
let file: string;
beforeEach(async () => {
  bench = await PlanBench.start();
  file = await bench.write('plan.yaml', planText(silencing));
});
afterEach(async () => {
  await bench.stop();
});

function requests(): number {
  const { ocm, pagerDuty, backplane, sso } = bench.systems;
  return [ocm, pagerDuty, backplane, sso].reduce((sum, { server }) => sum + server.calls.length, 0);
}

describe('plan run --dry-run', () => {
  it.each([['--dry-run'], ['--dry-run=client']])(
    '%s shows what plan show does, and asks nobody',
    async (flag) => {
      const shown = await bench.run('plan', 'show', file, '-o', 'json');
      const dry = await bench.run('plan', 'run', file, flag, '-o', 'json');
      expect(dry).toEqual(shown);
      expect(requests()).toBe(0);
      expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
    },
  );

  it('--dry-run=server asks the systems too, changes nothing, and leaves no run', async () => {
    const shown = await bench.run('plan', 'show', file, '-o', 'json');
    const dry = await bench.run('plan', 'run', file, '--dry-run=server', '-o', 'json');
    expect(dry).toEqual(shown);
    expect(requests()).toBeGreaterThan(5);
    expect(bench.effects()).toMatchObject({ limitedSupports: 0, serviceLogs: 0, reports: 0, notes: 0 });
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });

  it('--dry-run=server is refused for what the systems say', async () => {
    bench.systems.pagerDuty.addIncident({ id: incidentId, status: 'resolved' });
    bench.systems.ocm.denied.add('ServiceLog');
    const { exitCode, stdout, stderr } = await bench.run('plan', 'run', file, '--dry-run=server');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`spec.incident: incident ${incidentId} is resolved`);
    expect(stderr).toContain('action 1 service_log: OCM: this account may not create');
  });

  it('takes credentials from stdin', async () => {
    const { PAGERDUTY_TOKEN, OCM_CLIENT_SECRET, ...env } = bench.env;
    expect([PAGERDUTY_TOKEN, OCM_CLIENT_SECRET]).toEqual([pagerDutyToken, ocmClientSecret]);
    const args = ['plan', 'run', file, '--dry-run=server'];
    const without = await runProgram(args, { env });
    expect([without.exitCode, without.stderr]).toEqual([2, expect.stringContaining('no PAGERDUTY_TOKEN')]);
    const input = `PAGERDUTY_TOKEN=${pagerDutyToken}\nOCM_CLIENT_SECRET=${ocmClientSecret}\n`;
    const { exitCode, stderr } = await runProgram([...args, '--token-stdin'], { env, input });
    expect(exitCode, stderr).toBe(0);
  });

  it('is refused for what a run would be refused for', async () => {
    const hash = await bench.run('plan', 'run', file, '--dry-run', '--expect-hash', 'f'.repeat(64));
    expect([hash.exitCode, hash.stdout]).toEqual([3, '']);
    delete bench.env['REMEDYCTL_PAGERDUTY_FROM'];
    const settings = await bench.run('plan', 'run', file, '--dry-run');
    expect([settings.exitCode, settings.stdout]).toEqual([2, '']);
    expect(settings.stderr).toContain('pagerduty.from');
  });

  it('of a command of one action does the same', async () => {
    const note = ['pd', 'note', '--incident-id', 'QGONE', '--content', 'text'];
    expect((await bench.run(...note, '--dry-run')).exitCode).toBe(0);
    expect(requests()).toBe(0);
    const { exitCode, stderr } = await bench.run(...note, '--dry-run=server');
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/spec\.incident: .*404/)]);
  });
});
