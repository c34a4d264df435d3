import type { Command } from '@oclif/core/command';
import type { CommandEntry } from '../command-entry.ts';
import { commonFlagNames, globalFlags } from '../global-flags.ts';
import { flagRows, type DescribedFlag, type DescribedFlags } from './flag-rows.ts';
import type { HelpRow } from './page.ts';

/** What there is to say about a command, for its help and for its manual page. */
export interface CommandPage {
  /** `lease list`. */
  readonly words: string;
  readonly summary: string;
  /** Without the program's name. */
  readonly usage: string;
  readonly args: readonly HelpRow[];
  readonly description: string;
  /** Its own flags: those of no group first, under an empty title. */
  readonly flagGroups: readonly FlagGroup[];
  /** The most used of the flags that every command has, and how many there are beside them. */
  readonly commonFlags: readonly HelpRow[];
  readonly moreFlags: number;
  readonly examples: readonly string[];
}

export interface FlagGroup {
  readonly title: string;
  /** `--name` of each, as it is typed. */
  readonly names: readonly string[];
  readonly rows: readonly HelpRow[];
}

const described = globalFlags as DescribedFlags;

/** Reads a command. */
export async function commandPage(entry: CommandEntry, bin: string): Promise<CommandPage> {
  const command = await entry.load();
  const words = entry.id.replaceAll(':', ' ');
  const common = Object.fromEntries(
    Object.entries(described).filter(([name]) => commonFlagNames.some((one) => one === name)),
  );
  return {
    words,
    summary: entry.summary,
    usage: command.usage === undefined ? usageOf(words, command.args) : String(command.usage),
    args: Object.entries(command.args).map(([name, { description = '' }]) => ({
      name: name.toUpperCase(),
      text: description,
    })),
    description: command.description ?? entry.summary,
    flagGroups: groupsOf((command.flags as DescribedFlags | undefined) ?? {}),
    commonFlags: flagRows(common),
    moreFlags: Object.keys(described).length - Object.keys(common).length,
    examples: exampleLines(command.examples, bin),
  };
}

function usageOf(words: string, args: Command.Class['args']): string {
  const named = Object.entries(args).map(([name, { multiple, required }]) => {
    const word = `${name.toUpperCase()}${multiple === true ? '…' : ''}`;
    return required === true ? word : `[${word}]`;
  });
  return [words, ...named, '[FLAGS]'].join(' ');
}

function groupsOf(flags: DescribedFlags): FlagGroup[] {
  const groups = new Map<string, Record<string, DescribedFlag>>([['', {}]]);
  for (const [name, flag] of Object.entries(flags)) {
    if (flag.hidden === true) continue;
    const title = flag.helpGroup ?? '';
    groups.set(title, { ...groups.get(title), [name]: flag });
  }
  return [...groups]
    .filter(([, some]) => Object.keys(some).length > 0)
    .map(([title, some]) => ({
      title,
      names: Object.keys(some)
        .sort()
        .map((name) => `--${name}`),
      rows: flagRows(some),
    }));
}

/** With a prompt before what begins with the program, so that all of them begin alike. */
function exampleLines(examples: Command.Class['examples'] = [], bin: string): string[] {
  return examples.map((example) => {
    const text = typeof example === 'string' ? example : example.command;
    return `$ ${text.replaceAll('<%= config.bin %>', bin)}`;
  });
}
