import { emptyCaseSummary, type CaseResult, type CaseSummary } from '../../signal-test/case-result.ts';
import { printBatch } from '../render/print-batch.ts';
import type { Session } from '../session.ts';
import { caseSummaryLine, caseText } from './case-text.ts';

/** Prints results as they come, and counts them. */
export async function printCases(
  session: Session,
  results: AsyncIterable<CaseResult>,
  { each, works }: { each: (result: CaseResult) => void; works: boolean },
): Promise<CaseSummary> {
  const { output, paint, render } = session;
  const summary = emptyCaseSummary();
  const count = (result: CaseResult): void => {
    summary.total += 1;
    summary[result.outcome] += 1;
    each(result);
  };
  const { kind } = render.format;
  if (kind === 'table' || kind === 'wide') {
    const maxWidth = kind === 'wide' ? undefined : render.table.maxWidth;
    for await (const result of results) {
      count(result);
      await output.write(caseText(result, { paint, maxWidth }));
      if (output.closed && !works) break;
    }
    await output.write(`${caseSummaryLine(summary)}\n`);
    return summary;
  }
  await printBatch(session, results, {
    head: { apiVersion: 'remedyctl.dev/v1', kind: 'SignalTestResult' },
    columns: [],
    name: ({ name }) => `case/${name.replaceAll(/\s+/g, ' ')}`,
    summary: () => summary,
    summaryLine: caseSummaryLine,
    each: count,
    works,
    noun: 'case',
  });
  return summary;
}
