import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { brief, collect, readText, streamOf } from './reading.ts';

type Order = 'le' | 'be';

function utf16(text: string, order: Order): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

const cases: [string, Order, string][] = [
  ['LE with a mark', 'le', '\ufeff'],
  ['LE without', 'le', ''],
  ['BE with a mark', 'be', '\ufeff'],
  ['BE without', 'be', ''],
];

describe.each(cases)('UTF-16 %s', (_name, order, mark) => {
  const content = '{"a":"é🌀"}\r\n{"b":\r\n2}';

  it('is read, with one notice', async () => {
    const documents = await readText(utf16(`${mark}${content}`, order));
    expect(brief(documents)).toEqual(['0 {"a":"é🌀"}', '1 {"b":\r\n2}']);
    expect(documents).toMatchObject([{ warnings: [{ code: 'UTF16_READ' }] }, { warnings: [], line: 2 }]);
  });

  it('is read as YAML, and out of gzip', async () => {
    const yaml = utf16(`${mark}a: é\n---\nb: 2\n`, order);
    expect(brief(await readText(yaml))).toEqual(['0 {"a":"é"}', '1 {"b":2}']);
    expect(brief(await readText(gzipSync(yaml)))).toEqual(['0 {"a":"é"}', '1 {"b":2}']);
  });

  it('is read whatever the chunks, longer than any of them', async () => {
    const value = Array.from({ length: 30_000 }, (_, index) => `🌀${index}é`);
    const bytes = utf16(`${mark}${JSON.stringify(value)}`, order);
    for (const size of [4093, 65_537]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await collect(['-'], { stdin: streamOf(...chunks) })).toMatchObject([{ value }]);
    }
  });

  it.each([
    ['a high surrogate alone', '{"é":1}\n{"a":"\ud800x"}', 'U+D800'],
    ['a low surrogate alone', '{"é":1}\n{"a":"\udc01x"}', 'U+DC01'],
    ['two high ones', '{"é":1}\n{"a":"\ud83d\ud83d\ude00"}', 'U+D83D'],
  ])('is refused at %s', async (_name, text, unit) => {
    const documents = await readText(utf16(`${mark}${text}`, order));
    expect(brief(documents)).toEqual([
      '0 {"é":1}',
      `1 INVALID_DOCUMENT -:2:7: half a character (the lone surrogate ${unit})`,
    ]);
  });

  it('that ends in the middle of a character is told with what was read', async () => {
    const bytes = utf16(`${mark}{"a":1}\n`, order);
    const cut = Buffer.concat([bytes, Buffer.from([0x7b])]);
    expect(brief(await readText(cut))).toEqual([
      '0 {"a":1}',
      '1 INPUT_UNREADABLE -:2:1: the UTF-16 text ends in the middle of a character',
    ]);
    expect(brief(await readText(utf16(`${mark}{"a":1}\n\ud800`, order)))).toHaveLength(2);
  });
});

it.each([
  ['BE with a mark', [0, 0, 0xfe, 0xff, 0, 0, 0, 0x7b]],
  ['LE with a mark', [0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]],
  ['BE without', [0, 0, 0, 0x7b, 0, 0, 0, 0x7d]],
  ['LE without', [0x7b, 0, 0, 0, 0x7d, 0, 0, 0]],
])('UTF-32 %s is refused by name', async (_name, bytes) => {
  expect(await readText(Buffer.from(bytes))).toMatchObject([
    { reason: { code: 'INVALID_DOCUMENT', message: '-:1:1: the text is UTF-32', hint: 'Save it as UTF-8.' } },
  ]);
});
