import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { KubeList } from '../../../src/api/objects.ts';
import { runProgram } from '../../support/built-program.ts';
import { startOnClosableTerminal } from '../../support/hung-up-terminal.ts';
import { faults } from '../../support/remote-systems/fault.ts';
import { everythingOnce, PlanBench, planText, silencing } from '../plan-run/plan-file.ts';
import { hasPseudoTerminal } from '../plan-run/pseudo-terminal.ts';

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-hang-up-'));
const env = { HOME: home };
const target = ['--target', 'embedded', '--store', path.join(home, 'store')];
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const shellStatus = { HUP: 129, TERM: 143, INT: 130 } as const;

async function leases(): Promise<string[]> {
  const { stdout } = await runProgram(['store', 'export', ...target.slice(2)], { env });
  const { items } = JSON.parse(stdout) as KubeList;
  return items.filter(({ kind }) => kind === 'Lease').map(({ metadata }) => metadata.name);
}

describe.skipIf(!hasPseudoTerminal)('a terminal that is closed', () => {
  const commands: { name: string; args: string[]; ready: RegExp | undefined; declined?: number }[] = [
    { name: 'a watch', args: ['request', 'watch'], ready: undefined },
    { name: 'a live view', args: ['lease', 'watch'], ready: /\[\?1049h/ },
    { name: 'a question', args: ['store', 'reset'], ready: /\[y\/N\]/, declined: 6 },
    { name: 'progress, reading the terminal', args: ['signal', 'ingest', '-'], ready: /reading/ },
  ];
  describe.each(commands)('under $name', ({ args, ready, declined }) => {
    it.each(['HUP', 'TERM', 'INT'] as const)(
      'ends it in order: SIG%s',
      async (signal) => {
        const terminal = startOnClosableTerminal([...args, ...target], env, signal);
        if (ready === undefined) await new Promise((resolve) => setTimeout(resolve, 2_000));
        else await expect.poll(terminal.text, { timeout: 20_000 }).toMatch(ready);
        const status = await terminal.close();
        // the end of the terminal may be read before the signal that says the same: a question is declined then
        expect([shellStatus[signal], shellStatus.HUP, declined]).toContain(status);
        expect(terminal.text()).not.toMatch(/bug|uncaught/i);
      },
      60_000,
    );
  });

  it('is no crash for a program that nobody told, and that writes there to its end', async () => {
    const terminal = startOnClosableTerminal(['retry', 'compare', '--runs', '2000'], env, 'none');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await terminal.close()).toBe(129);
  }, 60_000);

  it('reaches the command of lease run, and the lock is released', async () => {
    const command = `trap 'echo had it; exit 7' HUP; echo running; while :; do sleep 0.1; done`;
    const terminal = startOnClosableTerminal(
      ['lease', 'run', '--raw-key', 'x', ...target, '--', 'sh', '-c', command],
      env,
    );
    await expect.poll(terminal.text, { timeout: 20_000 }).toContain('running');
    expect(await leases()).toHaveLength(1);
    expect([7, 129]).toContain(await terminal.close());
    expect(await leases()).toEqual([]);
  }, 60_000);

  it('leaves the journal of plan run in order, and the run is resumed with every effect once', async () => {
    const bench = await PlanBench.start();
    const file = await bench.write('plan.yaml', planText(silencing));
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    const terminal = startOnClosableTerminal(['plan', 'run', file, '--yes'], bench.env);
    await expect.poll(() => bench.systems.pagerDuty.notes.length, { timeout: 20_000 }).toBe(1);
    expect(await terminal.close()).toBe(129);
    const { stdout } = await bench.run('plan', 'status', '-o', 'json');
    const { items } = JSON.parse(stdout) as { items: { run: string; state: string }[] };
    expect(items.map(({ state }) => state)).toEqual(['interrupted']);
    const resumed = await bench.run('plan', 'resume', items[0]?.run ?? '', '--yes');
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    expect(bench.effects()).toEqual(everythingOnce);
    await bench.stop();
  }, 60_000);
});
