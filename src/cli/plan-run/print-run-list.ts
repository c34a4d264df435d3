import type { RunSummary } from '../../plan-run/run-document.ts';
import { ageOf } from '../render/age.ts';
import { printDocument } from '../render/document.ts';
import type { Session } from '../session.ts';

/** Prints the list of runs. */
export async function printRunList(
  { output, render, runtime }: Session,
  items: readonly RunSummary[],
): Promise<void> {
  const nowMs = runtime.clock.now();
  await printDocument(
    output,
    {
      document: { apiVersion: 'remedyctl.dev/v1', kind: 'PlanRunSummaryList', items },
      rows: items,
      columns: [
        { header: 'RUN', cell: ({ run }) => run, key: true },
        { header: 'PLAN', cell: ({ plan }) => plan.name },
        { header: 'STATE', cell: ({ state }) => state, key: true },
        { header: 'AGE', cell: ({ startedAt }) => ageOf(startedAt, nowMs) },
        { header: 'MODE', cell: ({ mode }) => mode, wide: true },
        { header: 'STARTED', cell: ({ startedAt }) => startedAt, wide: true },
        { header: 'HASH', cell: ({ plan }) => plan.hash, wide: true },
      ],
      name: ({ run }) => `planrun/${run}`,
      lines: items,
    },
    render,
  );
}
