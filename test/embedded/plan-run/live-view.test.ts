import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faults } from '../../support/remote-systems/fault.ts';
import { PlanBench, planText } from './plan-file.ts';
import { hasPseudoTerminal, startOnTerminal, type TerminalProgram } from './pseudo-terminal.ts';

describe.skipIf(!hasPseudoTerminal)('plan run on a terminal', () => {
  let bench: PlanBench;
  beforeEach(async () => {
    bench = await PlanBench.start();
  });
  afterEach(async () => {
    await bench.stop();
  });

  async function start(names: Parameters<typeof planText>[0], ...more: string[]): Promise<TerminalProgram> {
    const file = await bench.write('plan.yaml', planText(names));
    return startOnTerminal(['plan', 'run', file, '--yes', ...more], bench.env);
  }

  function shows(screen: TerminalProgram['screen'], text: string | RegExp): Promise<void> {
    return expect.poll(() => screen.lines.join('\n'), { timeout: 15_000, interval: 10 }).toMatch(text);
  }

  it('shows the actions while they run, leaves their states, and prints the table once', async () => {
    bench.systems.ocm.server.failOn('POST /api/service_logs', faults['503']);
    const { screen, ended } = await start(['limited_support', 'service_log']);
    await shows(
      screen,
      /1 service_log +again in \d s \(2\/4\) +Action required: network\n {4}OCM, POST .*503/,
    );
    expect(screen.isCursorShown).toBe(false);
    expect(await ended).toBe(0);
    expect(screen.isCursorShown).toBe(true);
    const run = /run (\S+) of plan/.exec(screen.lines[1] ?? '')?.[1] ?? '';
    expect(screen.lines[0]).toBe(`effects: OCM ${bench.systems.ocm.server.url}`);
    expect(screen.lines.slice(2)).toEqual([
      '✓ 0 limited_support succeeded              Cluster is in Limited Support',
      '✓ 1 service_log     succeeded              Action required: network',
      `run ${run}: succeeded`,
      'plan chgm, cluster 1a2b3c, incident Q2I4AV3ZURABC',
      expect.stringMatching(/^# +ACTION/),
      expect.stringMatching(/^0 +limited_support +succeeded/),
      expect.stringMatching(/^1 +service_log +succeeded +2 +201/),
    ]);
  });

  it('stops at Ctrl-C in the middle of a wait, and gives the cursor back', async () => {
    bench.systems.ocm.server.failOn('POST /api/service_logs', faults['503 with Retry-After'], 3);
    const { screen, ended, type } = await start(['limited_support', 'service_log']);
    await shows(screen, 'again in 3 s');
    type('\u0003');
    expect(await ended).toBe(130);
    expect(screen.isCursorShown).toBe(true);
    const text = screen.lines.join('\n');
    expect(text).not.toContain('^C');
    expect(text).toMatch(/- 1 service_log +not_run .*\nstopped; .*: remedyctl plan resume/);
    expect(text).toMatch(/\n1 service_log: OCM, POST .*503/);
  });

  const endings: { key: string; typed: string; exitCode: number; outcome: string }[] = [
    { key: 'y', typed: 'y\n', exitCode: 0, outcome: '✓ 0 escalate_incident succeeded' },
    { key: 'Ctrl-D', typed: '\u0004', exitCode: 4, outcome: '? 0 escalate_incident unknown' },
    { key: 'Ctrl-C', typed: '\u0003', exitCode: 130, outcome: '? 0 escalate_incident unknown' },
  ];
  for (const { key, typed, exitCode, outcome } of endings) {
    it(`asks about an escalation of unknown outcome, and takes ${key} for an answer`, async () => {
      bench.systems.pagerDuty.server.failOn('PUT', faults['reset after the effect'], 9);
      const { screen, ended, type } = await start(['escalate_incident']);
      await shows(screen, /^Was incident .* escalated to level 2\?/m);
      expect(screen.isCursorShown).toBe(true);
      type(typed);
      expect(await ended).toBe(exitCode);
      expect(screen.lines.join('\n')).toContain(outcome);
      expect(screen.lines.join('\n')).not.toContain('bug');
      expect(bench.systems.pagerDuty.escalations).toHaveLength(1);
    });
  }

  it('says nothing but the result with -q, and nothing twice with -o json', async () => {
    const quiet = await start(['limited_support'], '-q');
    expect(await quiet.ended).toBe(0);
    expect(quiet.screen.lines[0]).toMatch(/^run \S+: succeeded$/);
    const json = await start(['limited_support'], '--again', '-o', 'jsonpath={.state}');
    expect(await json.ended).toBe(0);
    expect(json.screen.lines.slice(2)).toEqual([
      '- 0 limited_support skipped_duplicate      Cluster is in Limited Support',
      'succeeded',
    ]);
  });

  it('warns of nothing where many actions run at once', async () => {
    const logs = Array.from(
      { length: 14 },
      (_, index) => `    - service_log: { severity: Info, summary: log ${index}, description: text }`,
    );
    const text = planText([], '{ concurrent: true }').replace('actions:\n', `actions:\n${logs.join('\n')}`);
    bench.systems.ocm.server.failOn('POST /api/service_logs', faults['503'], 14);
    const file = await bench.write('many.yaml', text);
    const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes', '-q');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(bench.effects()).toMatchObject({ serviceLogs: 14 });
  });
});
