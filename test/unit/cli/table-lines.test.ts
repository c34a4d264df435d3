import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laidOut } from '../../../src/cli/render/laid-out.ts';
import { BlockTable, wholeTable, type TableColumn } from '../../../src/cli/render/table.ts';
import { textWidth } from '../../../src/cli/text-width.ts';

const columns: TableColumn<string[]>[] = [
  { header: 'NAME', cell: ([name]) => name },
  { header: 'NOTE', cell: ([, note]) => note, paint: (text) => `\u001b[32m${text}\u001b[39m` },
  { header: 'LAST', cell: ([, , last]) => last },
];
const word = fc.stringMatching(/^[a-z0-9]{1,30}$/);
const cell = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 });

function style(maxWidth: number | undefined, header: boolean) {
  return { header, maxWidth, paintHeader: (text: string) => text };
}

describe('a table that is laid out in full', () => {
  it('loses no letter, keeps every column where it is and stays within the terminal', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.boolean(),
        fc.integer({ min: 20, max: 120 }),
        async (lines, header, maxWidth) => {
          const options = { ...style(maxWidth, header), layOut: () => Promise.resolve(laidOut) };
          const text = stripVTControlCharacters(await wholeTable(columns, lines, options));
          const letters = (value: string): string => Array.from(value.replaceAll(/\s/g, '')).sort().join('');
          const headings = header ? columns.map((column) => column.header).join('') : '';
          expect(letters(text)).toBe(letters(headings + lines.flat().join('')));
          for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(maxWidth);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('wraps between words and carries the colour on', async () => {
    const options = { ...style(30, true), layOut: () => Promise.resolve(laidOut) };
    const text = await wholeTable(columns, [['app', 'the quick brown fox jumps', 'end']], options);
    expect(stripVTControlCharacters(text)).toBe(
      ['NAME   NOTE               LAST', 'app    the quick brown    end', '       fox jumps', ''].join('\n'),
    );
    expect(text.match(/\u001b\[32m/g)).toHaveLength(2);
  });

  it('is the block of a pipe where nothing has to wrap', async () => {
    const lines = [
      ['✅ app', '日本', 'a\nb'],
      ['', '⏰', '👩‍👩‍👧'],
    ];
    const options = { ...style(80, true), layOut: () => Promise.resolve(laidOut) };
    const drawn = stripVTControlCharacters(await wholeTable(columns, lines, options));
    expect(drawn).toBe(stripVTControlCharacters(new BlockTable(columns, style(80, true)).block(lines)));
  });

  it('writes nothing for no lines', async () => {
    const options = { ...style(80, false), layOut: () => Promise.resolve(laidOut) };
    expect(await wholeTable(columns, [], options)).toBe('');
    expect(new BlockTable(columns, style(undefined, false)).block([])).toBe('');
  });
});

describe('a table of any columns in any terminal', () => {
  const kind = fc.constantFrom({ key: true }, { whole: true }, { spare: 1 }, { spare: 2, cutLeft: true }, {});
  const name = fc.stringMatching(/^[a-z0-9-]{1,90}$/);

  it('keeps keys whole, in their order, and has no other line that is longer', () => {
    fc.assert(
      fc.property(
        fc.array(kind, { minLength: 1, maxLength: 6 }),
        fc.array(fc.array(name, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 30, max: 120 }),
        (kinds, lines, maxWidth) => {
          const drawn = kinds.map((fit, place) => ({
            ...fit,
            header: `H${place}`,
            cell: (row: string[]) => row[place],
          }));
          const text = new BlockTable(drawn, style(maxWidth, true)).block(lines);
          const keys = lines.flatMap((row) => row.filter((_, place) => drawn[place]?.key === true));
          let at = 0;
          for (const key of keys) {
            at = text.indexOf(key, at);
            expect(at, key).toBeGreaterThanOrEqual(0);
            at += key.length;
          }
          for (const line of text.split('\n')) {
            if (textWidth(line) > maxWidth) expect(lines.flat()).toContain(line);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
