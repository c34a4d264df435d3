import type { CommandTable, TopicEntry } from '../command-entry.ts';
import { lines, paragraph, rows, type HelpPage, type HelpRow } from './page.ts';
import { helpTopicNames } from './topics.ts';

/** What to begin with; the words of each are a command of the table (a test holds them to it). */
export const firstSteps: readonly HelpRow[] = [
  { name: 'doctor', text: 'What is missing, and what to do.' },
  { name: 'signal explain FILE', text: 'What would become of an alert, and why.' },
  { name: 'signal ingest FILE', text: 'Make requests of alerts; --dry-run: look.' },
  { name: 'request list', text: 'Which requests there are.' },
  { name: 'lease doctor', text: 'Which locks stand in the way.' },
];

/** Help of the program, on one screen of 24 rows. */
export function overviewPage(table: CommandTable, bin: string): HelpPage {
  const alone = table.commands.filter(
    ({ id }) => !id.includes(':') && !firstSteps.some(({ name }) => name === id),
  );
  return {
    opening: [
      'Do by hand what an automated-remediation gateway does by itself: make RemediationRequests of alerts, each once. And run plans of writes, each once.',
    ],
    sections: [
      {
        title: 'START WITH',
        blocks: [rows(firstSteps.map(({ name, text }) => ({ name: `${bin} ${name}`, text })))],
      },
      {
        title: `COMMANDS (${bin} COMMAND --help says more of each)`,
        blocks: [
          rows([
            ...topicRows(table.topics),
            ...alone.map(({ id, summary }) => ({ name: id, text: summary })),
          ]),
          rows([{ name: 'help', text: helpTopicNames.join(', ') }]),
        ],
      },
    ],
  };
}

/** Topics of one description share a row. */
function topicRows(topics: readonly TopicEntry[]): HelpRow[] {
  const names = new Map<string, string[]>();
  for (const { name, description } of topics) {
    names.set(description, [...(names.get(description) ?? []), name]);
  }
  return [...names].map(([text, some]) => ({ name: some.join(', '), text }));
}

/** Help of one topic: its commands. */
export function topicPage({ name, description }: TopicEntry, table: CommandTable, bin: string): HelpPage {
  const commands = table.commands.filter(({ id }) => id.startsWith(`${name}:`));
  return {
    opening: [description],
    sections: [
      { title: 'USAGE', blocks: [lines([`$ ${bin} ${name} COMMAND`])] },
      {
        title: 'COMMANDS',
        blocks: [
          rows(commands.map(({ id, summary }) => ({ name: id.replaceAll(':', ' '), text: summary }))),
          paragraph(`${bin} ${name} COMMAND --help says more of each`),
        ],
      },
    ],
  };
}
