import type { ExplainedOutcome } from '../../explain/explanation.ts';
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
