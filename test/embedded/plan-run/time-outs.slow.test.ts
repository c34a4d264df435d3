import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProgramResult } from '../../support/built-program.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { faults } from '../../support/remote-systems/fault.ts';
import { incidentId, PlanBench, planText, silentPolicy } from './plan-file.ts';

const stalling = ['limited_support', 'pagerduty_note', 'pagerduty_title_update', 'silence_incident'] as const;
const everythingOnce = {
  limitedSupports: 1,
  serviceLogs: 0,
  reports: 0,
  notes: 1,
  title: '[LS] ClusterHasGoneMissing',
  policy: silentPolicy,
  escalations: 0,
};
const clock = new RealClock();

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
  // What the flag under test does not end goes on for longer than a test may last: how long it took says nothing more.
  bench.env['REMEDYCTL_REMOTE_TIMEOUT'] = '1h';
});
afterEach(async () => {
  await bench.stop();
});

/** A run with JSON, and how long it took, in milliseconds. */
async function timed(...args: string[]): Promise<ProgramResult & { tookMs: number }> {
  const fromMs = clock.monotonicMs();
  const result = await bench.run(...args, '--yes', '-o', 'json');
  return { ...result, tookMs: clock.monotonicMs() - fromMs };
}

interface Run {
  run: string;
  state: string;
  actions: { type: string; outcome: string; attempts: number }[];
}

describe('plan run --timeout', () => {
  it.each([
    ['before', false],
    ['after', false],
    ['before', true],
    ['after', true],
  ] as const)(
    'gives up what stalls %s its effect and can be resumed, each effect once: concurrent %s',
    async (when, concurrent) => {
      const file = await bench.write(
        'plan.yaml',
        planText(stalling, `{ concurrent: ${String(concurrent)} }`),
      );
      bench.systems.pagerDuty.server.failOn('POST', faults[`stall ${when} the effect`]);
      const first = await timed('plan', 'run', file, '--timeout', '4s');
      expect(first.exitCode).toBe(4);
      expect(first.tookMs).toBeGreaterThan(4_000);
      expect(first.stderr).toMatch(
        /the run was not over after 4 s; to do what is missing: remedyctl plan resume \S+/,
      );
      const { run, state, actions } = JSON.parse(first.stdout) as Run;
      expect(state).toBe('interrupted');
      expect(actions.map(({ type, outcome }) => `${type}: ${outcome}`)).toEqual([
        'limited_support: succeeded',
        'pagerduty_note: unknown',
        'pagerduty_title_update: not_run',
        'silence_incident: not_run',
      ]);
      const second = await timed('plan', 'resume', run);
      expect(second.exitCode).toBe(0);
      expect((JSON.parse(second.stdout) as Run).state).toBe('succeeded');
      expect(bench.effects()).toEqual(everythingOnce);
    },
  );

  it('ends a wait for the next attempt', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const limited = { kind: 'status', status: 429, headers: { 'ratelimit-reset': '300' } } as const;
    bench.systems.pagerDuty.server.failOn('POST', limited);
    const { exitCode, stdout } = await timed('plan', 'run', file, '--timeout', '5s');
    expect(exitCode).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'interrupted', actions: [{ outcome: 'not_run' }] });
  });

  it('ends a wait for the reset of a rate limit, before which nothing is sent', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_title_update']));
    const { server } = bench.systems.pagerDuty;
    server.failOn('GET', {
      kind: 'status',
      status: 200,
      headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '300' },
      body: { incident: { id: incidentId, title: 'ClusterHasGoneMissing', status: 'triggered' } },
    });
    const first = await timed('plan', 'run', file, '--timeout', '5s');
    expect(first.exitCode).toBe(4);
    expect(first.stderr).toMatch(/^0: the rate limit of PagerDuty is used up; next attempt in 30\d/m);
    const { run, actions } = JSON.parse(first.stdout) as Run;
    expect(actions.map(({ outcome }) => outcome)).toEqual(['not_run']);
    expect(server.calls.map(({ method }) => method)).toEqual(['GET']);
    expect((await timed('plan', 'resume', run)).exitCode).toBe(0);
    expect(bench.effects()).toMatchObject({ title: '[LS] ClusterHasGoneMissing' });
  });

  it('is refused before anything happens where it is no duration', async () => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--timeout', 'soon', '--yes');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('--timeout must be a duration such as 500ms or 1m30s, not "soon"'),
    ]);
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
  });
});

describe('the time-out of a call', () => {
  const systems = [
    ['service_log', 'POST /api/service_logs', () => bench.systems.ocm.server],
    ['limited_support', 'POST /api/clusters_mgmt', () => bench.systems.ocm.server],
    ['backplane_report', 'POST /backplane', () => bench.systems.backplane.server],
    ['pagerduty_note', 'POST /incidents', () => bench.systems.pagerDuty.server],
    ['pagerduty_title_update', 'PUT /incidents', () => bench.systems.pagerDuty.server],
  ] as const;
  for (const [type, match, server] of systems) {
    for (const name of ['stall before the effect', 'stall after the effect', 'stalled body'] as const) {
      it(`ends ${type} at a ${name}, which is looked up: done once`, async () => {
        const file = await bench.write('plan.yaml', planText([type]));
        server().failOn(match, faults[name]);
        const { exitCode, stdout, stderr } = await timed('plan', 'run', file, '--call-timeout', '2s');
        expect(exitCode, stderr).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ actions: [{ outcome: 'succeeded', attempts: 2 }] });
        const { title, policy, ...counts } = bench.effects();
        const happened = Object.values(counts).filter((count) => count !== 0);
        if (type === 'pagerduty_title_update') expect(title).toBe('[LS] ClusterHasGoneMissing');
        else expect(happened).toEqual([1]);
        const writes = server().calls.filter(({ method, path }) => `${method} ${path}`.startsWith(match));
        expect(writes).toHaveLength(name === 'stall before the effect' ? 2 : 1);
        expect(policy).not.toBe(silentPolicy);
      });
    }
  }

  it('comes from the flag, else from the environment, also for commands of one action', async () => {
    const note = ['pd', 'note', '--incident-id', 'Q2I4AV3ZURABC', '--content', 'text'];
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    expect(await timed(...note, '--call-timeout', '1s')).toMatchObject({ exitCode: 0 });
    bench.env['REMEDYCTL_REMOTE_TIMEOUT'] = '1s';
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    expect(await timed(...note, '--again')).toMatchObject({ exitCode: 0 });
    expect(bench.systems.pagerDuty.notes).toHaveLength(2);
  });

  it.each(['soon', '99ms', '2h'])('is refused where it is %s', async (value) => {
    const file = await bench.write('plan.yaml', planText(['pagerduty_note']));
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes', '--call-timeout', value);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--call-timeout');
    expect(bench.systems.pagerDuty.server.calls).toHaveLength(0);
  });
});
