import type { RunSummary } from './run-document.ts';

/** The interrupted ones that no later run of the same plan has overtaken; `runs`: the newest first. */
export function resumableRuns(runs: readonly RunSummary[]): RunSummary[] {
  const newest = new Map<string, RunSummary>();
  for (const run of runs) if (!newest.has(run.plan.hash)) newest.set(run.plan.hash, run);
  return [...newest.values()].filter(({ state }) => state === 'interrupted');
}
