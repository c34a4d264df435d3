import { wrapText } from '../render/wrapped-text.ts';
import type { CommandPage, FlagGroup } from './command-page.ts';
import { lines, paragraph, rows, type HelpSection } from './page.ts';
import { pageText, sectionLines } from './page-text.ts';

/** Rows of a small terminal, less the one of the prompt or of the pager. */
const rowsAtOnce = 23;
const linesOfShortDescription = 2;

/**
 * The help of a command. Usage, description and every flag of its own are to be seen at once on a terminal of 24 rows: where
 * they are too long for it, the description goes on behind the flags, and where that is not enough, flags of a group stand
 * by their names, and what each means below.
 */
export function commandHelp(page: CommandPage, bin: string, columns: number): string {
  const [short, more] = splitDescription(page.description, columns);
  const layouts = [
    { first: [...head(page, bin, page.description), ...groupSections(page.flagGroups)], second: [] },
    { first: [...head(page, bin, short), ...groupSections(page.flagGroups)], second: detail(more) },
    {
      first: [...head(page, bin, short), ...namedGroups(page.flagGroups)],
      second: [...groupSections(page.flagGroups.filter(({ title }) => title !== '')), ...detail(more)],
    },
  ];
  const { first, second } = layouts.find((layout) => rowsOf(layout.first, columns) <= rowsAtOnce) ??
    layouts.at(-1) ?? { first: [], second: [] };
  return pageText({ sections: [...first, ...second, ...tail(page, bin)] }, columns);
}

function rowsOf(sections: readonly HelpSection[], columns: number): number {
  const each = sections.map((section) => sectionLines(section, columns).length + 1);
  return each.reduce((sum, count) => sum + count, -1);
}

function head(page: CommandPage, bin: string, description: string): HelpSection[] {
  const args = page.args.filter(({ text }) => text !== '');
  return [
    {
      title: 'USAGE',
      blocks: [lines([`$ ${bin} ${page.usage}`]), ...(args.length === 0 ? [] : [rows(args)])],
    },
    { title: 'DESCRIPTION', blocks: [paragraph(description)] },
  ];
}

function groupSections(groups: readonly FlagGroup[]): HelpSection[] {
  return groups.map(({ title, rows: all }) => ({
    title: title === '' ? 'FLAGS' : `${title} FLAGS`,
    blocks: [rows(all)],
  }));
}

function namedGroups(groups: readonly FlagGroup[]): HelpSection[] {
  const [plain] = groups.filter(({ title }) => title === '');
  const named = groups
    .filter(({ title }) => title !== '')
    .map(({ title, names }) => ({ name: title.toLowerCase(), text: names.join(' ') }));
  return [
    { title: 'FLAGS', blocks: [rows(plain?.rows ?? []), ...(named.length === 0 ? [] : [rows(named)])] },
  ];
}

function tail({ commonFlags, moreFlags, examples }: CommandPage, bin: string): HelpSection[] {
  return [
    {
      title: 'FLAGS OF EVERY COMMAND',
      blocks: [rows(commonFlags), paragraph(`and ${moreFlags} more: ${bin} help flags`)],
    },
    ...(examples.length === 0 ? [] : [{ title: 'EXAMPLES', blocks: [lines(examples)] }]),
  ];
}

function detail(more: string): HelpSection[] {
  return more === '' ? [] : [{ title: 'MORE', blocks: [paragraph(more)] }];
}

/** The first sentence and those behind it that fit into few lines; and the others. */
function splitDescription(description: string, columns: number): [string, string] {
  const sentences = description.split(/(?<=[.!?]) (?=\p{Lu})/u);
  const fit = sentences.filter(
    (_, index) =>
      index === 0 ||
      wrapText(sentences.slice(0, index + 1).join(' '), columns - 2).length <= linesOfShortDescription,
  );
  return [fit.join(' '), sentences.slice(fit.length).join(' ')];
}
