import { toTerminalText } from '../terminal-text.ts';
import { cutLeftToWidth, cutToWidth, padToWidth, textWidth } from '../text-width.ts';
import { columnGap, isWhole, naturalOf, placesThatFit, widthsWithin } from './column-widths.ts';
import type { ColumnFit, Measured } from './column-widths.ts';
import { wrapToWidth } from './wrapped-text.ts';

export interface TableColumn<Row> extends ColumnFit {
  header: string;
  /** The cell's text as it is; it is made safe for a terminal here. */
  cell: (row: Row) => string | undefined;
  /** Shown with `-o wide` only. */
  wide?: boolean;
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

/** More than these lines one row does not take: `-o wide` has all of it. */
const mostLines = 3;

/**
 * A table that is looked at as a whole: by `layOut` on a terminal, as one block otherwise. Nothing is left out there but
 * spare columns. Each line is ended.
 */
export async function wholeTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  style: TableStyle,
): Promise<string> {
  const { layOut, header, maxWidth, paintHeader, onHidden } = style;
  if (layOut === undefined || maxWidth === undefined) return new BlockTable(columns, style).block(rows);
  if (rows.length === 0 && !header) return '';
  const cellsOf = ({ header: heading, cell, paint }: TableColumn<Row>): LaidOutCell[] => [
    ...(header ? [{ text: toTerminalText(heading), paint: paintHeader }] : []),
    ...rows.map((row) => ({
      text: safeCell(cell(row)),
      paint: (text: string) => paint?.(text, row) ?? text,
    })),
  ];
  const cells = columns.map(cellsOf);
  const measured = cells.map((texts) => {
    const widths = texts.map(({ text }) => textWidth(text));
    return header ? { header: widths[0] ?? 0, cells: widths.slice(1) } : { header: 0, cells: widths };
  });
  const places = columns.some(({ spare = 0 }) => spare > 0)
    ? placesThatFit(columns, measured, { maxWidth, longest: maxWidth })
    : columns.map((_, place) => place);
  if (places.length < columns.length) onHidden?.(columns.length - places.length);
  const shown = places.map((place) => cells[place] ?? []);
  const lines = (shown[0] ?? []).map((_, line) => shown.map((texts) => texts[line] as LaidOutCell));
  const draw = await layOut();
  const [some, sizes] = [columns, measured].map((all) => places.map((place) => all[place]));
  return `${draw(lines, widthsWithin(some as ColumnFit[], sizes as Measured[], maxWidth))}\n`;
}

function safeCell(text: string | undefined): string {
  return toTerminalText(text ?? '') || '-';
}

/**
 * A table that is printed in blocks: the header once, and columns that never get narrower. Where a line is too
 * narrow for every column at its least width, columns are left out: the spare ones first, then the last ones. Keys stay
 * whole: one that is too long for its column stands out of it, and its row goes on below.
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
    this.#widths = this.#columnWidths(cells);
    const lines = cells.flatMap((line, index) => this.#rowLines(line, rows[index] as Row));
    if (withHeader) lines.unshift(this.#headerLine());
    return lines.map((line) => `${line.join('').trimEnd()}\n`).join('');
  }

  /** What a table that goes on is yet to hold counts too. */
  #begin(rows: readonly Row[]): void {
    const { maxWidth, onHidden, goesOn } = this.#style;
    if (goesOn === true) this.#widths = this.#columns.map(({ usual = 0 }) => usual);
    if (maxWidth === undefined) return;
    const places = placesThatFit(this.#columns, this.#measured(this.#cellsOf(rows)), { maxWidth });
    const hidden = this.#columns.length - places.length;
    this.#columns = this.#columns.filter((_, place) => places.includes(place));
    this.#widths = this.#widths.filter((_, place) => places.includes(place));
    if (hidden > 0) onHidden?.(hidden);
  }

  #cellsOf(rows: readonly Row[]): string[][] {
    return rows.map((row) => this.#columns.map(({ cell }) => safeCell(cell(row))));
  }

  #measured(lines: readonly string[][]): Measured[] {
    return this.#columns.map(({ header }, place) => ({
      header: this.#style.header ? textWidth(toTerminalText(header)) : 0,
      cells: lines.map((line) => textWidth(line[place] ?? '')),
      before: this.#widths[place],
    }));
  }

  #columnWidths(lines: readonly string[][]): number[] {
    const { maxWidth } = this.#style;
    const measured = this.#measured(lines);
    return maxWidth === undefined ? measured.map(naturalOf) : widthsWithin(this.#columns, measured, maxWidth);
  }

  #headerLine(): string[] {
    const { paintHeader } = this.#style;
    return this.#columns.map(({ header }, place) => paintHeader(this.#fit(toTerminalText(header), place)));
  }

  /** One line; more where a cell stands out of its column, and where the last column goes on. */
  #rowLines(line: readonly string[], row: Row): string[][] {
    const last = line.length - 1;
    const [text = '', ...more] = this.#lastLines(line[last] ?? '');
    const lines: string[][] = [[]];
    for (const [place, cell] of [...line.slice(0, last), text].entries()) this.#add(lines, cell, place, row);
    const filled = lines.filter((cells) => cells.some((cell) => cell.trim() !== ''));
    return [...filled, ...more.map((rest) => [this.#indent(last), this.#painted(rest, last, row)])];
  }

  #lastLines(text: string): string[] {
    const last = this.#columns.length - 1;
    return this.#columns[last]?.wraps === true ? wrapCell(text, this.#widths[last] ?? 0) : [text];
  }

  /** To the last line; after one that stands out the row goes on below. */
  #add(lines: string[][], cell: string, place: number, row: Row): void {
    const start = this.#standingOut(cell, place);
    if (start !== undefined && start < this.#startOf(place)) lines.push([' '.repeat(start)]);
    lines.at(-1)?.push(this.#painted(this.#fit(cell, place), place, row));
    if (start !== undefined) lines.push([this.#indent(place + 1)]);
  }

  #painted(text: string, place: number, row: Row): string {
    return this.#columns[place]?.paint?.(text, row) ?? text;
  }

  /** Where a whole text begins that is too long for its column; undefined for one that is not. */
  #standingOut(text: string, place: number): number | undefined {
    const width = textWidth(text);
    if (!isWhole(this.#columns[place] ?? {}) || width <= (this.#widths[place] ?? 0)) return undefined;
    return Math.max(0, Math.min(this.#startOf(place), (this.#style.maxWidth ?? width) - width));
  }

  #indent(place: number): string {
    return ' '.repeat(this.#startOf(place));
  }

  #startOf(place: number): number {
    return this.#widths.slice(0, place).reduce((total, width) => total + width + columnGap, 0);
  }

  /** Cut and filled to the column's width; the last column is not filled, a whole one not cut. */
  #fit(text: string, place: number): string {
    const column = this.#columns[place];
    const width = this.#widths[place] ?? 0;
    const isLast = place === this.#columns.length - 1;
    const cut = column === undefined || isWhole(column) ? text : cutCell(text, width, column);
    return isLast ? cut : padToWidth(cut, width + columnGap);
  }
}

function cutCell(text: string, width: number, { cutLeft }: TableColumn<never>): string {
  return cutLeft === true ? cutLeftToWidth(text, width) : cutToWidth(text, width);
}

/** Lines between words, not many of them. */
function wrapCell(text: string, width: number): string[] {
  const lines = wrapToWidth(text, width);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), cutToWidth(lines.slice(mostLines - 1).join(' '), width)];
}
