import { toTerminalText } from '../terminal-text.ts';
import { cutLeftToWidth, cutToWidth, padToWidth, textWidth } from '../text-width.ts';
import { wrapToWidth } from './wrapped-text.ts';

export interface TableColumn<Row> {
  header: string;
  /** The cell's text as it is; it is made safe for a terminal here. */
  cell: (row: Row) => string | undefined;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  /** What the row is called, or the answer itself: never cut and never left out. */
  key?: boolean;
  /** A name that the next command needs: left out rather than cut. */
  whole?: boolean;
  /** Where the terminal is too narrow for all, the greatest is left out first; default 0: after those that have a number. */
  spare?: number;
  /** What says more by its end is cut at its beginning. */
  cutLeft?: boolean;
  /** Of the last column: takes what the others leave, and goes on below itself. */
  wraps?: boolean;
  /** How wide its widest cells are as a rule: a table that goes on begins with that. */
  usual?: number;
  /** Colours a cell that is safe already; the width does not change. */
  paint?: (text: string, row: Row) => string;
}

export interface TableStyle {
  header: boolean;
  /** Columns to keep within; undefined (pipes, wide) cuts nothing. */
  maxWidth: number | undefined;
  /** Paints the header. */
  paintHeader: (text: string) => string;
  /** Lays out a whole table for a person, on a terminal: nothing is cut, what is too long for its column goes on below. */
  layOut?: (() => Promise<LayOut>) | undefined;
  /** More blocks follow whose cells nobody knows yet: columns begin as wide as usual. */
  goesOn?: boolean;
  /** Told once how many columns had to be left out. */
  onHidden?: ((count: number) => void) | undefined;
}

/** `widths`: columns of the terminal for each cell of a row, without the gap between two. */
export type LayOut = (rows: readonly (readonly LaidOutCell[])[], widths: readonly number[]) => string;

/** `text` is safe for a terminal; `paint` colours it. */
export interface LaidOutCell {
  text: string;
  paint: (text: string) => string;
}

export const columnGap = 3;
/** To this a column is cut before another one is left out; one that wraps needs more. */
const leastWidth = 10;
const leastWrapped = 24;
/** More than these lines one row does not take: `-o wide` has all of it. */
const mostLines = 3;

/** A table that is looked at as a whole: by `layOut` on a terminal, as one block otherwise. Each line is ended. */
export async function wholeTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  style: TableStyle,
): Promise<string> {
  const { layOut, header, maxWidth, paintHeader } = style;
  if (layOut === undefined || maxWidth === undefined) return new BlockTable(columns, style).block(rows);
  const lines = rows.map((row) =>
    columns.map(({ cell, paint }) => ({
      text: safeCell(cell(row)),
      paint: (text: string) => paint?.(text, row) ?? text,
    })),
  );
  const heading = columns.map((column) => ({ text: toTerminalText(column.header), paint: paintHeader }));
  const all = header ? [heading, ...lines] : lines;
  if (all.length === 0) return '';
  const natural = columns.map((_, place) =>
    Math.max(...all.map((line) => textWidth(line[place]?.text ?? ''))),
  );
  const draw = await layOut();
  return `${draw(all, fitWidths(columns, natural, maxWidth))}\n`;
}

function safeCell(text: string | undefined): string {
  return toTerminalText(text ?? '') || '-';
}

/**
 * A table that is printed in blocks: the header once, and columns that never get narrower. Where a line is too
 * narrow for every column at its least width, columns are left out: the spare ones first, then the last ones. Keys stay
 * whole, also where a line then wraps.
 */
export class BlockTable<Row> {
  #columns: readonly TableColumn<Row>[];
  readonly #style: TableStyle;
  #widths: number[] = [];
  #started = false;

  constructor(columns: readonly TableColumn<Row>[], style: TableStyle) {
    this.#columns = columns;
    this.#style = style;
  }

  /** The next block as text, each line ended. */
  block(rows: readonly Row[]): string {
    const withHeader = this.#style.header && !this.#started;
    if (!this.#started) this.#begin(rows);
    this.#started = true;
    const cells = this.#cellsOf(rows);
    const headers = this.#columns.map(({ header }) => toTerminalText(header));
    this.#widths = this.#columnWidths(withHeader ? [headers, ...cells] : cells);
    const lines = cells.flatMap((line, index) => this.#rowLines(line, rows[index] as Row));
    if (withHeader) lines.unshift(this.#fit(headers).map((header) => this.#style.paintHeader(header)));
    return lines.map((line) => `${line.join('').trimEnd()}\n`).join('');
  }

  #begin(rows: readonly Row[]): void {
    this.#leaveOut(rows);
    if (this.#style.goesOn === true) this.#widths = this.#columns.map(({ usual = 0 }) => usual);
  }

  #cellsOf(rows: readonly Row[]): string[][] {
    return rows.map((row) => this.#columns.map(({ cell }) => safeCell(cell(row))));
  }

  #leaveOut(rows: readonly Row[]): void {
    const { maxWidth, header, onHidden } = this.#style;
    if (maxWidth === undefined) return;
    const columns = [...this.#columns];
    const cells = this.#cellsOf(rows);
    const least = columns.map((column, index) => {
      const texts = [header ? column.header : '', ...cells.map((line) => line[index] ?? '')];
      return leastOf(column, Math.max(...texts.map(textWidth)));
    });
    while (sum(least) + columnGap * (least.length - 1) > maxWidth) {
      const left = nextToLeave(columns);
      if (left === undefined) break;
      columns.splice(left, 1);
      least.splice(left, 1);
    }
    const hidden = this.#columns.length - columns.length;
    this.#columns = columns;
    if (hidden > 0) onHidden?.(hidden);
  }

  #columnWidths(lines: readonly string[][]): number[] {
    const natural = this.#columns.map((_, column) =>
      Math.max(this.#widths[column] ?? 0, ...lines.map((line) => textWidth(line[column] ?? ''))),
    );
    const { maxWidth } = this.#style;
    return maxWidth === undefined ? natural : fitWidths(this.#columns, natural, maxWidth);
  }

  /** One line, and those on which its last column goes on. */
  #rowLines(line: readonly string[], row: Row): string[][] {
    const last = this.#columns.length - 1;
    const paint = (text: string, column: number): string => this.#columns[column]?.paint?.(text, row) ?? text;
    if (this.#columns[last]?.wraps !== true) return [this.#fit(line).map(paint)];
    const [first = '', ...more] = wrapCell(line[last] ?? '', this.#widths[last] ?? 0);
    const indent = ' '.repeat(sum(this.#widths.slice(0, last)) + columnGap * last);
    return [
      this.#fit([...line.slice(0, last), first]).map(paint),
      ...more.map((text) => [indent, paint(text, last)]),
    ];
  }

  /** Cut and filled to the columns' widths; the last column is not filled. */
  #fit(line: readonly string[]): string[] {
    const last = line.length - 1;
    return line.map((text, column) => {
      const width = this.#widths[column] ?? 0;
      const cut =
        this.#columns[column]?.cutLeft === true ? cutLeftToWidth(text, width) : cutToWidth(text, width);
      return column === last ? cut : padToWidth(cut, width + columnGap);
    });
  }
}

function isWhole({ key, whole }: TableColumn<never>): boolean {
  return key === true || whole === true;
}

function leastOf(column: TableColumn<never>, natural: number): number {
  const { wraps } = column;
  if (isWhole(column)) return natural;
  return Math.min(natural, wraps === true ? leastWrapped : leastWidth);
}

/** Undefined where one column or nothing but keys is left. */
function nextToLeave(columns: readonly TableColumn<never>[]): number | undefined {
  let found: number | undefined;
  if (columns.length === 1) return undefined;
  for (const [index, { key, spare = 0 }] of columns.entries()) {
    if (key === true) continue;
    if (found === undefined || spare >= (columns[found]?.spare ?? 0)) found = index;
  }
  return found;
}

/**
 * Takes from what wraps, then from the widest columns, until the line fits: first down to what leaves them readable,
 * then further. From whole columns nothing is taken.
 */
function fitWidths(
  columns: readonly TableColumn<never>[],
  natural: readonly number[],
  maxWidth: number,
): number[] {
  const widths = [...natural];
  let over = sum(widths) + columnGap * (widths.length - 1) - maxWidth;
  const least = columns.map((column, place) => leastOf(column, natural[place] ?? 0));
  const narrowest = columns.map((column, place) => (isWhole(column) ? (natural[place] ?? 0) : 1));
  const wrapping = columns.map(({ wraps }) => wraps === true);
  for (const [floor, isChosen] of [
    [least, wrapping],
    [least, undefined],
    [narrowest, undefined],
  ] as const) {
    for (; over > 0; over -= 1) {
      const free = widths.map((width, place) =>
        width > (floor[place] ?? 0) && isChosen?.[place] !== false ? width : 0,
      );
      const widest = Math.max(...free);
      if (widest === 0) break;
      widths[free.lastIndexOf(widest)] = widest - 1;
    }
  }
  return widths;
}

/** Lines between words, not many of them. */
function wrapCell(text: string, width: number): string[] {
  const lines = wrapToWidth(text, width);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), cutToWidth(lines.slice(mostLines - 1).join(' '), width)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
