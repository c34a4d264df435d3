import { commandPage, type CommandPage } from '../../src/cli/help/command-page.ts';
import { errorPage } from '../../src/cli/help/error-help.ts';
import { overviewPage, firstSteps } from '../../src/cli/help/overview.ts';
import { lines, paragraph, rows, type HelpBlock, type HelpSection } from '../../src/cli/help/page.ts';
import {
  configurationPage,
  environmentPage,
  exitCodesPage,
  flagsPage,
  formatsPage,
} from '../../src/cli/help/reference-pages.ts';
import { commandTable } from '../../src/commands/command-table.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';
import { manPage } from './roff.ts';

const bin = 'remedyctl';

/** The manual pages by file name: that of the program, with what `help` has pages on, and one for each command. */
export async function manPages(version: string): Promise<Map<string, string>> {
  const commands = await Promise.all(commandTable.commands.map((entry) => commandPage(entry, bin)));
  const pages: [string, string][] = [
    [`${bin}.1`, manPage(bin, version, programSections(commands))],
    ...commands.map((page): [string, string] => {
      const name = manName(page.words);
      return [`${name}.1`, manPage(name, version, commandSections(page))];
    }),
  ];
  return new Map(pages.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function manName(words: string): string {
  return `${bin}-${words.replaceAll(' ', '-')}`;
}

function commandSections(page: CommandPage): HelpSection[] {
  return [
    { title: 'NAME', blocks: [paragraph(`${manName(page.words)} - ${page.summary.replace(/\.$/, '')}`)] },
    { title: 'SYNOPSIS', blocks: [paragraph(`${bin} ${page.usage}`)] },
    {
      title: 'DESCRIPTION',
      blocks: [paragraph(page.description), ...(page.args.length === 0 ? [] : [rows(page.args)])],
    },
    ...page.flagGroups.map((group) => ({
      title: group.title === '' ? 'FLAGS' : `${group.title} FLAGS`,
      blocks: [rows(group.rows)],
    })),
    {
      title: 'FLAGS OF EVERY COMMAND',
      blocks: [rows(page.commonFlags), paragraph(`and ${page.moreFlags} more, which stand in ${bin}(1).`)],
    },
    ...(page.examples.length === 0 ? [] : [{ title: 'EXAMPLES', blocks: [lines(page.examples)] }]),
    { title: 'EXIT STATUS', blocks: [paragraph(`0 when it is done; the others stand in ${bin}(1).`)] },
    { title: 'SEE ALSO', blocks: [paragraph(seeAlso(page.words))] },
  ];
}

/** The program, and the other commands of the topic. */
function seeAlso(words: string): string {
  const [topic] = words.split(' ');
  const others = commandTable.commands
    .map(({ id }) => id.replaceAll(':', ' '))
    .filter((other) => other !== words && other.startsWith(`${topic ?? ''} `));
  return [bin, ...others.map(manName)].map((name) => `${name}(1)`).join(', ');
}

function programSections(commands: readonly CommandPage[]): HelpSection[] {
  const [what = ''] = overviewPage(commandTable, bin).opening ?? [];
  return [
    {
      title: 'NAME',
      blocks: [paragraph(`${bin} - do by hand what an automated-remediation gateway does by itself`)],
    },
    {
      title: 'SYNOPSIS',
      blocks: [paragraph(`${bin} COMMAND [FLAGS]`), paragraph('kubectl remedy COMMAND [FLAGS]')],
    },
    {
      title: 'DESCRIPTION',
      blocks: [
        paragraph(what),
        paragraph('To start with:'),
        rows(firstSteps.map(({ name, text }) => ({ name: `${bin} ${name}`, text }))),
      ],
    },
    {
      title: 'COMMANDS',
      blocks: [rows(commands.map(({ words, summary }) => ({ name: words, text: summary })))],
    },
    ...flagsPage().sections,
    { title: 'ENVIRONMENT', blocks: environmentPage().sections.flatMap(underHeading) },
    { title: 'CONFIGURATION', blocks: configurationPage(bin).sections.flatMap(underHeading) },
    { title: 'FORMATS', blocks: formatsPage().sections.flatMap(underHeading) },
    { title: 'EXIT STATUS', blocks: exitCodesPage().sections.flatMap(({ blocks }) => blocks) },
    { title: 'ERRORS', blocks: [rows(errorCodes.map(errorRow))] },
    {
      title: 'SEE ALSO',
      blocks: [paragraph(commands.map(({ words }) => `${manName(words)}(1)`).join(', '))],
    },
  ];
}

function underHeading({ title, blocks }: HelpSection): HelpBlock[] {
  return [paragraph(`${title.charAt(0)}${title.slice(1).toLowerCase()}:`), ...blocks];
}

function errorRow(code: (typeof errorCodes)[number]): { name: string; text: string } {
  const { opening = [], sections } = errorPage(code, bin);
  const texts = sections.flatMap(({ blocks }) =>
    blocks.map((block) => (block.kind === 'paragraph' ? block.text : '')),
  );
  return { name: opening.join(' '), text: texts.join(' ') };
}
