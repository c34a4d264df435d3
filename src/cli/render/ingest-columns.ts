import type { ChalkInstance } from 'chalk';
import type { IngestItem, IngestOutcome, IngestSummary } from '../../ingest/ingest-item.ts';
import type { NormalizedSignal, SignalSource } from '../../signal/signal.ts';
import type { TableColumn } from './table.ts';

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray';

const colours: Readonly<Record<IngestOutcome, Colour>> = {
  created: 'green',
  duplicate: 'cyan',
  wouldCreate: 'green',
  wouldDuplicate: 'cyan',
  skipped: 'gray',
  rejected: 'yellow',
  failed: 'red',
  notRun: 'gray',
};

/** `file:document:index`, counted as in JSON. */
export function sourceText({ file, document, index }: SignalSource): string {
  return `${file}:${document}:${index}`;
}

/** `cluster/namespace/Kind/name`, without what is absent. */
export function signalTarget(signal: NormalizedSignal | undefined): string | undefined {
  if (signal === undefined) return undefined;
  const { clusterID, namespace, resource } = signal;
  return [clusterID, namespace, resource.kind, resource.name]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
}

/** The signal without its maps, which are as large as the alert and in no column. */
export function withoutMaps(signal: NormalizedSignal): NormalizedSignal {
  const shown = { ...signal };
  delete shown.labels;
  delete shown.annotations;
  return shown;
}

/** Why an item ended as it did: the reason of a refusal, the error, or what decided. */
function explanation(item: IngestItem): string | undefined {
  if (item.reason !== undefined) return `${item.reason.code}: ${item.reason.message}`;
  if (item.error !== undefined) return `${item.error.code}: ${item.error.message}`;
  if (item.deduplication?.persisted === false) return 'STATUS_NOT_PERSISTED: the count could not be written';
  const decision = item.decision;
  if (decision === undefined || decision.reason === 'none') return undefined;
  const until = decision.until === undefined ? '' : ` until ${decision.until}`;
  return `${decision.reason}${decision.phase ? ` (${decision.phase})` : ''}${until}`;
}

/** One line a signal. */
export function ingestColumns(paint: ChalkInstance): TableColumn<IngestItem>[] {
  return [
    { header: 'SOURCE', cell: ({ source }) => sourceText(source) },
    { header: 'SIGNAL', cell: ({ signal }) => signal?.signalName, spare: true },
    { header: 'TARGET', cell: ({ signal }) => signalTarget(signal) },
    {
      header: 'OUTCOME',
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => paint[colours[outcome]](text),
    },
    { header: 'REQUEST', cell: ({ request, decision }) => request?.name ?? decision?.request?.name },
    {
      header: 'COUNT',
      spare: true,
      cell: ({ deduplication }) =>
        deduplication === undefined ? undefined : String(deduplication.occurrenceCount),
    },
    { header: 'FINGERPRINT', cell: ({ signal }) => signal?.fingerprint, wide: true },
    { header: 'OWNERS', cell: ({ ownerChain }) => ownerChain?.join(' < '), wide: true },
    { header: 'REASON', cell: explanation },
  ];
}

const counted = [
  'created',
  'duplicate',
  'wouldCreate',
  'wouldDuplicate',
  'skipped',
  'rejected',
  'failed',
  'notRun',
] as const;

/** The line under the table: what there was of each outcome. */
export function ingestSummaryLine(summary: IngestSummary): string {
  const parts = counted
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => `${summary[outcome]} ${outcome}`);
  const signals = summary.total === 1 ? '1 signal' : `${summary.total} signals`;
  return parts.length === 0 ? signals : `${signals}: ${parts.join(', ')}`;
}
