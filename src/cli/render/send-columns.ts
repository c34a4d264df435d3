import type { ChalkInstance } from 'chalk';
import { sendOutcomes, type SendItem, type SendOutcome, type SendSummary } from '../../send/send-item.ts';
import { counted } from '../../text/count.ts';
import { signalColumns } from './ingest-columns.ts';
import type { TableColumn } from './table.ts';

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray';

const colours: Readonly<Record<SendOutcome, Colour>> = {
  created: 'green',
  duplicate: 'cyan',
  wouldSend: 'green',
  skipped: 'gray',
  rejected: 'yellow',
  dropped: 'yellow',
  failed: 'red',
  unknown: 'red',
  notRun: 'gray',
};

/** Why an item ended as it did, and what our own walk says otherwise. */
function explanation({ reason, error, deduplication, differences = [] }: SendItem): string | undefined {
  const parts = [
    ...(reason === undefined ? [] : [`${reason.code}: ${reason.message}`]),
    ...(reason !== undefined || error === undefined ? [] : [`${error.code}: ${error.message}`]),
    ...(deduplication?.persisted === false
      ? ['STATUS_NOT_PERSISTED: the count that the gateway told of is not in the request']
      : []),
    ...differences,
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** One line a signal; with a comparison a column for our own walk. */
export function sendColumns(
  paint: ChalkInstance,
  { compare }: { compare: boolean },
): TableColumn<SendItem>[] {
  return [
    ...signalColumns,
    {
      header: 'OUTCOME',
      key: true,
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => paint[colours[outcome]](text),
    },
    ...(compare ? [{ header: 'OURS', cell: ({ ours }: SendItem) => ours?.outcome }] : []),
    { header: 'HTTP', cell: ({ gateway }) => gateway?.status.toString(), wide: true },
    { header: 'REQUEST', cell: ({ request }) => request?.name, key: true },
    { header: 'COUNT', spare: 3, cell: ({ deduplication }) => deduplication?.occurrenceCount?.toString() },
    { header: 'FINGERPRINT', cell: ({ signal }) => signal?.fingerprint, wide: true },
    { header: 'OWNERS', cell: ({ ownerChain }) => ownerChain?.join(' < '), wide: true },
    { header: 'REASON', cell: explanation, wraps: true },
  ];
}

/** The line under the table: what there was of each outcome. */
export function sendSummaryLine(summary: SendSummary): string {
  const parts = sendOutcomes
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => `${summary[outcome]} ${outcome}`);
  const signals = counted(summary.total, 'signal');
  const { differs } = summary;
  const compared = differs === undefined ? '' : `; ${differs} other than ours`;
  return `${signals}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}${compared}`;
}
