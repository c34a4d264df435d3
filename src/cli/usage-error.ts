import { stripVTControlCharacters } from 'node:util';
import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';

/** The parts of oclif's own parse errors that are read; it exports no common class for them at run time. */
interface OclifError extends Error {
  oclif: { exit?: number };
  flags?: string[];
  args?: unknown;
  parse?: { input?: { flags?: Record<string, unknown> } };
}

function isOclifError(thrown: unknown): thrown is OclifError {
  return thrown instanceof Error && 'oclif' in thrown && !(thrown instanceof RemedyError);
}

/** oclif's usage errors as USAGE with a hint; anything else comes back as it is. */
export function asUsageError(thrown: unknown, commandLine: string, argv: readonly string[]): unknown {
  if (!isOclifError(thrown)) return thrown;
  const message = missingArguments(thrown) ?? plainText(thrown.message);
  return new RemedyError('USAGE', message.charAt(0).toLowerCase() + message.slice(1), {
    hint: suggestFlag(thrown) ?? otherCluster(thrown, argv) ?? `see ${commandLine} --help`,
    cause: thrown,
  });
}

/** The arguments by their names, as help has them. */
function missingArguments({ args, message }: OclifError): string | undefined {
  if (!/^Missing \d+ required arg/.test(stripVTControlCharacters(message)) || !Array.isArray(args))
    return undefined;
  const named = (args as { name: string; description?: string }[]).map(
    ({ name, description = '' }) => `${name.toUpperCase()} (${description.replace(/\.$/, '')})`,
  );
  return `missing ${named.length === 1 ? 'argument' : 'arguments'}: ${named.join(', ')}`;
}

/** oclif's message without its colours, its frame and its advice. */
function plainText(message: string): string {
  return stripVTControlCharacters(message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replaceAll(/\s*\n\s*(\p{Lu}?)/gu, (_, first: string) => `; ${first.toLowerCase()}`)
    .trim();
}

/** Two things are called a cluster. */
function otherCluster({ message }: OclifError, argv: readonly string[]): string | undefined {
  if (!message.includes('Missing required flag cluster-id')) return undefined;
  if (!argv.some((word) => word === '--cluster' || word.startsWith('--cluster='))) return undefined;
  return 'the id of an OCM cluster goes with --cluster-id; --cluster names a cluster of the kubeconfig';
}

function suggestFlag(error: OclifError): string | undefined {
  const unknown = Array.isArray(error.flags) ? error.flags[0] : undefined;
  if (unknown === undefined) return undefined;
  const known = Object.keys(error.parse?.input?.flags ?? {});
  const close = nearest(unknown.replace(/^-+/, ''), known);
  return close === undefined ? undefined : `did you mean --${close}?`;
}

/** Words that name no command, and the word behind them. */
export interface UnknownWords {
  words: readonly string[];
  next?: string | undefined;
}

/** The error for words that name no command. */
export function unknownCommand(unknown: UnknownWords, ids: readonly string[], bin: string): RemedyError {
  const meant = meantCommands(
    unknown,
    ids.map((id) => id.split(':')),
  );
  const hint =
    meant.length === 0
      ? `see ${bin} --help`
      : `did you mean ${meant.map((command) => `${bin} ${command.join(' ')}`).join(' or ')}?`;
  return new RemedyError('USAGE', `there is no command "${unknown.words.join(' ')}"`, { hint });
}

const mostMeant = 3;

/** Another spelling of the whole; a topic in another spelling, with a verb of it; or a verb without its topic. */
function meantCommands({ words, next }: UnknownWords, commands: readonly string[][]): readonly string[][] {
  const whole = closest(
    words.join(' '),
    commands.map((command) => command.join(' ')),
  );
  if (whole !== undefined) return [whole.split(' ')];
  const [first = '', verb = next] = words;
  const topic = closest(first, [...new Set(commands.map(([name = '']) => name))]);
  const ofTopic = commands.filter(([name]) => name === topic);
  const meant = verb === undefined ? undefined : closest(verb, verbsOf(ofTopic));
  if (topic !== undefined) return [meant === undefined ? [topic] : [topic, meant]];
  const lone = closest(first, verbsOf(commands));
  return lone === undefined ? [] : commands.filter(([, second]) => second === lone).slice(0, mostMeant);
}

function verbsOf(commands: readonly string[][]): string[] {
  return [...new Set(commands.flatMap(([, verb]) => (verb === undefined ? [] : [verb])))];
}

function closest(word: string, known: readonly string[]): string | undefined {
  return known.includes(word) ? word : nearest(word, known);
}
