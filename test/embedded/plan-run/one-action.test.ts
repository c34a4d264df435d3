import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlanRun } from '../../../src/plan-run/run-document.ts';
import { runProgram } from '../../support/built-program.ts';
import { clusterId, incidentId, PlanBench, silentPolicy } from './plan-file.ts';

let bench: PlanBench;
beforeEach(async () => {
  bench = await PlanBench.start();
});
afterEach(async () => {
  await bench.stop();
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
const externalId = '6e7f4c10-0000-4000-8000-000000000001';
const commands: { args: string[]; changes: Partial<typeof before> }[] = [
  { args: ['pd', 'note', ...incident, '--content', 'Looked at it.'], changes: { notes: 1 } },
  {
    args: ['pd', 'title', ...incident, '--prefix', '[LS]'],
    changes: { title: '[LS] ClusterHasGoneMissing' },
  },
  { args: ['pd', 'silence', ...incident, '--reason', 'done'], changes: { policy: silentPolicy } },
  { args: ['pd', 'escalate', ...incident, '--reason', 'look'], changes: { escalations: 1 } },
  {
    args: ['ocm', 'service-log', ...cluster, '--external-id', externalId].concat([
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

  const serviceLog = ['ocm', 'service-log', ...cluster, '--external-id', externalId].concat([
    '--severity',
    'Major',
    '--summary',
    'S',
  ]);
  const limitedSupport = ['ocm', 'limited-support', ...cluster, '--summary', 'S', '--metric-context', 'C'];
  const report = ['backplane', 'report', ...cluster, '--summary', 'S'];
  it.each([
    [['pd', 'note', ...incident, '--content-file'], () => bench.systems.pagerDuty.notes[0]?.content],
    [[...serviceLog, '--description-file'], () => bench.systems.ocm.serviceLogs[0]?.['description']],
    [[...limitedSupport, '--details-file'], () => bench.systems.ocm.reasons[0]?.reason['details']],
    [
      [...report, '--data-file'],
      () => Buffer.from(bench.systems.backplane.reports[0]?.data ?? '', 'base64').toString('utf8'),
    ],
  ] as const)('%j takes a text from a file or from stdin, to the byte', async (args, sent) => {
    const text = 'first\n  second ü\n';
    const file = await bench.write('text.txt', text);
    expect((await bench.run(...args, file, '--yes')).exitCode).toBe(0);
    expect(sent()).toBe(text);
    // the same plan, so the same hash
    const again = await runProgram([...args, '-', '--yes'], { env: bench.env, input: text });
    expect([again.exitCode, again.stderr]).toEqual([6, expect.stringContaining('PLAN_FINISHED')]);
    const both = await bench.run(...args, '-', '--yes', '--token-stdin');
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining('both read stdin')]);
  });

  it('says several missing flags in one sentence', async () => {
    const { stderr } = await bench.run('pd', 'title');
    expect(stderr).toContain('error: missing required flag incident-id; missing required flag prefix\n');
  });

  it.each([
    [['pd', 'note'], ['incident-id']],
    [
      ['pd', 'note', ...incident],
      ['--content', '--content-file'],
    ],
    [
      ['pd', 'title'],
      ['incident-id', 'prefix'],
    ],
    [['pd', 'silence'], ['incident-id']],
    [['pd', 'escalate'], ['incident-id']],
    [
      ['ocm', 'service-log'],
      ['cluster-id', 'severity', 'summary'],
    ],
    [
      ['ocm', 'limited-support'],
      ['cluster-id', 'summary', 'metric-context'],
    ],
    [limitedSupport, ['--details', '--details-file']],
    [
      ['backplane', 'report'],
      ['cluster-id', 'summary'],
    ],
    [report, ['--data', '--data-file']],
  ])('%j names what is missing', async (args, flags) => {
    const { exitCode, stderr } = await bench.run(...args, '--yes');
    expect(exitCode).toBe(2);
    expect(flags.filter((flag) => !stderr.includes(flag))).toEqual([]);
  });

  it.each([
    ['pd', 'note', '--content', 'x', '--incident-id', ''],
    ['pd', 'escalate', '--incident-id', '..'],
    ['pd', 'silence', ...incident, '--silent-policy', ' '],
    ['backplane', 'report', '--summary', 'S', '--data', 'D', '--cluster-id', '.'],
    [
      'ocm',
      'limited-support',
      '--summary',
      'S',
      '--metric-context',
      'C',
      '--details',
      'D',
      '--cluster-id',
      '',
    ],
    [...limitedSupport, '--details', 'D', '--alert-type', ' '],
    [...serviceLog, '--product', ' '],
  ])('refuses %j %j before there is a run, and names the flag', async (...args) => {
    const { exitCode, stderr } = await bench.run(...args, '--yes');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('INVALID_FIELD')]);
    expect(stderr).toContain(`error: ${args.at(-2)}: `);
    expect((await bench.run('plan', 'status', '-o', 'name')).stdout).toBe('');
    expect(bench.effects()).toEqual(before);
  });
});
