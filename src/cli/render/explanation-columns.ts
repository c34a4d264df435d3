import type { ChalkInstance } from 'chalk';
import type { ExplainedOutcome, Explanation } from '../../explain/explanation.ts';
import { sourceText } from './ingest-columns.ts';
import type { TableColumn } from './table.ts';
import { counted } from '../../text/count.ts';

export type ExplanationSummary = Record<ExplainedOutcome | 'total', number>;

export function emptyExplanationSummary(): ExplanationSummary {
  return { total: 0, wouldCreate: 0, wouldDuplicate: 0, wouldWait: 0, skipped: 0, rejected: 0, failed: 0 };
}

/** The counts of each outcome, in one line. */
export function explanationSummaryLine({ total, ...outcomes }: ExplanationSummary): string {
  const counts = Object.entries(outcomes).filter(([, count]) => count > 0);
  return `${counted(total, 'signal')}: ${counts.map(([outcome, count]) => `${count} ${outcome}`).join(', ')}`;
}

/** One line a signal, for the formats that have lines. */
export function explanationColumns(paint: ChalkInstance): TableColumn<Explanation>[] {
  return [
    { header: 'SOURCE', cell: ({ source }) => source && sourceText(source), cutLeft: true },
    { header: 'OUTCOME', cell: ({ outcome }) => outcome, paint: (text) => paint.bold(text), key: true },
    { header: 'STOPPED AT', cell: ({ stages }) => stages.find(({ outcome }) => outcome === 'stop')?.stage },
    { header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint },
  ];
}
