import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { laidOut } from '../../../../src/cli/render/laid-out.ts';
import { BlockTable, wholeTable, type TableColumn } from '../../../../src/cli/render/table.ts';
import { textWidth } from '../../../../src/cli/text-width.ts';
import { tables, type SampleTable } from './every-table.ts';
import { extreme, ordinary, type Sample } from './sample-names.ts';

const sets: readonly [name: string, samples: readonly Sample[]][] = [
  ['ordinary names', ordinary],
  ['the longest names', extreme],
];
const widths = [60, 80, 120, 200, undefined] as const;
const cli = path.resolve(import.meta.dirname, '../../../../src/cli');

interface Drawn {
  lines: string[];
  hidden: number[];
  /** Those that may be shown in this width. */
  columns: readonly TableColumn<unknown>[];
  rows: readonly unknown[];
}

const drawings = new Map<string, Promise<Drawn>>();

/** Drawing takes time: once is enough. */
function drawn(table: SampleTable, samples: readonly Sample[], maxWidth?: number): Promise<Drawn> {
  const name = Object.keys(tables).find((of) => tables[of] === table) ?? '';
  const key = `${name} ${samples.length} ${maxWidth ?? ''}`;
  const known = drawings.get(key) ?? draw(table, samples, maxWidth);
  drawings.set(key, known);
  return known;
}

async function draw(table: SampleTable, samples: readonly Sample[], maxWidth?: number): Promise<Drawn> {
  const columns = table.columns.filter(({ wide }) => maxWidth === undefined || wide !== true);
  const rows = table.rows(samples);
  const hidden: number[] = [];
  const style = {
    header: true,
    maxWidth,
    paintHeader: (text: string) => text,
    goesOn: table.goesOn === true,
    onHidden: (count: number) => hidden.push(count),
  };
  const block = new BlockTable(columns, style);
  const text =
    table.inFull === true
      ? await wholeTable(columns, rows, { ...style, layOut: () => Promise.resolve(laidOut) })
      : table.goesOn === true
        ? rows.map((row) => block.block([row])).join('')
        : block.block(rows);
  return { lines: text.split('\n').slice(0, -1), hidden, columns, rows };
}

interface Case {
  /** What it is, for whoever reads that it failed. */
  title: string;
  samples: readonly Sample[];
  width: number | undefined;
}

/** Every width at which a table is shown. */
function casesOf({ onlyWide = false }: SampleTable): Case[] {
  return sets.flatMap(([set, samples]) =>
    widths
      .filter((width) => !onlyWide || width === undefined)
      .map((width) => ({
        title: `${set}, ${width === undefined ? 'wide' : `${width} columns`}`,
        samples,
        width,
      })),
  );
}

function headersOf({ lines }: Drawn): string[] {
  return (lines[0] ?? '').split(/ {2,}/);
}

/** Whether `cell` stands in a line by itself, between gaps. */
function stands(line: string, cell: string): boolean {
  return ` ${line} `.includes(` ${cell} `);
}

/** As after a status write that failed: nobody knows the count. */
function withoutCounts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutCounts);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([name]) => !/^(?:occurrence|claimed)Count$/.test(name));
  return Object.fromEntries(known.map(([name, part]) => [name, withoutCounts(part)]));
}

describe('every table', () => {
  it.each(Object.entries(tables))('looks like this: %s', async (name, table) => {
    const parts = [];
    for (const { title, width, samples } of casesOf(table)) {
      const { lines, hidden } = await drawn(table, samples, width);
      parts.push(`=== ${title}${hidden.length === 0 ? '' : `, ${hidden.join()} hidden`}`, ...lines, '');
    }
    await expect(parts.join('\n')).toMatchFileSnapshot(`__goldens__/${name}.txt`);
  });

  it.each(Object.entries(tables))(
    'keeps within the terminal, but for a name that is longer: %s',
    async (_, table) => {
      for (const { title, width, samples } of casesOf(table)) {
        const { lines, columns, rows } = await drawn(table, samples, width);
        const cells = rows.flatMap((row) => columns.map(({ cell }) => cell(row)));
        for (const line of lines) {
          if (textWidth(line) > (width ?? Infinity)) expect(cells, title).toContain(line);
        }
      }
    },
  );

  it.each(Object.entries(tables))('has the keys of every row whole: %s', async (_, table) => {
    expect(table.columns.some(({ key }) => key === true)).toBe(true);
    for (const { title, width, samples } of casesOf(table)) {
      const shown = await drawn(table, samples, width);
      const headers = headersOf(shown);
      let at = 1;
      for (const row of shown.rows) {
        for (const { cell, key, whole, header } of shown.columns) {
          const text = cell(row) ?? '';
          const isNeeded = key === true || (whole === true && headers.includes(header));
          if (text === '' || !isNeeded) continue;
          const found = shown.lines.findIndex((line, place) => place >= at && stands(line, text));
          expect(found, `${title}: ${header} ${text}`).toBeGreaterThanOrEqual(at);
          at = found;
        }
        at += 1;
      }
    }
  });

  it.each(Object.entries(tables))('shows a count that is not known as none: %s', async (_, table) => {
    const rows = (samples: readonly Sample[]): readonly unknown[] => table.rows(samples).map(withoutCounts);
    const { lines } = await draw({ ...table, rows }, ordinary);
    expect(lines.join('\n')).not.toMatch(/undefined|NaN|\bnull\b/);
  });

  it.each(Object.entries(tables))('cuts no header, and tells once what is hidden: %s', async (_, table) => {
    for (const { title, width, samples } of casesOf(table)) {
      const shown = await drawn(table, samples, width);
      const headers = shown.columns.map(({ header }) => header);
      for (const header of headersOf(shown)) expect(headers, title).toContain(header);
      const hidden = headers.length - headersOf(shown).length;
      expect(shown.hidden, title).toEqual(hidden === 0 ? [] : [hidden]);
    }
  });
});

describe('the tables that are looked at here', () => {
  const modules = readdirSync(cli, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const known = (file: string): Set<string> =>
    new Set(
      Object.values(tables)
        .filter((table) => table.file === file)
        .flatMap(({ columns }) => columns.map(({ header }) => header)),
    );

  it('have every column that a module names', () => {
    const missing = modules.flatMap((file) => {
      const text = readFileSync(path.join(cli, file), 'utf8');
      const shown = known(file.replaceAll(path.sep, '/'));
      return [...text.matchAll(/\bheader: '([^']+)'/g)]
        .map(([, header = '']) => header)
        .filter((header) => !shown.has(header))
        .map((header) => `${file}: ${header}`);
    });
    expect(missing).toEqual([]);
  });

  it('have the columns of the commands too, which name none', () => {
    const commands = path.resolve(cli, '../commands');
    const files = readdirSync(commands, { recursive: true, encoding: 'utf8' });
    const own = files.filter(
      (file) =>
        file.endsWith('.ts') && /\bheader: ['"`]/.test(readFileSync(path.join(commands, file), 'utf8')),
    );
    expect(own).toEqual([]);
  });
});
