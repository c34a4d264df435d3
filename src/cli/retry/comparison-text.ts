import type { TableColumn } from '../render/table.ts';
import type { ComparisonItem, FoundPolicies } from '../../replay/comparison.ts';
import { shortTime } from './short-time.ts';
import { counted } from '../../text/count.ts';

export const comparisonColumns: TableColumn<ComparisonItem>[] = [
  { header: 'POLICY', cell: ({ policy }) => nameOf(policy), key: true },
  { header: 'OUTAGE', cell: ({ outageSeconds }) => shortTime(outageSeconds), key: true },
  { header: 'SURVIVES', cell: survivalText, key: true },
  { header: 'REQUESTS P50', cell: ({ requests }) => String(requests.p50) },
  { header: 'P99', cell: ({ requests }) => String(requests.p99), spare: 2 },
  { header: 'TOTAL P50', cell: ({ totalSeconds }) => shortTime(totalSeconds.p50) },
  { header: 'P99', cell: ({ totalSeconds }) => shortTime(totalSeconds.p99), spare: 1 },
];

function nameOf(policy: ComparisonItem['policy']): string {
  return String(policy['name'] ?? '');
}

function survivalText({ successShare, note }: ComparisonItem): string {
  const share = shareText(successShare);
  return note === undefined ? share : `${share}, not retried`;
}

/** Shares near the ends are not rounded to them: 99.96 % is not always. */
export function shareText(share: number): string {
  if (share === 0 || share === 1) return share === 1 ? 'yes' : 'no';
  return `${Math.min(99.9, Math.max(0.1, Math.round(share * 1_000) / 10))} %`;
}

/** Why more attempts would not help, once for each policy. */
export function noteLines(items: readonly ComparisonItem[]): string[] {
  const notes = items.flatMap(({ policy, note }) => (note === undefined ? [] : `${nameOf(policy)} ${note}`));
  return [...new Set(notes)];
}

export function foundLines(found: readonly FoundPolicies[]): string[] {
  const [unhelped] = found.filter(({ notRetried }) => notRetried.length > 0);
  const names = unhelped?.notRetried.map(({ policy }) => nameOf(policy)) ?? [];
  return [
    ...found.map(foundLine),
    ...(names.length === 0 ? [] : [`more attempts do not help ${names.join(', ')}`]),
  ];
}

function foundLine({ outageSeconds, policies }: FoundPolicies): string {
  const [smallest] = policies;
  const outage = `outage of ${shortTime(outageSeconds)}`;
  if (smallest === undefined) return `${outage}: none of them survives it, however often it tries`;
  const { policy, attempts, totalSeconds } = smallest;
  return `${outage}: ${nameOf(policy)} with ${counted(attempts, 'attempt')} survives it always, at the earliest after ${shortTime(totalSeconds)}`;
}
