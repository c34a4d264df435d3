import { string as stringArg } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import type { EffectiveConfig } from '../config/load-config.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ReadOptions } from '../signal/read/read-documents.ts';
import type { TargetDescription } from '../kube/client.ts';
import type { Clock } from '../time/clock.ts';
import { nowFlag } from './global-flags.ts';
import type { Runtime } from './runtime.ts';

/** The files of commands that read signals. */
export const signalArgs = {
  files: stringArg({
    required: true,
    multiple: true,
    ignoreStdin: true,
    description: 'Files, folders or globs of alerts and events, packed by gzip or not; - is stdin.',
  }),
};

/** The flags of commands that read signals. */
export const signalFlags = {
  ...nowFlag,
  format: option({
    options: ['auto', 'json', 'ndjson', 'yaml'] as const,
    summary: 'How to read the input, instead of finding out by name and content.',
  })(),
  'max-document': string({
    helpValue: 'SIZE',
    summary: 'The largest single document that is read (default 10MiB).',
  }),
  'enforce-freshness': boolean({
    summary: 'Refuse signals that the gateway would refuse for their time, instead of warning.',
  }),
};

export interface SignalInput {
  format?: ReadOptions['format'];
  'max-document'?: string | undefined;
}

/** How the reader is to read, of flags and configuration. */
export function readOptions(runtime: Runtime, config: EffectiveConfig, flags: SignalInput): ReadOptions {
  return {
    cwd: runtime.cwd,
    get stdin() {
      return runtime.stdin;
    },
    format: flags.format ?? 'auto',
    maxDocumentBytes: config.values['ingest.maxDocument'],
    signal: runtime.signal,
  };
}

/** The clock of decisions: `--now` stands still, else the real one. Throws USAGE for what is no time. */
export function decisionClock(clock: Clock, now: string | undefined): Pick<Clock, 'now'> {
  if (now === undefined) return clock;
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  const atMs = rfc3339.test(now) ? Date.parse(now) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new RemedyError('USAGE', `--now: "${now}" is no RFC 3339 time`, {
      hint: 'for example --now 2026-03-01T12:00:00Z',
    });
  }
  return { now: () => atMs };
}

/** `--now` on a cluster must write nothing: requests with made-up times would be taken for real. USAGE. */
export function refuseMovedClock(now: string | undefined, target: TargetDescription, dryRun: boolean): void {
  if (now === undefined || target.kind === 'embedded' || dryRun) return;
  throw new RemedyError('USAGE', '--now on a cluster works only with --dry-run', {
    hint: 'add --dry-run, or work on the embedded store with --target embedded',
  });
}
