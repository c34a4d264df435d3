import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRun } from '../../../src/plan/run/run-document.ts';
import { clusterId, incidentId, PlanBench, silentPolicy } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.systems.stop();
});

const before = {
  limitedSupports: 0,
  serviceLogs: 0,
  reports: 0,
  notes: 0,
  title: 'ClusterHasGoneMissing',
  policy: 'PLOUD01',
  escalations: 0,
};

const incident = ['--incident-id', incidentId];
const cluster = ['--cluster-id', clusterId];
const commands: { args: string[]; changes: Partial<typeof before> }[] = [
  { args: ['pd', 'note', ...incident, '--content', 'Looked at it.'], changes: { notes: 1 } },
  {
    args: ['pd', 'title', ...incident, '--prefix', '[LS]'],
    changes: { title: '[LS] ClusterHasGoneMissing' },
  },
  { args: ['pd', 'silence', ...incident, '--reason', 'done'], changes: { policy: silentPolicy } },
  { args: ['pd', 'escalate', ...incident, '--reason', 'look'], changes: { escalations: 1 } },
  {
    args: ['ocm', 'service-log', ...cluster, '--external-id', '6e7f4c10-0000-4000-8000-000000000001'].concat([
      '--severity',
      'Major',
      '--summary',
      'S',
      '--description',
      'D',
      '--internal-only',
    ]),
    changes: { serviceLogs: 1 },
  },
  {
    args: ['ocm', 'limited-support', ...cluster, '--summary', 'S', '--details', 'D'].concat([
      '--metric-context',
      'EgressBlocked',
    ]),
    changes: { limitedSupports: 1 },
  },
  { args: ['backplane', 'report', ...cluster, '--summary', 'S', '--data', 'D'], changes: { reports: 1 } },
];

describe('a command of one action', () => {
  it.each(commands)(
    '$args.0 $args.1 is a plan of one: previewed, run once, in the journal',
    async ({ args, changes }) => {
      const shown = await bench.run(...args, '--dry-run', '-o', 'json');
      expect(JSON.parse(shown.stdout)).toMatchObject({ kind: 'PlanPreview', actions: [{ index: 0 }] });
      expect(bench.effects()).toEqual(before);

      const done = await bench.run(...args, '--yes', '-o', 'json');
      expect(done.exitCode, done.stderr).toBe(0);
      const run = JSON.parse(done.stdout) as PlanRun;
      expect(run.actions.map(({ outcome }) => outcome)).toEqual(['succeeded']);
      expect(bench.effects()).toEqual({ ...before, ...changes });

      expect((await bench.run(...args, '--yes')).exitCode).toBe(6);
      expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe(`planrun/${run.run}\n`);
      expect(bench.effects()).toEqual({ ...before, ...changes });
    },
  );

  it('refuses what a plan file would be refused for', async () => {
    const blank = await bench.run('pd', 'note', ...incident, '--content', '\u00a0', '--yes');
    expect(blank.exitCode).toBe(2);
    const both = await bench.run('pd', 'note', ...incident, '--content', 'a', '--content-file', 'b', '--yes');
    expect(both.exitCode).toBe(2);
    expect(bench.effects()).toEqual(before);
  });
});
