import type { ChalkInstance } from 'chalk';
import type { NormalizedItem, SignalItem } from '../../signal/signal.ts';
import { signalTarget, sourceText } from './ingest-columns.ts';
import type { TableColumn } from './table.ts';

function normalized(item: SignalItem): NormalizedItem | undefined {
  return item.outcome === 'normalized' ? item : undefined;
}

/** One line an item, as `signal normalize` shows it. */
export function normalizeColumns(paint: ChalkInstance): TableColumn<SignalItem>[] {
  const colours = { normalized: paint.green, skipped: paint.gray, rejected: paint.yellow, failed: paint.red };
  return [
    { header: 'SOURCE', cell: ({ source }) => sourceText(source) },
    { header: 'SIGNAL', cell: (item) => normalized(item)?.signal.signalName },
    { header: 'SEVERITY', cell: (item) => normalized(item)?.signal.severity, spare: true },
    { header: 'TARGET', cell: (item) => signalTarget(normalized(item)?.signal) },
    {
      header: 'OUTCOME',
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => colours[outcome](text),
    },
    { header: 'FINGERPRINT', cell: (item) => normalized(item)?.signal.fingerprint.slice(0, 12), spare: true },
    { header: 'OWNERS', cell: (item) => normalized(item)?.ownerChain.join(' < '), wide: true },
    {
      header: 'REASON',
      cell: (item) =>
        item.outcome === 'normalized' ? undefined : `${item.reason.code}: ${item.reason.message}`,
    },
  ];
}
