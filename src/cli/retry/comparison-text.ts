import type { TableColumn } from '../render/table.ts';
import type { ComparisonItem, FoundPolicies } from '../../replay/comparison.ts';
import { shortTime } from './schedule-view.ts';
import { counted } from '../../text/count.ts';

export const comparisonColumns: TableColumn<ComparisonItem>[] = [
  { header: 'POLICY', cell: ({ policy }) => String(policy['name'] ?? '') },
  { header: 'OUTAGE', cell: ({ outageSeconds }) => shortTime(outageSeconds) },
  { header: 'SURVIVES', cell: ({ successShare }) => shareText(successShare) },
  { header: 'REQUESTS P50', cell: ({ requests }) => String(requests.p50) },
  { header: 'P99', cell: ({ requests }) => String(requests.p99) },
  { header: 'TOTAL P50', cell: ({ totalSeconds }) => shortTime(totalSeconds.p50) },
  { header: 'P99', cell: ({ totalSeconds }) => shortTime(totalSeconds.p99) },
];

/** Shares near the ends are not rounded to them: 99.96 % is not always. */
function shareText(share: number): string {
  if (share === 0 || share === 1) return share === 1 ? 'yes' : 'no';
  return `${Math.min(99.9, Math.max(0.1, Math.round(share * 1_000) / 10))} %`;
}

export function foundLines(found: readonly FoundPolicies[]): string[] {
  return found.map(({ outageSeconds, policies }) => {
    const [smallest] = policies;
    const outage = `outage of ${shortTime(outageSeconds)}`;
    if (smallest === undefined) return `${outage}: none of them survives it, however often it tries`;
    const { policy, attempts, totalSeconds } = smallest;
    return `${outage}: ${String(policy['name'] ?? '')} with ${counted(attempts, 'attempt')} survives it always, at the earliest after ${shortTime(totalSeconds)}`;
  });
}
