import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockTable, type TableColumn } from '../../../src/cli/render/table.ts';
import { terminalLines } from '../../../src/cli/render/terminal-lines.ts';

const columns: TableColumn<string[]>[] = [
  { header: 'NAME', cell: ([name]) => name },
  { header: 'NOTE', cell: ([, note]) => note, paint: (text) => `\u001b[32m${text}\u001b[39m` },
  { header: 'LAST', cell: ([, , last]) => last },
];
const cell = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' ', '日本', 'a\nb', '👩‍👩‍👧'),
);

describe('a table', () => {
  it('is the same in a pipe as cli-table3 draws it on a terminal', () => {
    const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 8 });
    const width = fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined });
    fc.assert(
      fc.property(rows, fc.boolean(), width, (lines, header, maxWidth) => {
        const style = { header, maxWidth, paintHeader: (text: string) => text };
        const drawn = new BlockTable(columns, { ...style, draw: terminalLines }).block(lines);
        expect(new BlockTable(columns, style).block(lines)).toBe(drawn);
      }),
    );
  });

  it('writes nothing for no lines', () => {
    const style = { header: false, maxWidth: undefined, paintHeader: (text: string) => text };
    expect(new BlockTable(columns, style).block([])).toBe('');
  });
});
