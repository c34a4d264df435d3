import { helpTopicNames } from '../help/topics.ts';
import { aliases, type CommandTable } from '../command-entry.ts';
import { globalFlags, valueIsOptional } from '../global-flags.ts';
import type { RemedyCommand } from '../base-command.ts';
import type { Candidate, Completion } from './protocol.ts';
import { flagNamed, readWords, typedCommand, type KnownFlags, type ReadWords } from './typed-words.ts';
import type { SearchGround } from './living-names.ts';
import { candidatesOf, type Place } from './value-candidates.ts';
import { kindOfArgument, kindOfFlag } from './value-kinds.ts';

/** What completion works with. */
export interface CompletionGround extends SearchGround {
  table: CommandTable;
}

/** What can stand in the last of the words, and the beginning of it: of a flag's value behind `=` only the value. */
export interface CompletedLine extends Completion {
  current: string;
}

/**
 * What can stand in place of the last word. Commands, flags and their own values come from the commands; names from
 * the cluster, the store and files that the words before choose, within the budget.
 */
export async function completeLine(
  words: readonly string[],
  ground: CompletionGround,
): Promise<CompletedLine> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const { entry, names, rest } = typedCommand(before, ground.table);
  const command = entry === undefined ? undefined : ((await entry.load()) as unknown as typeof RemedyCommand);
  const flags = { ...globalFlags, ...command?.flags } as KnownFlags;
  const read = readWords(rest, flags);
  const line: Line = { id: entry?.id ?? '', command, flags, read, names, ground };
  // behind `--` stands the command of somebody else
  if (read.ended) return { current, candidates: [], files: 'all' };
  const value = openValue(line, current);
  if (value === undefined) return { current, ...(await completeWord(line, current)) };
  return { current: value.current, ...(await flagValue(line, value)) };
}

/** A flag whose value is being typed, and the beginning of that. */
interface OpenValue {
  flag: string | undefined;
  current: string;
}

function openValue({ read, flags }: Line, current: string): OpenValue | undefined {
  if (read.open !== undefined) return { flag: read.open, current };
  const name = /^--[^=]+=/.exec(current)?.[0];
  return name === undefined
    ? undefined
    : { flag: flagNamed(current, flags), current: current.slice(name.length) };
}

async function completeWord(line: Line, current: string): Promise<Completion> {
  if (current.startsWith('-')) return { candidates: flagCandidates(line, () => true) };
  if (line.command !== undefined) return argument(line, current);
  return { candidates: commandWords(line.names, current, line.ground.table) };
}

interface Line {
  id: string;
  command: typeof RemedyCommand | undefined;
  flags: KnownFlags;
  read: ReadWords;
  names: readonly string[];
  ground: CompletionGround;
}

function placeOf({ command, read }: Line, current: string): Place {
  return { current, given: read.given, ownFormats: command?.ownFormats ?? [] };
}

async function flagValue(line: Line, { flag: name, current }: OpenValue): Promise<Completion> {
  const flag = name === undefined ? undefined : line.flags[name];
  if (name === undefined || flag?.type !== 'option') return { candidates: [] };
  if (flag.options !== undefined) {
    // one that was given already says nothing new
    const given = flag.multiple === true ? (line.read.given.get(name) ?? []) : [];
    return { candidates: valuesOf(flag.options.filter((option) => !given.includes(option))) };
  }
  return candidatesOf(kindOfFlag(line.id, name, flag), placeOf(line, current), line.ground);
}

/** The next argument; where none can follow, the flags of the command, those first that it needs. */
async function argument(line: Line, current: string): Promise<Completion> {
  const { id, command, read, ground } = line;
  const args = Object.entries(command?.args ?? {});
  const last = args.at(-1);
  const next = args[read.positional.length] ?? (last?.[1].multiple === true ? last : undefined);
  if (next === undefined) return { candidates: ownFlags(line) };
  const [name, { options }] = next;
  if (options !== undefined) return { candidates: valuesOf(options) };
  const found = await candidatesOf(kindOfArgument(id, name), placeOf(line, current), ground);
  return { ...found, candidates: found.candidates.filter(({ value }) => !read.positional.includes(value)) };
}

function ownFlags(line: Line): Candidate[] {
  const own = (name: string): boolean => !Object.hasOwn(globalFlags, name);
  const needed = flagCandidates(line, (name) => own(name) && line.flags[name]?.required === true);
  return needed.length > 0 ? needed : flagCandidates({ ...line, withoutHelp: true }, own);
}

/** Those that can still be given: the command's own first. */
function flagCandidates(
  { flags, read, withoutHelp = false }: Line & { withoutHelp?: boolean },
  isWanted: (name: string) => boolean,
): Candidate[] {
  const names = Object.keys(flags).filter(
    (name) => isWanted(name) && (!read.given.has(name) || flags[name]?.multiple === true),
  );
  const globals = names.filter((name) => Object.hasOwn(globalFlags, name));
  const ordered = [...names.filter((name) => !Object.hasOwn(globalFlags, name)), ...globals];
  const candidates = ordered.flatMap((name): Candidate[] => {
    const { summary: about, options = [] } = flags[name] ?? {};
    const withValues = valueIsOptional(name) ? options.map((option) => `--${name}=${option}`) : [];
    return [`--${name}`, ...withValues].map((value) => ({ value, about }));
  });
  const help = { value: '--help', about: 'Show what the command does.' };
  return withoutHelp || !isWanted('help') ? candidates : [...candidates, help];
}

/** Topics and commands that may follow these words; by another word for one where nothing else begins so. */
function commandWords(names: readonly string[], current: string, table: CommandTable): Candidate[] {
  const found = wordsAfter(names, table);
  const candidates = [...found].map(([value, about]) => ({ value, about }));
  if (candidates.some(({ value }) => value.startsWith(current))) return candidates;
  return Object.entries(aliases).flatMap(([alias, meant]) => {
    const target = meant.find((word) => found.has(word));
    return target === undefined ? [] : [{ value: alias, about: found.get(target) }];
  });
}

/** What may stand after these words of a command, and what each does. */
function wordsAfter(names: readonly string[], table: CommandTable): Map<string, string> {
  if (names.length === 0) return commandsAfter([], table).set('help', 'Show what a topic or a command does.');
  const [first, ...path] = names;
  if (first !== 'help') return commandsAfter(names, table);
  const found = commandsAfter(path, table);
  if (path.length === 0) for (const name of helpTopicNames) found.set(name, 'A page of help.');
  return found;
}

function commandsAfter(path: readonly string[], { topics, commands }: CommandTable): Map<string, string> {
  const depth = path.length;
  const found = new Map<string, string>();
  if (depth === 0) for (const { name, description } of topics) found.set(name, description);
  for (const { id, summary } of commands) {
    const words = id.split(':');
    const isHere = words.length === depth + 1 && path.every((one, at) => one === words[at]);
    if (isHere) found.set(words[depth] ?? '', summary);
  }
  return found;
}

function valuesOf(options: readonly string[]): Candidate[] {
  return options.map((value) => ({ value }));
}
