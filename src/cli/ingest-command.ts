import type { Origin } from '../config/origin.ts';
import type { Session } from './session.ts';
import type { SignalInput } from './signal-input.ts';

/** The flags of `signal explain` that an ingest takes as well, besides those of the configuration. */
export interface ExplainFlags extends SignalInput {
  now?: string | undefined;
  config?: string | undefined;
  'enforce-freshness': boolean;
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
] as const;

/**
 * The command line that ingests a file for real, as this one explained it: what was said by flags is said again, what
 * comes from the environment or a file comes from there again. `--now` is left out: an ingest happens now.
 */
export function ingestCommand(session: Session, file: string, flags: ExplainFlags): string {
  const { bin } = session.runtime;
  const words = [...bin.split(' '), 'signal', 'ingest', fileWord(file)];
  return [...words, ...configurationWords(session), ...flagWords(flags)].map(quoteWord).join(' ');
}

function configurationWords({ config }: Session): string[] {
  const { values, origins, profile } = config;
  const words = settings
    .filter(([key]) => isFlag(origins[key]))
    .flatMap(([key, flag]) => [`--${flag}`, String(values[key])]);
  if (isFlag(origins.asGroup)) words.push(...values.asGroup.flatMap((group) => ['--as-group', group]));
  if (profile?.origin.kind === 'flag') words.push('--profile', profile.name);
  if (isFlag(origins['ingest.skipScopeCheck'])) words.push('--skip-scope-check');
  return words;
}

function flagWords(flags: ExplainFlags): string[] {
  return [
    ...(flags.config === undefined ? [] : ['--config', flags.config]),
    ...(flags['enforce-freshness'] ? ['--enforce-freshness'] : []),
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

/** As a POSIX shell takes it for one word, whatever is in it. */
function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
