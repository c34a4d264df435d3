import type { Origin } from '../config/origin.ts';
import { shellLine } from '../text/shell-words.ts';
import type { Session } from './session.ts';
import type { SignalInput } from './signal-input.ts';

/** The flags of `signal explain` that an ingest takes as well, besides those of the configuration. */
export interface ExplainFlags extends SignalInput {
  now?: string | undefined;
  config?: string | undefined;
  'enforce-freshness': boolean;
  from?: string | undefined;
  filter?: string[] | undefined;
  'include-suppressed': boolean;
  'include-pending': boolean;
}

/** Settings that decide where an ingest works and what becomes of its signals, with the flags that name them. */
const settings = [
  ['target', 'target'],
  ['store', 'store'],
  ['kubeconfig', 'kubeconfig'],
  ['context', 'context'],
  ['cluster', 'cluster'],
  ['user', 'user'],
  ['as', 'as'],
  ['namespace', 'namespace'],
  ['leaseNamespace', 'lease-namespace'],
  ['ingest.clusterIdScope', 'cluster-id-scope'],
  ['ingest.maxDocument', 'max-document'],
  ['ingest.targetChoice', 'target-choice'],
  ['from.username', 'from-username'],
  ['from.passwordFile', 'from-password-file'],
  ['from.tokenFile', 'from-token-file'],
  ['from.caFile', 'from-ca-file'],
] as const;

/** The same for those that are lists. */
const listSettings = [
  ['asGroup', 'as-group'],
  ['ingest.labelAs', 'label-as'],
  ['ingest.prefer', 'prefer'],
] as const;

/**
 * The command line that ingests a file for real, as this one explained it: what was said by flags is said again, what
 * comes from the environment or a file comes from there again. `--now` is left out: an ingest happens now.
 */
export function ingestCommand(session: Session, file: string, flags: ExplainFlags): string {
  const { bin } = session.runtime;
  const { from, filter = [] } = flags;
  const input = from === undefined ? [fileWord(file)] : ['--from', from];
  const filters = filter.flatMap((matcher) => ['--filter', matcher]);
  const words = [...bin.split(' '), 'signal', 'ingest', ...input, ...filters];
  return shellLine([...words, ...configurationWords(session), ...flagWords(flags)]);
}

function configurationWords({ config }: Session): string[] {
  const { values, origins, profile } = config;
  const words = settings
    .filter(([key]) => isFlag(origins[key]))
    .flatMap(([key, flag]) => [`--${flag}`, String(values[key])]);
  for (const [key, flag] of listSettings) {
    if (isFlag(origins[key])) words.push(...values[key].flatMap((one) => [`--${flag}`, one]));
  }
  if (profile?.origin.kind === 'flag') words.push('--profile', profile.name);
  if (isFlag(origins['ingest.skipScopeCheck'])) words.push('--skip-scope-check');
  if (isFlag(origins['ingest.strictResource'])) words.push('--strict-resource');
  return words;
}

function flagWords(flags: ExplainFlags): string[] {
  return [
    ...(flags.config === undefined ? [] : ['--config', flags.config]),
    ...(flags['enforce-freshness'] ? ['--enforce-freshness'] : []),
    ...(flags['include-suppressed'] ? ['--include-suppressed'] : []),
    ...(flags['include-pending'] ? ['--include-pending'] : []),
    ...(flags.format === undefined ? [] : ['--format', flags.format]),
  ];
}

function isFlag({ kind }: Origin): boolean {
  return kind === 'flag';
}

/** A name that would be taken for a flag is given as a path. */
function fileWord(file: string): string {
  return file.startsWith('-') && file !== '-' ? `./${file}` : file;
}
