import type { Command } from '@oclif/core/command';

/** What can follow each sequence of command words; completion scripts are made of nothing else. */
export interface CompletionTree {
  /** By words joined with a blank; the root is the empty text. */
  branches: readonly CompletionBranch[];
  /** Values of flags that take one of a few, by the flag as typed. */
  values: ReadonlyMap<string, readonly string[]>;
}

export interface CompletionBranch {
  path: string;
  words: readonly string[];
  flags: readonly string[];
}

interface CompletedCommand {
  id: string;
  load: () => Promise<Command.Class>;
}

/** Reads words and flags from the commands themselves. Names of living objects are not completed. */
export async function buildCompletionTree(commands: readonly CompletedCommand[]): Promise<CompletionTree> {
  const children = new Map<string, Set<string>>([['', new Set()]]);
  const flags = new Map<string, string[]>();
  const values = new Map<string, readonly string[]>();
  for (const { id, load } of commands) {
    const words = id.split(':');
    for (const [depth, word] of words.entries()) {
      const path = words.slice(0, depth).join(' ');
      children.set(path, (children.get(path) ?? new Set()).add(word));
    }
    flags.set(words.join(' '), flagsOf(await load(), values));
  }
  const paths = [...new Set([...children.keys(), ...flags.keys()])].sort();
  return {
    branches: paths.map((path) => ({
      path,
      words: [...(children.get(path) ?? [])].sort(),
      flags: flags.get(path) ?? ['--help'],
    })),
    values,
  };
}

function flagsOf(command: Command.Class, values: Map<string, readonly string[]>): string[] {
  const names = ['--help'];
  for (const [name, flag] of Object.entries({ ...command.baseFlags, ...command.flags })) {
    names.push(`--${name}`);
    if (flag.type !== 'option' || flag.options === undefined) continue;
    values.set(`--${name}`, flag.options);
    if (flag.char !== undefined) values.set(`-${flag.char}`, flag.options);
  }
  return names.sort();
}
