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
  /** How the lines are put together on a terminal; default: one under the other. */
  draw?: ((lines: readonly string[]) => string) | undefined;
}

const gap = 3;
const leastWidth = 8;

/**
 * A table that is printed in blocks: the header once, and columns that never get narrower. Where a line is too
 * narrow for every column at its least width, columns are left out: the spare ones first, then the last ones.
 */
export class BlockTable<Row> {
  private columns: readonly TableColumn<Row>[];
  private readonly style: TableStyle;
  private widths: number[] = [];
  private started = false;

  constructor(columns: readonly TableColumn<Row>[], style: TableStyle) {
    this.columns = columns;
    this.style = style;
  }

  /** The next block as text, each line ended. */
  block(rows: readonly Row[]): string {
    const withHeader = this.style.header && !this.started;
    if (!this.started) this.columns = this.columnsThatFit(rows);
    this.started = true;
    const cells = this.cellsOf(rows);
    const headers = this.columns.map(({ header }) => header);
    this.widths = this.columnWidths(withHeader ? [headers, ...cells] : cells);
    const lines = cells.map((line, index) => this.paintLine(line, rows[index] as Row));
    if (withHeader) lines.unshift(this.fit(headers).map((header) => this.style.paintHeader(header)));
    return lines.length === 0 ? '' : `${this.draw(lines.map((line) => line.join('')))}\n`;
  }

  private draw(lines: readonly string[]): string {
    const { draw = plainLines } = this.style;
    return draw(lines)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n');
  }

  private cellsOf(rows: readonly Row[]): string[][] {
    return rows.map((row) => this.columns.map(({ cell }) => toTerminalText(cell(row) ?? '') || '-'));
  }

  private columnsThatFit(rows: readonly Row[]): TableColumn<Row>[] {
    const { maxWidth, header } = this.style;
    const columns = [...this.columns];
    if (maxWidth === undefined) return columns;
    const cells = this.cellsOf(rows);
    const least = columns.map((column, index) => {
      const texts = [header ? column.header : '', ...cells.map((line) => line[index] ?? '')];
      return Math.min(leastWidth, Math.max(...texts.map(textWidth)));
    });
    while (columns.length > 1 && sum(least) + gap * (least.length - 1) > maxWidth) {
      const spare = columns.findLastIndex((column) => column.spare === true);
      const left = spare === -1 ? columns.length - 1 : spare;
      columns.splice(left, 1);
      least.splice(left, 1);
    }
    return columns;
  }

  private columnWidths(lines: readonly string[][]): number[] {
    const natural = this.columns.map((_, column) =>
      Math.max(this.widths[column] ?? 0, ...lines.map((line) => textWidth(line[column] ?? ''))),
    );
    return this.style.maxWidth === undefined ? natural : shrink(natural, this.style.maxWidth);
  }

  private paintLine(line: string[], row: Row): string[] {
    return this.fit(line).map((text, column) => this.columns[column]?.paint?.(text, row) ?? text);
  }

  /** Cut and filled to the columns' widths; the last column is not filled. */
  private fit(line: readonly string[]): string[] {
    const last = line.length - 1;
    return line.map((text, column) => {
      const width = this.widths[column] ?? 0;
      const cut = cutToWidth(text, width);
      return column === last ? cut : padToWidth(cut, width + gap);
    });
  }
}

/** Takes from the widest columns until the line fits. */
function shrink(natural: readonly number[], maxWidth: number): number[] {
  const widths = [...natural];
  const available = maxWidth - gap * (widths.length - 1);
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

function plainLines(lines: readonly string[]): string {
  return lines.join('\n');
}
