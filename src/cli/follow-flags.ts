import { string } from '@oclif/core/flags';
import { RemedyError } from '../errors/remedy-error.ts';
import type { FollowOptions } from '../follow/open-follow.ts';
import type { IngestSettings } from '../ingest/ingest-options.ts';
import type { StartedIngest } from '../ingest/ingest-run.ts';
import { formatDuration } from '../time/duration.ts';
import { openInputs, type OpenInputs } from './input-source.ts';
import { durationFlag } from './lease/duration-flag.ts';
import { ingestSummaryLine } from './render/ingest-columns.ts';
import type { Session } from './session.ts';

const followGroup = 'STREAM';

/** The flags of a run that takes events as they come. */
export const followFlags = {
  follow: string({
    helpGroup: followGroup,
    helpValue: 'STREAM',
    summary: 'In place of files: events as they come, until stopped; events, or events=NAMESPACE.',
  }),
  since: string({
    helpGroup: followGroup,
    helpValue: 'DURATION',
    summary: 'With --follow: at the first start, also events seen within so long before it (default: none).',
  }),
  checkpoint: string({
    helpGroup: followGroup,
    helpValue: 'FILE',
    summary: 'With --follow: where to go on after a restart, kept while it runs.',
  }),
};

interface FollowFlags {
  follow?: string | undefined;
  since?: string | undefined;
  checkpoint?: string | undefined;
  from?: string | undefined;
  filter?: string[] | undefined;
  now?: string | undefined;
  'all-alerts': boolean;
  'set-start'?: string | undefined;
  'show-skipped': boolean;
}

const withoutFollow = ['since', 'checkpoint'] as const;
const withFollow = ['from', 'filter', 'now', 'all-alerts', 'set-start'] as const;

/** What is followed; undefined: nothing is. Throws USAGE for flags that do not go together. */
function followOf(
  { render }: Pick<Session, 'render'>,
  files: readonly string[],
  flags: FollowFlags,
): FollowOptions | undefined {
  const { follow, checkpoint } = flags;
  if (follow === undefined) {
    const alone = withoutFollow.find((name) => flags[name] !== undefined);
    if (alone !== undefined) throw usage(`--${alone} goes with --follow`, 'Other inputs are read once.');
    return undefined;
  }
  if (files.length > 0) throw usage('--follow takes the place of files', 'Give either of them.');
  const other = withFollow.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (other !== undefined) throw usage(`--${other} does not go with --follow`, 'Leave out either of them.');
  if (render.format.kind === 'jsonpath') {
    throw usage('a jsonpath needs all results at once, and --follow has no end', 'Use -o jsonl.');
  }
  return {
    stream: follow,
    sinceMs: durationFlag('since', flags.since),
    checkpoint,
    withNormal: flags['show-skipped'],
  };
}

/** Where the signals of an ingest come from, and for how long. */
export interface SignalStream {
  /** Absent: inputs are read. */
  follow: FollowOptions | undefined;
  /** It may go on for days. */
  lasts: boolean;
  settings: IngestSettings;
}

/** A stream waits for its API server however long that is away, unless somebody said otherwise. Throws USAGE. */
export function streamOf(session: Session, files: readonly string[], flags: FollowFlags): SignalStream {
  const { values, origins } = session.config;
  const follow = followOf(session, files, flags);
  if (follow === undefined) return { follow, lasts: files.includes('-'), settings: values };
  const waits = origins['ingest.giveUpAfter'].kind === 'default';
  return {
    follow,
    lasts: true,
    settings: waits ? { ...values, 'ingest.giveUpAfter': Number.POSITIVE_INFINITY } : values,
  };
}

/** What is to be read in place of a stream; nothing where there is one. Throws as openInputs does. */
export async function openInputsBeside(
  { follow }: SignalStream,
  session: Session,
  files: readonly string[],
  options: Parameters<typeof openInputs>[2],
): Promise<OpenInputs> {
  return follow === undefined ? openInputs(session, files, options) : { inputs: [] };
}

/** What is said of a run on a terminal, where it may go on for days. */
export function liveLine({ lasts }: SignalStream, run: StartedIngest): (() => string) | undefined {
  return lasts ? () => paceLine(run) : undefined;
}

/** How a run goes that may last for days: `1204 signals: 3 created, 1201 duplicate; 12/s, lag 100ms`. */
function paceLine({ summary, pace }: Pick<StartedIngest, 'summary' | 'pace'>): string {
  const { perSecond, lagMs } = pace;
  const rate = perSecond >= 10 ? Math.round(perSecond) : Math.round(perSecond * 10) / 10;
  return `${ingestSummaryLine(summary)}; ${rate}/s, lag ${formatDuration(roundedLag(lagMs))}`;
}

function roundedLag(lagMs: number): number {
  return lagMs < 10_000 ? Math.round(lagMs / 100) * 100 : Math.round(lagMs / 1000) * 1000;
}

function usage(message: string, hint: string): RemedyError {
  return new RemedyError('USAGE', message, { hint });
}
