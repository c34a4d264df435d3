import type { RunSummary } from '../../plan-run/run-document.ts';
import { ageOf } from '../../time/age.ts';
import { sayNext } from '../next-step.ts';
import { printDocument } from '../render/document.ts';
import type { TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';

/** The newest of the interrupted runs have the command that goes on with them below the table. */
const mostNamed = 3;

/** Prints the list of runs. */
export async function printRunList(session: Session, items: readonly RunSummary[]): Promise<void> {
  const { output, render, runtime } = session;
  await printDocument(
    output,
    {
      document: { apiVersion: 'remedyctl.dev/v1', kind: 'PlanRunSummaryList', items },
      rows: items,
      columns: runListColumns(runtime.clock.now()),
      name: ({ run }) => `planrun/${run}`,
      lines: items,
    },
    render,
  );
  const interrupted = items.filter(({ state }) => state === 'interrupted');
  for (const { run, plan } of interrupted.slice(0, mostNamed)) {
    sayNext(session, `to go on with ${plan.name}`, ['plan', 'resume', run]);
  }
}

/** One line a run; times relative to now. */
export function runListColumns(nowMs: number): TableColumn<RunSummary>[] {
  return [
    { header: 'RUN', cell: ({ run }) => run, key: true },
    { header: 'PLAN', cell: ({ plan }) => plan.name },
    { header: 'STATE', cell: ({ state }) => state, key: true },
    { header: 'AGE', cell: ({ startedAt }) => ageOf(startedAt, nowMs) },
    { header: 'MODE', cell: ({ mode }) => mode, wide: true },
    { header: 'STARTED', cell: ({ startedAt }) => startedAt, wide: true },
    { header: 'HASH', cell: ({ plan }) => plan.hash, wide: true },
  ];
}
