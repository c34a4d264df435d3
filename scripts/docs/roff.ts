import type { HelpBlock, HelpSection } from '../../src/cli/help/page.ts';

/** A manual page of section 1 in the macros of man(7); the same input gives the same bytes. */
export function manPage(name: string, version: string, sections: readonly HelpSection[]): string {
  const lines = [
    '.\\" Written by npm run docs:man.',
    `.TH ${escaped(name.toUpperCase())} 1 "" "remedyctl ${escaped(version)}" "remedyctl"`,
    '.nh',
    '.ad l',
    ...sections.flatMap(sectionLines),
  ];
  return `${lines.join('\n')}\n`;
}

function sectionLines({ title, blocks }: HelpSection): string[] {
  return [`.SH "${escaped(title)}"`, ...blocks.flatMap(blockLines)];
}

function blockLines(block: HelpBlock): string[] {
  switch (block.kind) {
    case 'paragraph':
      return ['.PP', textLine(block.text)];
    case 'lines':
      return ['.PP', '.nf', '.RS 4', ...block.lines.map(textLine), '.RE', '.fi'];
    case 'rows':
      return block.rows.flatMap(({ name, text }) => [
        '.TP',
        `\\fB${escaped(name.trim())}\\fR`,
        textLine(text),
      ]);
  }
}

/** A line that is no request, whatever it begins with. */
function textLine(text: string): string {
  const line = text.replaceAll(/\S{40,}/g, (word) => word.replaceAll('/', `/${breakable}`));
  const written = escaped(line).replaceAll(breakable, '\\:');
  return /^[.']/.test(text) ? `\\&${written}` : written;
}

/** Where a long word, such as a URL, may be broken: a character that no text has. */
const breakable = '\u0000';

const special: Readonly<Record<string, string>> = {
  '\\': '\\(rs',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Each character as itself: no request, no typographic quote, no dash, and ASCII alone. */
function escaped(text: string): string {
  return Array.from(text)
    .map((character) => special[character] ?? ascii(character))
    .join('');
}

function ascii(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  return point < 0x7f ? character : `\\[u${point.toString(16).toUpperCase().padStart(4, '0')}]`;
}
