import type { ChalkInstance } from 'chalk';
import type { NormalizedItem, NormalizedSignal, SignalAbout, SignalItem } from '../../signal/signal.ts';
import { signalName, signalTarget, sourceText, wrapperColumn } from './ingest-columns.ts';
import type { TableColumn } from './table.ts';

function normalized(item: SignalItem): NormalizedItem | undefined {
  return item.outcome === 'normalized' ? item : undefined;
}

function named(item: SignalItem): { signal?: NormalizedSignal; about?: SignalAbout | undefined } {
  return item.outcome === 'normalized' ? { signal: item.signal } : { about: item.about };
}

/** One line an item, as `signal normalize` shows it. */
export function normalizeColumns(paint: ChalkInstance): TableColumn<SignalItem>[] {
  const colours = { normalized: paint.green, skipped: paint.gray, rejected: paint.yellow, failed: paint.red };
  return [
    { header: 'SOURCE', cell: ({ source }) => sourceText(source), cutLeft: true },
    wrapperColumn,
    { header: 'SIGNAL', cell: (item) => signalName(named(item)) },
    { header: 'SEVERITY', cell: (item) => normalized(item)?.signal.severity, spare: 3 },
    { header: 'TARGET', cell: (item) => signalTarget(named(item)), cutLeft: true },
    {
      header: 'OUTCOME',
      key: true,
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => colours[outcome](text),
    },
    { header: 'FINGERPRINT', cell: (item) => normalized(item)?.signal.fingerprint.slice(0, 12), spare: 2 },
    { header: 'OWNERS', cell: (item) => normalized(item)?.ownerChain.join(' < '), wide: true },
    {
      header: 'REASON',
      wraps: true,
      cell: (item) =>
        item.outcome === 'normalized' ? undefined : `${item.reason.code}: ${item.reason.message}`,
    },
  ];
}
