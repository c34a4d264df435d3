import { wrapText } from '../render/wrapped-text.ts';
import { padToWidth, textWidth } from '../text-width.ts';
import type { HelpBlock, HelpPage, HelpRow, HelpSection } from './page.ts';

const indent = 2;
const gap = 2;
const leastColumns = 40;

/** A page for a terminal of so many columns; nothing but lines that are to be copied is longer. */
export function pageText({ opening = [], sections }: HelpPage, columns: number): string {
  const width = Math.max(leastColumns, columns);
  const top = opening.flatMap((text) => wrapText(text, width));
  const parts = [
    ...(top.length === 0 ? [] : [top]),
    ...sections.map((section) => sectionLines(section, width)),
  ];
  return `${parts.map((part) => part.join('\n')).join('\n\n')}\n`;
}

/** A heading with what stands under it. */
export function sectionLines({ title, blocks }: HelpSection, columns: number): string[] {
  return [title, ...blocks.flatMap((block) => blockLines(block, columns))];
}

function blockLines(block: HelpBlock, columns: number): string[] {
  const blank = ' '.repeat(indent);
  switch (block.kind) {
    case 'paragraph':
      return wrapText(block.text, columns - indent).map((line) => blank + line);
    case 'lines':
      return block.lines.map((line) => (line === '' ? '' : blank + line));
    case 'rows':
      return rowLines(block.rows, columns);
  }
}

/** A name that is much longer than others has a line of its own, so that it leaves the others' texts their room. */
function rowLines(rows: readonly HelpRow[], columns: number): string[] {
  const widest = Math.max(
    0,
    ...rows.map(({ name }) => textWidth(name)).filter((width) => width <= columns * 0.45),
  );
  const start = indent + widest + gap;
  return rows.flatMap(({ name, text }) => {
    const wrapped = text === '' ? [] : wrapText(text, columns - start);
    const head = ' '.repeat(indent) + name;
    const beside = textWidth(name) <= widest;
    const [first, ...rest] = beside ? wrapped : [undefined, ...wrapped];
    return [
      first === undefined ? head : padToWidth(head, start) + first,
      ...rest.map((line) => ' '.repeat(start) + (line ?? '')),
    ];
  });
}
