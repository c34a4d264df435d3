import Table from 'cli-table3';
import { toTerminalText } from '../terminal-text.ts';
import { cutToWidth, padToWidth, textWidth } from '../text-width.ts';

export interface TableColumn<Row> {
  header: string;
  /** The cell's text as it is; it is made safe for a terminal here. */
  cell: (row: Row) => string | undefined;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  /** Colours a cell that is safe already; the width does not change. */
  paint?: (text: string, row: Row) => string;
}

export interface TableStyle {
  header: boolean;
  /** Columns to keep within; undefined (pipes, wide) cuts nothing. */
  maxWidth: number | undefined;
  /** Paints the header. */
  paintHeader: (text: string) => string;
}

const gap = 3;
const leastWidth = 8;
const noBorders = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((part) => [part, '']),
);

/** A table that is printed in blocks: the header once, and columns that never get narrower. */
export class BlockTable<Row> {
  private readonly columns: readonly TableColumn<Row>[];
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
    this.started = true;
    const cells = rows.map((row) => this.columns.map(({ cell }) => toTerminalText(cell(row) ?? '') || '-'));
    const headers = this.columns.map(({ header }) => header);
    this.widths = this.columnWidths(withHeader ? [headers, ...cells] : cells);
    const lines = cells.map((line, index) => this.paintLine(line, rows[index] as Row));
    if (withHeader) lines.unshift(this.fit(headers).map((header) => this.style.paintHeader(header)));
    return drawLines(lines);
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
    if (widest <= leastWidth) break;
    widths[widths.lastIndexOf(widest)] = widest - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function drawLines(lines: readonly string[][]): string {
  if (lines.length === 0) return '';
  const table = new Table({
    chars: noBorders,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  // The columns are cut and filled already: one cell a line spares the library's own layout, which is slow.
  table.push(...lines.map((line) => [line.join('')]));
  const text = table.toString();
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}
