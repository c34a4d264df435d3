import { RemedyError } from '../errors/remedy-error.ts';
import { reportMetrics } from './report-metrics.ts';
import type { PlanRun } from './run-document.ts';
import type { RunOptions } from './run-options.ts';
import type { WorkedRun } from './work-on-run.ts';

/** Shows what became of runs, then reports their counters; what cannot be shown or written changes no outcome. */
export async function endRuns(worked: readonly WorkedRun[], options: RunOptions): Promise<PlanRun[]> {
  const documents = worked.map(({ document }) => document);
  const series = worked.flatMap((run) => run.series);
  try {
    await options.show?.(documents);
  } finally {
    await reportMetrics(series, options).catch((thrown: unknown) => {
      if (!(thrown instanceof RemedyError) || thrown.code !== 'OUTPUT_FAILED') throw thrown;
      options.onUnreported?.(thrown);
    });
  }
  return documents;
}
