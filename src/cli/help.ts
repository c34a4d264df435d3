import type { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import { CommandHelp, Help } from '@oclif/core/help';
import type { CommandEntry, TopicEntry } from './command-entry.ts';

/** oclif's help with the examples first, since they are what is looked for. */
class ExamplesFirst extends CommandHelp {
  protected override sections(): ReturnType<CommandHelp['sections']> {
    const sections = super.sections();
    const first = ['USAGE', 'EXAMPLES'];
    return [
      ...first.flatMap((header) => sections.filter((section) => section.header === header)),
      ...sections.filter((section) => !first.includes(section.header)),
    ];
  }
}

/** Help as text, so that it goes where the Runtime's stdout goes. */
class HelpText extends Help {
  protected override CommandHelpClass = ExamplesFirst;
  readonly #lines: string[] = [];

  protected override log(...args: string[]): void {
    this.#lines.push(args.join(' '));
  }

  take(): string {
    return `${this.#lines.join('\n').trimEnd()}\n`;
  }
}

export interface HelpStyle {
  /** Columns of the terminal; help is wrapped to it. */
  maxWidth: number;
  stripAnsi: boolean;
}

function usageOf(entry: CommandEntry, args: Command.Class['args']): string {
  const words = Object.entries(args).map(
    ([name, { multiple }]) => `${name.toUpperCase()}${multiple === true ? '…' : ''}`,
  );
  return [entry.id.replaceAll(':', ' '), ...words, '[FLAGS]'].join(' ');
}

/** Help of one command. */
export async function commandHelp(config: Config, entry: CommandEntry, style: HelpStyle): Promise<string> {
  const loaded = await entry.load();
  const help = new HelpText(config, style);
  const flags = { ...loaded.baseFlags, ...loaded.flags };
  const described = {
    id: entry.id,
    summary: entry.summary,
    description: loaded.description,
    examples: loaded.examples,
    args: Object.fromEntries(Object.entries(loaded.args).map(([name, arg]) => [name, { ...arg, name }])),
    flags,
    aliases: [],
    usage: loaded.usage ?? usageOf(entry, loaded.args),
  };
  await help.showCommandHelp(described as unknown as Command.Loadable);
  return help.take();
}

/** Help of one topic: its commands. */
export async function topicHelp(config: Config, topic: TopicEntry, style: HelpStyle): Promise<string> {
  const help = new HelpText(config, style);
  await (help as unknown as { showTopicHelp(topic: TopicEntry): Promise<void> }).showTopicHelp({ ...topic });
  return help.take();
}

/** Help of the program: its topics and commands. */
export async function rootHelp(config: Config, style: HelpStyle): Promise<string> {
  const help = new HelpText(config, style);
  await (help as unknown as { showRootHelp(): Promise<void> }).showRootHelp();
  return help.take();
}
