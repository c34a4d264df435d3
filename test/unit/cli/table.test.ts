import { describe, expect, it } from 'vitest';
import { BlockTable, type TableColumn } from '../../../src/cli/render/table.ts';
import { textWidth } from '../../../src/cli/text-width.ts';

interface Row {
  name: string;
  note: string;
}

const columns: TableColumn<Row>[] = [
  { header: 'NAME', cell: ({ name }) => name },
  { header: 'AGE OF IT', cell: () => '3 minutes and more', spare: 1 },
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
    [49, ['NAME', 'AGE OF IT', 'WHO', 'NOTE']],
    [48, ['NAME', 'WHO', 'NOTE']],
    [36, ['NAME', 'WHO', 'NOTE']],
    [35, ['NAME', 'WHO']],
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

describe('a column of a narrow table', () => {
  const request = 'rr-5ef95c0a1b2c-1c2b5576';
  const reason = 'UNMANAGED: neither the namespace nor the resource has the label kubernaut.ai/managed=true';
  const long: TableColumn<Row>[] = [
    { header: 'SOURCE', cell: () => 'a/very/long/folder/events.yaml:0:17', cutLeft: true, spare: 1 },
    { header: 'COUNT', cell: () => '12345', spare: 3 },
    { header: 'TARGET', cell: () => 'shop/Deployment/checkout-with-a-long-name' },
    { header: 'REQUEST', cell: () => request, key: true },
    { header: 'OTHER', cell: () => request, whole: true, spare: 2 },
    { header: 'REASON', cell: () => reason, wraps: true, paint: (text) => `<${text}>` },
  ];
  const at = (maxWidth: number): { lines: string[]; hidden: number[] } => {
    const hidden: number[] = [];
    const table = new BlockTable(long, { ...style, maxWidth, onHidden: (count) => hidden.push(count) });
    const text = table.block(rows) + table.block(rows);
    return { lines: text.split('\n').slice(0, -1), hidden };
  };

  it('that is a key stays whole, however narrow it is', () => {
    for (const maxWidth of [200, 120, 80, 60, 30, 10]) {
      const { lines } = at(maxWidth);
      expect(lines.filter((line) => line.includes(request))).toHaveLength(2);
    }
  });

  it('that is a name is left out rather than cut', () => {
    expect(at(200).lines[1]?.split(request)).toHaveLength(3);
    for (const maxWidth of [130, 80]) {
      const { lines } = at(maxWidth);
      expect(lines.some((line) => line.includes('rr-5ef95c0a1b2c-1c2b557…'))).toBe(false);
    }
    expect(at(80).lines[0]).not.toContain('OTHER');
  });

  it('that is a name too long for it stands out of it, and its row goes on below', () => {
    const most = 'rr-1c2b5576';
    const names = [most, request.repeat(2), most, request.repeat(4), most, most];
    const named: TableColumn<string>[] = [
      { header: 'NAME', cell: (name) => name, key: true },
      { header: 'PHASE', cell: () => 'Executing', key: true },
      { header: 'LAST SEEN', cell: () => '90s', spare: 1 },
    ];
    const hidden: number[] = [];
    const table = new BlockTable(named, { ...style, maxWidth: 60, onHidden: (count) => hidden.push(count) });
    expect(table.block(names).split('\n')).toEqual([
      'NAME          PHASE       LAST SEEN',
      'rr-1c2b5576   Executing   90s',
      request.repeat(2),
      '              Executing   90s',
      'rr-1c2b5576   Executing   90s',
      request.repeat(4),
      '              Executing   90s',
      'rr-1c2b5576   Executing   90s',
      'rr-1c2b5576   Executing   90s',
      '',
    ]);
    expect(hidden).toEqual([]);
  });

  it('whose header is longer than its cells keeps the header whole', () => {
    const seen: TableColumn<string>[] = [
      { header: 'TARGET', cell: (name) => name, cutLeft: true },
      { header: 'NEXT ALLOWED', cell: () => '90s' },
    ];
    const table = new BlockTable(seen, { ...style, maxWidth: 30 });
    expect(table.block(['shop/Deployment/checkout'])).toBe(
      'TARGET            NEXT ALLOWED\n…yment/checkout   90s\n',
    );
  });

  it('that was left out is told of once', () => {
    expect(at(300).hidden).toEqual([]);
    expect(at(80).hidden).toEqual([2]);
  });

  it('that says more by its end is cut at its beginning', () => {
    expect(at(110).lines[1]).toMatch(/^….*yaml:0:17 /);
  });

  it('that wraps takes what is left, and goes on below itself, on three lines at most', () => {
    const { lines } = at(60);
    const [header = '', first = '', second = '', third = '', next = ''] = lines;
    expect(first.indexOf('<UNMANAGED')).toBe(header.indexOf('REASON'));
    expect(second).toMatch(new RegExp(`^ {${header.indexOf('REASON')}}<`));
    expect(third).toMatch(/…>$/);
    expect(next).toContain(request);
    for (const line of lines) expect(textWidth(line.replaceAll(/[<>]/g, ''))).toBeLessThanOrEqual(60);
  });
});
