import { helpOn } from '../../src/cli/help/help.ts';
import { commandTable } from '../../src/commands/command-table.ts';

const intro = `# Commands

Written by \`npm run docs:commands\` from the program's own help; a test fails when it is old. What help has pages on beside
commands stands in [configuration.md](configuration.md), [errors.md](errors.md), [machine-output.md](machine-output.md) and
[signal-formats.md](signal-formats.md). The flags of every command may stand anywhere on the command line.
Started as \`kubectl-remedy\` the same program is a kubectl plugin: \`kubectl remedy …\`.
`;

/** The text of docs/commands.md, before it is formatted: commands by topic, then those without one. */
export async function commandDocs(): Promise<string> {
  const names = [...commandTable.topics.map(({ name }) => name)].sort();
  const commands = [
    ...names.flatMap((topic) => byName().filter(({ id }) => id.startsWith(`${topic}:`))),
    ...byName().filter(({ id }) => !id.includes(':')),
  ].map(({ id, summary }) => ({ name: id.replaceAll(':', ' '), summary }));
  const help = (words: readonly string[], asTopic: boolean): Promise<string> =>
    helpOn(words, { table: commandTable, bin: 'remedyctl', columns: 100, asTopic });
  const sections = [
    section('help flags', await help(['flags'], true)),
    ...(await Promise.all(
      commands.map(async ({ name }) => section(name, await help(name.split(' '), false))),
    )),
  ];
  const index = commands.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  return [intro, '| command | what it does |', '|---|---|', ...index, '', sections.join('\n')].join('\n');
}

function byName(): { id: string; summary: string }[] {
  return [...commandTable.commands].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function section(name: string, help: string): string {
  return `## ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
}
