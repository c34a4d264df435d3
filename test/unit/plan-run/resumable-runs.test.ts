import { expect, it } from 'vitest';
import type { RunSummary } from '../../../src/plan-run/run-document.ts';
import { resumableRuns } from '../../../src/plan-run/resumable-runs.ts';

const run = (id: string, hash: string, state: RunSummary['state']): RunSummary => ({
  run: id,
  plan: { name: 'egress-blocked', hash },
  mode: 'execute',
  state,
  startedAt: '2026-11-29T03:00:00.000Z',
});

it('lists interrupted runs, and none that a later run of the same plan has overtaken', () => {
  const newestFirst = [
    run('4', 'a', 'succeeded'),
    run('3', 'b', 'interrupted'),
    run('2', 'b', 'interrupted'),
    run('1', 'a', 'interrupted'),
    run('0', 'c', 'running'),
  ];
  expect(resumableRuns(newestFirst).map((one) => one.run)).toEqual(['3']);
});
