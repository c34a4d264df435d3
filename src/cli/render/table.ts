import { toTerminalText } from '../terminal-text.ts';
import { cutToWidth, padToWidth, textWidth } from '../text-width.ts';

export interface TableColumn<Row> {
  header: string;
  /** The cell's text as it is; it is made safe for a terminal here. */
  cell: (row: Row) => string | undefined;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  /** Left out before others where the terminal is too narrow for all. */
  spare?: boolean;
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
}

/** `widths`: columns of the terminal for each cell of a row, without the gap between two. */
export type LayOut = (rows: readonly (readonly LaidOutCell[])[], widths: readonly number[]) => string;

/** `text` is safe for a terminal; `paint` colours it. */
export interface LaidOutCell {
  text: string;
  paint: (text: string) => string;
}

export const columnGap = 3;
const leastWidth = 8;

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
  return `${draw(all, shrink(natural, maxWidth))}\n`;
}

function safeCell(text: string | undefined): string {
  return toTerminalText(text ?? '') || '-';
}

/**
 * A table that is printed in blocks: the header once, and columns that never get narrower. Where a line is too
 * narrow for every column at its least width, columns are left out: the spare ones first, then the last ones.
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
    if (!this.#started) this.#columns = this.#columnsThatFit(rows);
    this.#started = true;
    const cells = this.#cellsOf(rows);
    const headers = this.#columns.map(({ header }) => toTerminalText(header));
    this.#widths = this.#columnWidths(withHeader ? [headers, ...cells] : cells);
    const lines = cells.map((line, index) => this.#paintLine(line, rows[index] as Row));
    if (withHeader) lines.unshift(this.#fit(headers).map((header) => this.#style.paintHeader(header)));
    return lines.map((line) => `${line.join('').trimEnd()}\n`).join('');
  }

  #cellsOf(rows: readonly Row[]): string[][] {
    return rows.map((row) => this.#columns.map(({ cell }) => safeCell(cell(row))));
  }

  #columnsThatFit(rows: readonly Row[]): TableColumn<Row>[] {
    const { maxWidth, header } = this.#style;
    const columns = [...this.#columns];
    if (maxWidth === undefined) return columns;
    const cells = this.#cellsOf(rows);
    const least = columns.map((column, index) => {
      const texts = [header ? column.header : '', ...cells.map((line) => line[index] ?? '')];
      return Math.min(leastWidth, Math.max(...texts.map(textWidth)));
    });
    while (columns.length > 1 && sum(least) + columnGap * (least.length - 1) > maxWidth) {
      const spare = columns.findLastIndex((column) => column.spare === true);
      const left = spare === -1 ? columns.length - 1 : spare;
      columns.splice(left, 1);
      least.splice(left, 1);
    }
    return columns;
  }

  #columnWidths(lines: readonly string[][]): number[] {
    const natural = this.#columns.map((_, column) =>
      Math.max(this.#widths[column] ?? 0, ...lines.map((line) => textWidth(line[column] ?? ''))),
    );
    return this.#style.maxWidth === undefined ? natural : shrink(natural, this.#style.maxWidth);
  }

  #paintLine(line: string[], row: Row): string[] {
    return this.#fit(line).map((text, column) => this.#columns[column]?.paint?.(text, row) ?? text);
  }

  /** Cut and filled to the columns' widths; the last column is not filled. */
  #fit(line: readonly string[]): string[] {
    const last = line.length - 1;
    return line.map((text, column) => {
      const width = this.#widths[column] ?? 0;
      const cut = cutToWidth(text, width);
      return column === last ? cut : padToWidth(cut, width + columnGap);
    });
  }
}

/** Takes from the widest columns until the line fits. */
function shrink(natural: readonly number[], maxWidth: number): number[] {
  const widths = [...natural];
  const available = maxWidth - columnGap * (widths.length - 1);
  for (let excess = sum(widths) - available; excess > 0; excess -= 1) {
    const widest = Math.max(...widths);
    if (widest <= 1) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
