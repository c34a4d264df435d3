import { exactJson } from '../../text/exact-json.ts';
import type { OutputFormat } from './output-format.ts';
import type { Output } from './output.ts';
import { BlockTable, wholeTable, type TableColumn, type TableStyle } from './table.ts';

/** Everything that a value needs to be printed in any format. */
export interface DocumentView<Row> {
  /** The whole value, for json, yaml and jsonpath. */
  document: object;
  /** What rows, names and custom columns are made of. */
  rows: readonly Row[];
  columns: readonly TableColumn<Row>[];
  /** `kind/name` of a row. */
  name: (row: Row) => string | undefined;
  /** jsonl: one line a row; absent: the whole document on one line. */
  lines?: readonly unknown[];
  /** One thing in full: nothing of it is cut on a terminal. */
  inFull?: boolean;
}

export interface RenderOptions {
  format: OutputFormat;
  table: TableStyle;
}

/** Prints one value. */
export async function printDocument<Row>(
  output: Output,
  view: DocumentView<Row>,
  options: RenderOptions,
): Promise<void> {
  const { format } = options;
  switch (format.kind) {
    case 'table':
    case 'wide':
      return output.write(await tableText(view, options));
    case 'json':
      return output.write(`${exactJson(view.document, 2)}\n`);
    case 'jsonl':
      return output.write((view.lines ?? [view.document]).map((line) => `${exactJson(line)}\n`).join(''));
    case 'yaml':
      return output.write(await toYaml(view.document));
    case 'name':
      return output.writeText(view.rows.map((row) => nameLine(view.name(row))).join(''));
    case 'jsonpath': {
      const { compileTemplate } = await import('../../jsonpath/jsonpath.ts');
      return output.writeText(compileTemplate(format.template, output.miss)(view.document));
    }
    case 'custom-columns': {
      const columns = await customColumns(format.columns);
      const table = new BlockTable(columns, { ...options.table, maxWidth: undefined });
      return output.write(table.block(view.rows));
    }
  }
}

/** YAML 1.2 that YAML 1.1 readers take the same way: strings that either would read otherwise are quoted. */
export async function toYaml(value: unknown): Promise<string> {
  const { exactYaml } = await import('../../text/exact-yaml.ts');
  return exactYaml(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}

/** One line of `-o name`; nothing for a row without one. */
export function nameLine(name: string | undefined): string {
  return name === undefined ? '' : `${name}\n`;
}

/** The columns that `-o custom-columns` asks for, as kubectl prints them; `<none>` where a path finds nothing or does not apply. */
export async function customColumns(
  columns: readonly { header: string; path: string }[],
): Promise<TableColumn<unknown>[]> {
  const { compilePath } = await import('../../jsonpath/jsonpath.ts');
  return columns.map(({ header, path }) => {
    const find = compilePath(path);
    return {
      header,
      cell: (row) => {
        const found = find(row);
        return found.length === 0 ? '<none>' : found.join(',');
      },
    };
  });
}

/** The columns that a format shows. */
export function shownColumns<Row>(
  columns: readonly TableColumn<Row>[],
  format: OutputFormat,
): readonly TableColumn<Row>[] {
  return format.kind === 'wide' ? columns : columns.filter(({ wide }) => wide !== true);
}

function tableText<Row>(view: DocumentView<Row>, { format, table }: RenderOptions): string | Promise<string> {
  const style = format.kind === 'wide' ? { ...table, maxWidth: undefined } : table;
  const columns = shownColumns(view.columns, format);
  return view.inFull === true
    ? wholeTable(columns, view.rows, style)
    : new BlockTable(columns, style).block(view.rows);
}
