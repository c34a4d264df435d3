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
  /** `next`: the word behind those that name nothing. */
  | { kind: 'unknown'; words: string[]; next?: string | undefined }
  | { kind: 'none' };

/** What fingers that are used to kubectl type, and what it is called here. */
export const aliases: Readonly<Record<string, readonly string[]>> = {
  ls: ['list'],
  describe: ['get', 'show'],
  completion: ['autocomplete'],
};

/** Finds the command with the longest id that the leading words spell, in words or joined by `:`, or by an alias. */
export function selectCommand(argv: readonly string[], table: CommandTable): Selection {
  const words = leadingWords(argv);
  if (words.length === 0) return { kind: 'none' };
  const byLength = words.map((_, index) => index + 1).reverse();
  for (const length of byLength) {
    const ids = idsOf(words.slice(0, length));
    const entry = table.commands.find(({ id }) => ids.includes(id));
    if (entry !== undefined) return { kind: 'command', entry, argv: argv.slice(length) };
  }
  const topic = table.topics.find(({ name }) => name === words[0]);
  if (topic !== undefined && words.length === 1) return { kind: 'topic', topic, argv: argv.slice(1) };
  if (topic === undefined) return { kind: 'unknown', words: words.slice(0, 1), next: words[1] };
  return { kind: 'unknown', words: words.slice(0, 2) };
}

function idsOf(words: readonly string[]): string[] {
  const last = words.at(-1) ?? '';
  const others = Object.hasOwn(aliases, last) ? (aliases[last] ?? []) : [];
  return [last, ...others].map((word) => [...words.slice(0, -1), word].join(':'));
}

function leadingWords(argv: readonly string[]): string[] {
  const end = argv.findIndex((arg) => arg.startsWith('-'));
  return argv.slice(0, end === -1 ? undefined : end);
}
