import { expect, it } from 'vitest';
import { rateLimitedWithReset } from '../../support/remote-systems/fault.ts';
import { PlanBench, planText } from './plan-file.ts';

const count = 100;

it(`runs ${count} plans at once with one token: limits are respected, nothing is lost or doubled`, async () => {
  const bench = await PlanBench.start();
  const { pagerDuty, ocm } = bench.systems;
  const limited = { ...rateLimitedWithReset, headers: { 'ratelimit-reset': '2' } };
  pagerDuty.server.failOn('POST', limited, 20);
  ocm.server.failOn('POST', limited, 20);
  const text = planText(['service_log', 'pagerduty_note']);
  const files = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      bench.write(`plan-${index}.yaml`, text.replace('Action required', `Action ${index} required`)),
    ),
  );
  const results = await Promise.all(files.map((file) => bench.run('plan', 'run', file, '--yes', '-q')));
  const failed = results.filter(({ exitCode }) => exitCode !== 0);
  expect(failed.map(({ stdout, stderr }) => stdout + stderr)).toEqual([]);
  expect(new Set(ocm.serviceLogs.map(({ summary }) => summary)).size).toBe(count);
  expect(ocm.serviceLogs).toHaveLength(count);
  expect(pagerDuty.notes).toHaveLength(count);
  const { stdout } = await bench.run('plan', 'status', '-o', 'json');
  const { items } = JSON.parse(stdout) as { items: { state: string }[] };
  expect(items.filter(({ state }) => state === 'succeeded')).toHaveLength(count);
  await bench.systems.stop();
}, 180_000);
