import type { ChalkInstance } from 'chalk';
import type { IngestItem, IngestOutcome, IngestSummary } from '../../ingest/ingest-item.ts';
import type { NormalizedSignal, SignalAbout, SignalSource, TargetResource } from '../../signal/signal.ts';
import type { TableColumn } from './table.ts';
import { counted } from '../../text/count.ts';

type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray';

const colours: Readonly<Record<IngestOutcome, Colour>> = {
  created: 'green',
  duplicate: 'cyan',
  wouldCreate: 'green',
  wouldDuplicate: 'cyan',
  wouldWait: 'yellow',
  skipped: 'gray',
  rejected: 'yellow',
  failed: 'red',
  notRun: 'gray',
};

/** `file:document:index`, counted as in JSON. */
export function sourceText({ file, document, index }: SignalSource): string {
  return `${file}:${document}:${index}`;
}

/** An item as far as it says which alert or event it is. */
interface Named {
  signal?: NormalizedSignal | undefined;
  about?: SignalAbout | undefined;
}

/** The name of a signal, also of one that was not taken. */
export function signalName({ signal, about }: Named): string | undefined {
  return signal?.signalName ?? about?.signalName;
}

/** `cluster/namespace/Kind/name`, without what is absent; of a signal that was not taken what it names itself. */
export function signalTarget({ signal, about }: Named): string | undefined {
  if (signal !== undefined) return placeOf([signal.clusterID, signal.namespace], signal.resource);
  if (about?.resource === undefined) return undefined;
  return placeOf([about.resource.namespace], about.resource);
}

function placeOf(place: readonly (string | undefined)[], { kind, name }: TargetResource): string {
  return [...place, kind, name].filter((part) => part !== undefined && part !== '').join('/');
}

/** The signal without its maps, which are as large as the alert and in no column. */
export function withoutMaps(signal: NormalizedSignal): NormalizedSignal {
  const shown = { ...signal };
  delete shown.labels;
  delete shown.annotations;
  return shown;
}

interface Skipped {
  outcome: string;
  reason?: { code: string } | undefined;
}

/** Of a whole cluster's events most are Normal: a table has one line for them all, unless each is asked for. */
export function foldingOf(showSkipped: boolean): {
  folds: (item: Skipped) => boolean;
  foldedLine: (count: number) => string;
} {
  return {
    folds: ({ outcome, reason }) => !showSkipped && outcome === 'skipped' && reason?.code === 'NORMAL_EVENT',
    foldedLine: (count) => `${counted(count, 'Normal event')} skipped, in no row: --show-skipped lists them`,
  };
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

/** The format that a signal was wrapped in. */
export const wrapperColumn: TableColumn<{ source: SignalSource }> = {
  header: 'WRAPPER',
  cell: ({ source }) => source.wrapper,
  wide: true,
};

/** Which signal a line is about. */
export const signalColumns: readonly TableColumn<Named & { source: SignalSource }>[] = [
  { header: 'SOURCE', cell: ({ source }) => sourceText(source), cutLeft: true },
  wrapperColumn,
  { header: 'SIGNAL', cell: signalName, spare: 2 },
  { header: 'TARGET', cell: signalTarget, cutLeft: true, spare: 1 },
];

/** One line a signal. */
export function ingestColumns(paint: ChalkInstance): TableColumn<IngestItem>[] {
  return [
    ...signalColumns,
    {
      header: 'OUTCOME',
      key: true,
      usual: 'duplicate'.length,
      cell: ({ outcome }) => outcome,
      paint: (text, { outcome }) => paint[colours[outcome]](text),
    },
    {
      header: 'REQUEST',
      cell: ({ request, decision }) => request?.name ?? decision?.request?.name,
      usual: 'rr-000000000000-00000000'.length,
      key: true,
    },
    {
      header: 'COUNT',
      spare: 3,
      cell: ({ deduplication }) => deduplication?.occurrenceCount?.toString(),
    },
    { header: 'FINGERPRINT', cell: ({ signal }) => signal?.fingerprint, wide: true },
    { header: 'OWNERS', cell: ({ ownerChain }) => ownerChain?.join(' < '), wide: true },
    { header: 'REASON', cell: explanation, wraps: true },
  ];
}

const outcomes = [
  'created',
  'duplicate',
  'wouldCreate',
  'wouldDuplicate',
  'wouldWait',
  'skipped',
  'rejected',
  'failed',
  'notRun',
] as const;

/** The line under the table: what there was of each outcome. */
export function ingestSummaryLine(summary: IngestSummary): string {
  const parts = outcomes
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => `${summary[outcome]} ${outcome}`);
  const signals = counted(summary.total, 'signal');
  return parts.length === 0 ? signals : `${signals}: ${parts.join(', ')}`;
}
