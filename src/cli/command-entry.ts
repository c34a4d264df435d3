import type { Command } from '@oclif/core/command';

/** One row of the static command table: what is needed to find a command and list it, and how to load it. */
export interface CommandEntry {
  /** Words joined by `:`, as oclif has them. */
  id: string;
  summary: string;
  load: () => Promise<Command.Class>;
}

export interface TopicEntry {
  name: string;
  description: string;
}

export interface CommandTable {
  commands: readonly CommandEntry[];
  topics: readonly TopicEntry[];
}

/** What the first words of a command line name. */
export type Selection =
  | { kind: 'command'; entry: CommandEntry; argv: string[] }
  | { kind: 'topic'; topic: TopicEntry; argv: string[] }
  | { kind: 'unknown'; words: string[] }
  | { kind: 'none' };

/** Finds the command with the longest id that the leading words spell, in words or joined by `:`. */
export function selectCommand(argv: readonly string[], table: CommandTable): Selection {
  const words = leadingWords(argv);
  if (words.length === 0) return { kind: 'none' };
  const byLength = words.map((_, index) => index + 1).reverse();
  for (const length of byLength) {
    const id = words.slice(0, length).join(':');
    const entry = table.commands.find((command) => command.id === id);
    if (entry !== undefined) return { kind: 'command', entry, argv: argv.slice(length) };
  }
  const topic = table.topics.find(({ name }) => name === words[0]);
  if (topic !== undefined && words.length === 1) return { kind: 'topic', topic, argv: argv.slice(1) };
  return { kind: 'unknown', words: topic === undefined ? words.slice(0, 1) : words.slice(0, 2) };
}

function leadingWords(argv: readonly string[]): string[] {
  const end = argv.findIndex((arg) => arg.startsWith('-'));
  return argv.slice(0, end === -1 ? undefined : end);
}
