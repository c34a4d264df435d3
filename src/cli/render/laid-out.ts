import Table from 'cli-table3';
import { splitToWidth, textWidth } from '../text-width.ts';
import { columnGap } from './column-widths.ts';
import type { LaidOutCell } from './table.ts';

const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/**
 * Rows as cli-table3 lays them out: columns, wrapping between words, colours that go on below. A module of its own:
 * loading and drawing take some 20 ms, which a pipe need not wait for.
 */
export function laidOut(rows: readonly (readonly LaidOutCell[])[], widths: readonly number[]): string {
  const gaps = widths.map((_, place) => (place === widths.length - 1 ? 0 : columnGap));
  const table = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colWidths: widths.map((width, place) => width + (gaps[place] ?? 0)),
    wordWrap: true,
  });
  table.push(
    ...rows.map((row) =>
      row.map(({ text, paint }, place) => ({
        content: paint(withoutLongWords(text, widths[place] ?? 1)),
        style: { 'padding-right': gaps[place] ?? 0 },
      })),
    ),
  );
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** The library wraps between words, and would cut one that is wider than its column. */
function withoutLongWords(text: string, width: number): string {
  const words = text.split(' ');
  return words
    .map((word) => (textWidth(word) <= width ? word : splitToWidth(word, width).join('\n')))
    .join(' ');
}
