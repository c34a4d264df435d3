import { describe, expect, it } from 'vitest';
import { faults, type Fault } from '../../support/remote-systems/fault.ts';
import { everythingOnce, PlanBench, planText, silencing } from './plan-file.ts';
import { startProgram } from './started-program.ts';

/** Holds the nth request to any of the systems, and tells when it has come. */
function holdRequest(bench: PlanBench, nth: number, fault: Fault): { hasCome: () => boolean } {
  let count = 0;
  const rule = Object.assign(/./, {
    test: () => {
      count += 1;
      return count === nth;
    },
  });
  const { pagerDuty, ocm, backplane, sso } = bench.systems;
  for (const { server } of [pagerDuty, ocm, backplane, sso]) server.failOn(rule, fault);
  return { hasCome: () => count >= nth };
}

function requestCount({ systems: { pagerDuty, ocm, backplane, sso } }: PlanBench): number {
  return [pagerDuty, ocm, backplane, sso].reduce((sum, { server }) => sum + server.calls.length, 0);
}

async function killedAt(
  nth: number,
  fault: Fault,
  options: string,
): Promise<{ effects: unknown; exitCode: number; said: string }> {
  const bench = await PlanBench.start();
  try {
    const file = await bench.write('plan.yaml', planText(silencing, options));
    const held = holdRequest(bench, nth, fault);
    const first = startProgram(['plan', 'run', file, '--yes'], bench.env);
    await expect.poll(held.hasCome, { timeout: 20_000, interval: 5 }).toBe(true);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const { stdout: run } = await bench.run('plan', 'status', '-o', 'jsonpath={.items[*].run}');
    if (run.trim() === '') {
      // it was killed at a question that comes before the run: nothing has begun
      expect(bench.systems.pagerDuty.notes).toEqual([]);
      const { exitCode, stderr } = await bench.run('plan', 'run', file, '--yes');
      return { effects: bench.effects(), exitCode, said: stderr };
    }
    expect((await bench.run('plan', 'status', '-o', 'jsonpath={.items[*].state}')).stdout).toContain(
      'interrupted',
    );
    const { exitCode, stderr } = await bench.run('plan', 'resume', run.trim(), '--yes');
    return { effects: bench.effects(), exitCode, said: stderr };
  } finally {
    await bench.stop();
  }
}

describe('a run that is killed with SIGKILL at a request', () => {
  for (const concurrent of [false, true]) {
    const options = `{ concurrent: ${String(concurrent)} }`;
    for (const when of ['stall before the effect', 'stall after the effect'] as const) {
      it(`is resumed with every effect exactly once: concurrent ${String(concurrent)}, ${when}`, async () => {
        const whole = await PlanBench.start();
        const file = await whole.write('plan.yaml', planText(silencing, options));
        expect((await whole.run('plan', 'run', file, '--yes')).exitCode).toBe(0);
        const count = requestCount(whole);
        await whole.stop();
        expect(count).toBeGreaterThanOrEqual(10);
        for (let nth = 1; nth <= count; nth += 1) {
          const { effects, exitCode, said } = await killedAt(nth, faults[when], options);
          expect({ effects, exitCode }, `request ${nth}: ${said}`).toEqual({
            effects: everythingOnce,
            exitCode: 0,
          });
        }
      }, 120_000);
    }
  }
});

describe('a run that is stopped with Ctrl-C', () => {
  it('ends with 130, says how to go on, and goes on', async () => {
    const bench = await PlanBench.start();
    const file = await bench.write('plan.yaml', planText(silencing));
    bench.systems.pagerDuty.server.failOn('POST', faults['stall after the effect']);
    const first = startProgram(['plan', 'run', file, '--yes', '-o', 'json'], bench.env);
    await expect.poll(() => bench.systems.pagerDuty.notes.length, { timeout: 20_000 }).toBe(1);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(130);
    const [, id = ''] = /plan resume (\S+)/.exec(first.text()) ?? [];
    expect(first.text()).toContain('"state": "interrupted"');
    expect((await bench.run('plan', 'run', file, '--yes')).stderr).toContain(`plan resume ${id}`);
    expect((await bench.run('plan', 'resume', id, '--yes')).exitCode).toBe(0);
    expect(bench.effects()).toEqual(everythingOnce);
    await bench.stop();
  }, 30_000);
});
