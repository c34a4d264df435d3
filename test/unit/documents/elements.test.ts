import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { collect, readText, streamOf, type Overrides } from './reading.ts';

/** What a part is, in one line. */
function briefParts(documents: SourceDocument[]): string[] {
  return documents.map((each) => {
    const part = each.part === undefined ? '' : `${each.part.of}[${each.part.index}] `;
    return each.kind === 'document'
      ? `${each.document} ${part}${each.text}`
      : `${each.document} ${part}${each.reason.code} ${each.reason.message}`;
  });
}

async function readParts(content: string, overrides: Overrides = {}): Promise<string[]> {
  return briefParts(await readText(content, { elements: true, maxDocumentBytes: 64, ...overrides }));
}

const pad = ' '.repeat(64);
const mebibyte = 1024 * 1024;

function event(index: number, size = 1000): object {
  return { kind: 'Event', metadata: { name: `e${index}` }, message: 'x'.repeat(size) };
}

function list(count: number): { apiVersion: string; items: object[]; kind: string; metadata: object } {
  const items = Array.from({ length: count }, (_, index) => event(index));
  return { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } };
}

describe('a document over 1 MiB', () => {
  it.each([0, 4])('that is a list is read item by item, as kubectl writes it: indent %d', async (indent) => {
    const value = list(2000);
    const documents = await readText(JSON.stringify(value, null, indent), { elements: true });
    expect(documents).toHaveLength(2000);
    expect(documents[1999]).toMatchObject({
      document: 0,
      value: value.items[1999],
      part: { index: 1999, of: 'items', frame: { apiVersion: 'v1' } },
    });
  });

  it('that is an array is read element by element, each with its line', async () => {
    const lines = Array.from({ length: 2000 }, (_, index) => JSON.stringify(event(index)));
    const documents = await readText(`[\n${lines.join(',\n')}\n]\n{"n":1}`, { elements: true });
    expect(documents).toHaveLength(2001);
    expect(documents[1234]).toMatchObject({
      document: 0,
      line: 1236,
      text: lines[1234],
      bytes: lines[1234]?.length,
      part: { index: 1234, of: 'array', frame: {} },
    });
    expect(documents[2000]).toMatchObject({ document: 1, line: 2003, text: '{"n":1}' });
    expect(documents[2000]).not.toHaveProperty('part');
  });

  it('stays whole where nobody asks for elements, and up to 1 MiB', async () => {
    const text = JSON.stringify(list(2000));
    expect(await readText(text)).toMatchObject([{ text }]);
    const small = JSON.stringify({ items: [{ a: 'x'.repeat(mebibyte - 20) }] });
    expect(small.length).toBeLessThanOrEqual(mebibyte);
    const [read] = await readText(small, { elements: true });
    expect(read).toMatchObject({ text: small });
    expect(read).not.toHaveProperty('part');
  });

  it.each([
    ['items that are no array', { items: { a: 'x'.repeat(mebibyte) } }],
    ['items too far behind', { a: 'x'.repeat(mebibyte), items: [{ b: 1 }] }],
    ['items of something inside', { a: { items: [{ b: 'x'.repeat(mebibyte) }] } }],
    ['no items', { alerts: [{ b: 'x'.repeat(mebibyte) }] }],
  ])('stays whole with %s', async (_name, value) => {
    const [read, ...others] = await readText(JSON.stringify(value), { elements: true });
    expect(read).toMatchObject({ value });
    expect(read).not.toHaveProperty('part');
    expect(others).toEqual([]);
  });
});

describe('elements', () => {
  it('have the limit of a document each, which the document has no more', async () => {
    const long = JSON.stringify({ long: 'x'.repeat(100) });
    const text = `[{"a":1},${long},"s",2,null,[3],${long}${long.slice(0, -2)}"}]{"b":2}`;
    expect(await readParts(text.replace(`${long}${long}`, long))).toEqual([
      '0 array[0] {"a":1}',
      '0 array[1] DOCUMENT_TOO_LARGE -:1:10: the element [1] is larger than 64 bytes',
      '0 array[2] "s"',
      '0 array[3] 2',
      '0 array[4] null',
      '0 array[5] [3]',
      expect.stringMatching(/^0 array\[6\] DOCUMENT_TOO_LARGE/),
      '1 {"b":2}',
    ]);
  });

  it('of 20 MB pass a limit of 64 KiB', async () => {
    const documents = await readText(JSON.stringify(list(20_000)), {
      elements: true,
      maxDocumentBytes: 64 * 1024,
    });
    expect(documents).toHaveLength(20_000);
    expect(documents.every(({ kind }) => kind === 'document')).toBe(true);
  });

  it('that are passed over are not held', async () => {
    const filler = Buffer.alloc(mebibyte, 'x');
    let peak = 0;
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from('{"items":[{"a":1},{"b":"');
      for (let count = 0; count < 100; count += 1) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        yield await Promise.resolve(filler);
      }
      yield Buffer.from('"},{"c":3}],"kind":"List"}');
    }
    const before = process.memoryUsage().arrayBuffers;
    const documents = await collect(['-'], { stdin: stream(), elements: true });
    expect(briefParts(documents).map((each) => each.slice(0, 29))).toEqual([
      '0 items[0] {"a":1}',
      '0 items[1] DOCUMENT_TOO_LARGE',
      '0 items[2] {"c":3}',
    ]);
    expect(peak - before).toBeLessThan(40 * mebibyte);
  });

  it('that are broken within their brackets cost themselves alone', async () => {
    const text = `{"kind":"List","items":[{"a":1},\n  {"b":x},${pad}{"c":"\xe9"}],"metadata":{}}`;
    expect(await readParts(text)).toEqual([
      '0 items[0] {"a":1}',
      '0 items[1] INVALID_DOCUMENT -:2:8: items[1]: unexpected "x"',
      '0 items[2] {"c":"\xe9"}',
    ]);
  });

  it.each([
    ['a missing comma', `[{"a":1}${pad}{"b":2}]`, '[1]: unexpected "{"'],
    ['two commas', `[{"a":1},,{"b":2}${pad}]`, '[1]: unexpected ","'],
    ['a comma at the end', `[{"a":1},${pad}]`, '[1]: unexpected "]"'],
    ['the wrong bracket', `[{"a":1}${pad}}`, '[1]: unexpected "}"'],
    ['a broken element', `[{"a":1},${pad}{"b":[}`, '[1]: unexpected "}"'],
    ['the end between elements', `[{"a":1}${pad}`, '[1]: the input ends in the middle of a document'],
    ['the end in an element', `[{"a":1},${pad}{"b":`, '[1]: the input ends in the middle of a value'],
  ])('end where the document is broken by %s, and say how many were read', async (_name, text, message) => {
    const result = await readParts(text);
    expect(result[0]).toBe('0 array[0] {"a":1}');
    expect(result[1]).toMatch(/^0 array\[1\] INVALID_DOCUMENT -:1:\d+: /);
    expect(result[1]).toContain(`${message}; the one element before it was read`);
    expect(result).toHaveLength(2);
  });

  it.each([
    ['a tail that is no JSON', '"kind" "List"}', 'unexpected "\\""'],
    ['a tail with a comma too much', '"kind":"List",}', 'unexpected "}"'],
    ['a tail with the wrong bracket', '"kind":[}', 'unexpected "}"'],
    ['a tail that is cut off', '"kind":"Li', 'the input ends in the middle of a document'],
    ['a tail that is no UTF-8', '"kind":"\xff"}', 'invalid UTF-8 (byte 0xff)'],
    ['a second items', '"items":[1]}', 'items stands a second time in the object'],
  ])('are followed by %s: refused', async (_name, tail, message) => {
    const text = Buffer.from(`{"items":[{"a":1},{"b":2}${pad}],\n${tail}`, 'latin1');
    const documents = await readText(text, { elements: true, maxDocumentBytes: 64 });
    const result = briefParts(documents);
    expect(result.slice(0, 2)).toEqual(['0 items[0] {"a":1}', '0 items[1] {"b":2}']);
    expect(result).toHaveLength(3);
    expect(result[2]).toContain('INVALID_DOCUMENT');
    expect(result[2]).toContain(message);
  });

  it('are read on from lines behind what is broken', async () => {
    const text = `[\n{"a":1},${pad}\n{"b":\n{"c":3}\n{"d":4},\n{"e":5}\n]\n[6]`;
    expect(await readParts(text, { textSkipped: () => undefined })).toEqual([
      '0 array[0] {"a":1}',
      expect.stringMatching(/^0 array\[1\] INVALID_DOCUMENT -:5:1: \[1\]: .* has not ended; the one element/),
      '1 {"c":3}',
      '2 {"d":4}',
      '3 {"e":5}',
      '4 [6]',
    ]);
  });

  it('warn of duplicate keys by their path in the document, and of a mark before it once', async () => {
    const text = `\ufeff{"items":[{"a":{"b":1}},{"a":{"b":1,"b":2}}${pad}]}`;
    const documents = await readText(text, { elements: true, maxDocumentBytes: 64 });
    expect(documents).toMatchObject([
      { warnings: [{ code: 'BOM_SKIPPED' }] },
      {
        warnings: [
          { code: 'DUPLICATE_KEY', message: expect.stringContaining('key items[1].a.b ') as string },
        ],
      },
    ]);
  });

  it('that are none leave a document without', async () => {
    expect(await readParts(`{"kind":"List","items":[${pad}]} [${pad}]`)).toEqual([
      '0 {"kind":"List","items":[]}',
      '1 []',
    ]);
  });

  it('do not depend on how the bytes come', async () => {
    const text = `{"kind":"List","items":[{"a":"é"},[1],"]",{"b":x},2${pad}],"metadata":{"c":[{}]}}\n[3]`;
    const bytes = Buffer.from(text);
    const whole = await readParts(text);
    for (const size of [1, 2, 3, 7, 31]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const documents = await collect(['-'], {
        stdin: streamOf(...chunks),
        elements: true,
        maxDocumentBytes: 64,
      });
      expect(briefParts(documents)).toEqual(whole);
    }
    expect(whole).toHaveLength(6);
  });

  it('take __proto__ in what stands before them for a key like any other', async () => {
    const text = `{"__proto__":{"polluted":true},"items":[{"a":1}${pad}]}`;
    const [read] = await readText(text, { elements: true, maxDocumentBytes: 64 });
    if (read?.kind !== 'document' || read.part === undefined) throw new Error('no part');
    expect(Object.keys(read.part.frame)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read.part.frame)).toBe(Object.prototype);
  });
});
