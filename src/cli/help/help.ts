import { RemedyError } from '../../errors/remedy-error.ts';
import { nearest } from '../../text/nearest.ts';
import { selectCommand, type CommandTable } from '../command-entry.ts';
import { unknownCommand } from '../usage-error.ts';
import { commandHelp } from './command-help.ts';
import { commandPage } from './command-page.ts';
import { errorPage, errorsPage } from './error-help.ts';
import { overviewPage, topicPage } from './overview.ts';
import type { HelpPage } from './page.ts';
import { pageText } from './page-text.ts';
import {
  configurationPage,
  environmentPage,
  exitCodesPage,
  flagsPage,
  formatsPage,
} from './reference-pages.ts';
import { helpTopicNames, type HelpTopicName } from './topics.ts';

export interface HelpOptions {
  readonly table: CommandTable;
  /** The program's name, as it was started. */
  readonly bin: string;
  /** Columns of the terminal; help is wrapped to it. */
  readonly columns: number;
  /** Whether `help` stands first: pages that are no command's are then meant too. */
  readonly asTopic: boolean;
}

const leastColumns = 40;

/** Help on what the words name: a command, a topic, one of help's own pages, or the program. Throws USAGE for anything else. */
export async function helpOn(words: readonly string[], options: HelpOptions): Promise<string> {
  const { table, bin, asTopic } = options;
  const columns = Math.max(leastColumns, options.columns);
  const reference = asTopic ? referencePage(words, bin) : undefined;
  if (reference !== undefined) return pageText(reference, columns);
  const selection = selectCommand(words, table);
  switch (selection.kind) {
    case 'command':
      return commandHelp(await commandPage(selection.entry, bin), bin, columns);
    case 'topic':
      return pageText(topicPage(selection.topic, table, bin), columns);
    case 'none':
      return pageText(overviewPage(table, bin), columns);
    case 'unknown':
      throw asTopic
        ? noSuchPage(words, table, bin)
        : unknownCommand(
            selection,
            table.commands.map(({ id }) => id),
            bin,
          );
  }
}

const pages: Readonly<Record<HelpTopicName, (bin: string, word: string | undefined) => HelpPage>> = {
  flags: flagsPage,
  environment: environmentPage,
  'exit-codes': exitCodesPage,
  errors: (bin, code) => (code === undefined ? errorsPage(bin) : errorPage(code, bin)),
  formats: formatsPage,
  configuration: configurationPage,
};

function referencePage([first, second]: readonly string[], bin: string): HelpPage | undefined {
  const name = helpTopicNames.find((one) => one === first);
  return name === undefined ? undefined : pages[name](bin, second);
}

/** A page of help in another spelling; else what is said of a command that does not exist. */
function noSuchPage(words: readonly string[], table: CommandTable, bin: string): RemedyError {
  const [first = ''] = words;
  const topics = [
    ...table.topics.map(({ name }) => name),
    ...table.commands.map(({ id }) => id.split(':')[0] ?? id),
  ];
  const close = topics.includes(first) ? undefined : nearest(first, [...helpTopicNames, ...topics]);
  if (helpTopicNames.some((name) => name === close)) {
    return new RemedyError('USAGE', `there is no help on "${first}"`, {
      hint: `did you mean ${bin} help ${close ?? ''}?`,
    });
  }
  const error = unknownCommand(
    { words, next: words[1] },
    table.commands.map(({ id }) => id),
    bin,
  );
  return new RemedyError('USAGE', `there is no help on "${words.join(' ')}"`, { hint: error.hint });
}
