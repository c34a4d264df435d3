import type { ChalkInstance } from 'chalk';
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

/** Column functions of an object, applied to what holds one. */
export function columnsOver<T, Row>(
  columns: readonly TableColumn<T>[],
  objectOf: (row: Row) => T,
): TableColumn<Row>[] {
  return columns.map(({ cell, paint, ...column }) => ({
    ...column,
    cell: (row: Row) => cell(objectOf(row)),
    ...(paint === undefined ? {} : { paint: (text: string, row: Row) => paint(text, objectOf(row)) }),
  }));
}

/**
 * What changes of a watch that came at once are printed as: a line each, in a table under one header with when they came.
 * A column is as wide as its widest cell so far, and never gets narrower.
 */
export async function changeWriter<T>(
  { output, render, paint, runtime }: Session,
  { columns, name }: ChangeView<T>,
): Promise<(changes: readonly Change<T>[]) => string | Promise<string>> {
  const { format, table: style } = render;
  const forTerminal = (text: string): string => (output.isTerminal ? toTerminalOutput(text) : text);
  const each = (print: (change: Change<T>) => string) => (changes: readonly Change<T>[]) =>
    changes.map(print).join('');
  switch (format.kind) {
    case 'json':
    case 'jsonl':
      return each((change) => `${exactJson(change)}\n`);
    case 'yaml':
      return async (changes) => {
        const texts = await Promise.all(changes.map(async (change) => `---\n${await toYaml(change)}`));
        return texts.join('');
      };
    case 'name':
      return each(({ object }) => forTerminal(nameLine(name(object))));
    case 'jsonpath': {
      const { compileTemplate } = await import('../../jsonpath/jsonpath.ts');
      const print = compileTemplate(format.template, output.miss);
      return each((change) => forTerminal(print(change)));
    }
    case 'custom-columns': {
      const table = new BlockTable(await customColumns(format.columns), { ...style, maxWidth: undefined });
      return (changes) => table.block(changes.map(({ object }) => object));
    }
    case 'table':
    case 'wide': {
      const shown = changeColumns(shownColumns(columns, format), { now: () => runtime.clock.now(), paint });
      const table = new BlockTable<Change<T>>(shown, { ...style, goesOn: true });
      return (changes) => table.block(changes);
    }
  }
}

/** The columns of an object, after when it changed and how. */
export function changeColumns<T>(
  columns: readonly TableColumn<T>[],
  { now, paint }: { now: () => number; paint: ChalkInstance },
): TableColumn<Change<T>>[] {
  return [
    { header: 'TIME', cell: () => `${timeOfDay(now())}Z`, spare: 6 },
    {
      header: 'EVENT',
      cell: ({ type }) => type,
      usual: 'MODIFIED'.length,
      paint: (text, { type }) => (type === 'DELETED' ? paint.gray(text) : text),
    },
    ...columnsOver(columns, ({ object }: Change<T>) => object),
  ];
}

/** `12:00:03`, UTC. */
export function timeOfDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(11, 19);
}
