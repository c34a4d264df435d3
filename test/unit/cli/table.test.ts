import { describe, expect, it } from 'vitest';
import { BlockTable, type TableColumn } from '../../../src/cli/render/table.ts';
import { textWidth } from '../../../src/cli/text-width.ts';

interface Row {
  name: string;
  note: string;
}

const columns: TableColumn<Row>[] = [
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'AGE OF IT', cell: () => '3 minutes and more', spare: true },
  { header: 'WHO', cell: () => 'somebody else' },
  { header: 'NOTE', cell: ({ note }) => note },
];
const rows: Row[] = [{ name: 'gw-lock-91fce8d5c4949766', note: 'as long as this' }];
const style = { header: true, paintHeader: (text: string) => text };

function headersAt(maxWidth: number | undefined): string[] {
  const [first = ''] = new BlockTable(columns, { ...style, maxWidth }).block(rows).split('\n');
  return first.split(/ {2,}/).map((header) => header.trim());
}

describe('a table in a narrow terminal', () => {
  it.each([
    [undefined, ['NAME', 'AGE OF IT', 'WHO', 'NOTE']],
    [41, ['NAME', 'AGE OF …', 'WHO', 'NOTE']],
    [40, ['NAME', 'WHO', 'NOTE']],
    [30, ['NAME', 'WHO', 'NOTE']],
    [29, ['NAME', 'WHO']],
    [18, ['NAME']],
    [3, ['NA…']],
  ])('of %s columns leaves out the spare column first, then the last ones', (maxWidth, headers) => {
    expect(headersAt(maxWidth)).toEqual(headers);
  });

  it.each([200, 60, 40, 30, 20, 8, 3, 1])(
    'of %i columns has no line that wraps, in any block',
    (maxWidth) => {
      const table = new BlockTable(columns, { ...style, maxWidth });
      const blocks = [
        table.block([{ name: 'a', note: 'b' }]),
        table.block(rows),
        table.block([{ name: 'c'.repeat(300), note: 'd'.repeat(300) }]),
      ];
      for (const text of blocks.flatMap((block) => block.split('\n'))) {
        expect(textWidth(text)).toBeLessThanOrEqual(maxWidth);
      }
    },
  );
});
