import { exactJson } from '../../text/exact-json.ts';
import type { Session } from '../session.ts';
import { toTerminalOutput } from '../terminal-text.ts';
import { customColumns, nameLine, shownColumns, toYaml } from './document.ts';
import { BlockTable, type TableColumn } from './table.ts';

/** One event of a watch. */
export interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}

interface ChangeView<T> {
  columns: readonly TableColumn<T>[];
  name: (object: T) => string | undefined;
}

/** What one change of a watch is printed as: a line of its own, in a table under one header. */
export async function changeWriter<T>(
  { output, render, paint }: Session,
  { columns, name }: ChangeView<T>,
): Promise<(change: Change<T>) => string | Promise<string>> {
  const { format, table: style } = render;
  const forTerminal = (text: string): string => (output.isTerminal ? toTerminalOutput(text) : text);
  switch (format.kind) {
    case 'json':
    case 'jsonl':
      return (change) => `${exactJson(change)}\n`;
    case 'yaml':
      return async (change) => `---\n${await toYaml(change)}`;
    case 'name':
      return ({ object }) => forTerminal(nameLine(name(object)));
    case 'jsonpath': {
      const { compileTemplate } = await import('../../jsonpath/jsonpath.ts');
      const print = compileTemplate(format.template, output.miss);
      return (change) => forTerminal(print(change));
    }
    case 'custom-columns': {
      const table = new BlockTable(await customColumns(format.columns), { ...style, maxWidth: undefined });
      return ({ object }) => table.block([object]);
    }
    case 'table':
    case 'wide': {
      const event: TableColumn<Change<T>> = {
        header: 'EVENT',
        cell: ({ type }) => type,
        paint: (text, { type }) => (type === 'DELETED' ? paint.gray(text) : text),
      };
      const ofObject = shownColumns(columns, format).map(({ cell, paint: paintCell, ...column }) => ({
        ...column,
        cell: ({ object }: Change<T>) => cell(object),
        ...(paintCell === undefined
          ? {}
          : { paint: (text: string, { object }: Change<T>) => paintCell(text, object) }),
      }));
      const table = new BlockTable<Change<T>>([event, ...ofObject], style);
      return (change) => table.block([change]);
    }
  }
}
