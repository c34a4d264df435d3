import type { ChalkInstance } from 'chalk';
import type { SignalState } from '../../dedup/signal-states.ts';
import { targetText, untilText } from './dedup-columns.ts';
import { sourceText } from './ingest-columns.ts';
import type { TableColumn } from './table.ts';
import { counted } from '../../text/count.ts';

const outcomes: Readonly<Record<SignalState['outcome'], string>> = {
  wouldCreate: 'would make a new request',
  wouldDuplicate: 'would be counted on a request that there is',
  skipped: 'would be skipped',
  rejected: 'would be rejected',
  failed: 'could not be looked up',
};

/** The answer for a file of signals, in one sentence. */
export function signalStatesSentence(items: readonly SignalState[]): string {
  const parts = Object.entries(outcomes).flatMap(([outcome, text]) => {
    const count = items.filter((item) => item.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return `Of ${counted(items.length, 'signal')} ${parts.join(', ') || 'none'}.`;
}

/** One line a signal. */
export function signalStateColumns({
  nowMs,
  paint,
}: {
  nowMs: number;
  paint: ChalkInstance;
}): TableColumn<SignalState>[] {
  const colours = {
    wouldCreate: paint.green,
    wouldDuplicate: paint.cyan,
    skipped: paint.gray,
    rejected: paint.yellow,
    failed: paint.red,
  };
  return [
    { header: 'SOURCE', cell: ({ source }) => sourceText(source), cutLeft: true },
    { header: 'SIGNAL', cell: ({ signalName }) => signalName, spare: 4 },
    { header: 'TARGET', cell: targetText, cutLeft: true, spare: 1 },
    {
      header: 'OUTCOME',
      key: true,
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => colours[outcome](text),
    },
    { header: 'STATE', cell: ({ state }) => state, spare: 2 },
    { header: 'REQUEST', cell: ({ decision }) => decision?.request?.name, key: true },
    { header: 'UNTIL', cell: ({ until }) => untilText(until, nowMs), spare: 3 },
    { header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint, wide: true },
    { header: 'OWNERS', cell: ({ ownerChain }) => ownerChain?.join(' < '), wide: true },
    {
      header: 'REASON',
      wraps: true,
      cell: ({ reason }) => (reason === undefined ? undefined : `${reason.code}: ${reason.message}`),
    },
  ];
}
