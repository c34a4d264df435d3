import { selectCommand, type CommandEntry, type CommandTable } from '../command-entry.ts';
import { globalFlags, valueIsOptional } from '../global-flags.ts';

/** What completion reads of a flag of oclif's. */
export interface KnownFlag {
  type: 'boolean' | 'option';
  char?: string;
  options?: readonly string[];
  multiple?: boolean;
  required?: boolean;
  helpValue?: string | readonly string[];
  summary?: string;
}

export type KnownFlags = Readonly<Record<string, KnownFlag>>;

/** The words in front of the one that is completed, as far as they name a command. */
export interface TypedCommand {
  /** Absent while the words name none yet. */
  entry?: CommandEntry;
  /** Words that may still become a command. */
  names: readonly string[];
  /** Everything else, flags in front of the command included. */
  rest: readonly string[];
}

/** Finds the command in the words, whatever global flags stand before or between them. */
export function typedCommand(before: readonly string[], table: CommandTable): TypedCommand {
  const names: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (word.startsWith('-')) {
      rest.push(word);
      const hasValue = takesNextWord(word, globalFlags) && at + 1 < before.length;
      if (hasValue) rest.push(before[(at += 1)] ?? '');
      continue;
    }
    names.push(word);
    if (names[0] === 'help') continue;
    const selection = selectCommand(names, table);
    if (selection.kind === 'command')
      return { entry: selection.entry, names, rest: [...rest, ...before.slice(at + 1)] };
  }
  return { names, rest };
}

/** Words read by the flags of a command. */
export interface ReadWords {
  /** Texts of each flag that was given, by its long name; those of a boolean flag are empty. */
  given: ReadonlyMap<string, readonly string[]>;
  positional: readonly string[];
  /** The flag whose value comes next. */
  open?: string;
  /** Behind `--`: nothing is a flag any more. */
  ended: boolean;
}

/** Reads words as oclif would; what no flag is called is passed over. */
export function readWords(words: readonly string[], flags: KnownFlags): ReadWords {
  const given = new Map<string, string[]>();
  const positional: string[] = [];
  let open: string | undefined;
  for (const [at, word] of words.entries()) {
    if (open !== undefined) {
      given.get(open)?.push(word);
      open = undefined;
    } else if (word === '--') {
      return { given, positional: [...positional, ...words.slice(at + 1)], ended: true };
    } else if (!word.startsWith('-') || word === '-') {
      positional.push(word);
    } else {
      open = readFlag(word, flags, given);
    }
  }
  return { given, positional, ended: false, ...(open === undefined ? {} : { open }) };
}

/** Notes a flag, and returns it where its value is the next word. */
function readFlag(word: string, flags: KnownFlags, given: Map<string, string[]>): string | undefined {
  const name = flagNamed(word, flags);
  if (name === undefined) return undefined;
  const value = ownValue(word);
  given.set(name, [...(given.get(name) ?? []), ...(value === undefined ? [] : [value])]);
  return takesNextWord(word, flags) ? name : undefined;
}

/** The long name of the flag that a word begins with, such as `-n`, `-nshop`, `--state=held`. */
export function flagNamed(word: string, flags: KnownFlags): string | undefined {
  const long = /^--([^=]+)/.exec(word)?.[1];
  if (long !== undefined) return Object.hasOwn(flags, long) ? long : undefined;
  return Object.keys(flags).find((name) => flags[name]?.char === word[1]);
}

function takesNextWord(word: string, flags: KnownFlags): boolean {
  const name = flagNamed(word, flags);
  if (name === undefined || flags[name]?.type !== 'option' || valueIsOptional(name)) return false;
  return ownValue(word) === undefined;
}

/** What stands in the same word as the flag. */
function ownValue(word: string): string | undefined {
  const equals = word.indexOf('=');
  if (word.startsWith('--')) return equals === -1 ? undefined : word.slice(equals + 1);
  return word.length > 2 ? word.slice(word[2] === '=' ? 3 : 2) : undefined;
}
