import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { SourceDocument } from '../../../src/documents/source-document.ts';
import { readText, streamOf, collect, valuesOf } from './reading.ts';

const mebibyte = 1024 * 1024;

/** Small documents are read by their elements where the limit is small. */
function readElements(content: string, maxDocumentBytes = 96): Promise<SourceDocument[]> {
  return readText(content, { elements: true, format: 'yaml', maxDocumentBytes });
}

/** What a part is, in one line; positions without the file. */
function briefParts(documents: SourceDocument[]): string[] {
  return documents.map((each) => {
    const part = each.part === undefined ? '' : `${each.part.of}[${each.part.index}] `;
    const what =
      each.kind === 'document' ? each.text : `${each.reason.code} ${each.reason.message.replace(/^-:/, '')}`;
    return `${each.document} ${part}${what}`;
  });
}

async function briefElements(content: string): Promise<string[]> {
  const documents = await readElements(content);
  return briefParts(documents.filter((each) => each.kind === 'unreadable' || each.value !== 'z'));
}

/** Makes a document large, and no element of it. */
const filler = '- z\n'.repeat(30);

describe('a YAML document over the limit of one that is read whole', () => {
  it('is read item by item, as kubectl writes a List', async () => {
    const items = Array.from({ length: 20_000 }, (_, index) => ({
      kind: 'Event',
      message: 'x'.repeat(40),
      metadata: { name: `e${index}`, labels: ['a', 'b'] },
    }));
    const text = stringify({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
    expect(text.length).toBeGreaterThan(mebibyte);
    const documents = await readText(text, { elements: true, format: 'yaml' });
    expect(documents).toHaveLength(items.length);
    expect(documents[12_345]).toMatchObject({
      document: 0,
      line: 12_345 * 7 + 3,
      value: items[12_345],
      text: JSON.stringify(items[12_345]),
      part: { index: 12_345, of: 'items', frame: { apiVersion: 'v1' } },
      warnings: [],
    });
    const whole = await readText(text, { format: 'yaml' });
    expect(whole).toMatchObject([{ value: { items } }]);
    expect(whole[0]).not.toHaveProperty('part');
  });

  it.each([
    ['a sequence', `- a: 1\n- b: 2\n${filler}`, ['0 array[0] {"a":1}', '0 array[1] {"b":2}']],
    [
      'a sequence that is indented',
      `  - a: 1\n  -\n    b: 2\n  - - c\n${filler.replaceAll('- z', '  - z')}`,
      ['0 array[0] {"a":1}', '0 array[1] {"b":2}', '0 array[2] ["c"]'],
    ],
    [
      'items behind a marker and comments, with an end of Windows',
      `--- # it\r\n\r\nkind: List\r\nitems: # all\r\n# one\r\n- a: 1\r\n\r\n- b: 2\r\n${filler}`,
      ['0 items[0] {"a":1}', '0 items[1] {"b":2}'],
    ],
    [
      'texts of several lines',
      `- |\n  - a\n# no comment of the text\n- >-\n  b\n\n  c\n- "d\n  - e"\n- f\n  - g\n- {h: 1,\n   i: 2}\n${filler}`,
      [
        '0 array[0] "- a\\n"',
        '0 array[1] "b\\nc"',
        '0 array[2] "d - e"',
        '0 array[3] "f - g"',
        '0 array[4] {"h":1,"i":2}',
      ],
    ],
    [
      'documents before and behind it',
      `z: 0\n---\nitems:\n- a: 1\nkind: List\n---\n- b: 2\n- c: 3\n${filler}---\ny: 9\n`,
      [
        '0 {"z":0}',
        '1 {"items":[{"a":1}],"kind":"List"}',
        '2 array[0] {"b":2}',
        '2 array[1] {"c":3}',
        '3 {"y":9}',
      ],
    ],
    [
      'the end of the document said',
      `- a: 1\n- b: 2\n${filler}...\n---\ny: 9\n`,
      ['0 array[0] {"a":1}', '0 array[1] {"b":2}', '1 {"y":9}'],
    ],
    [
      'values that are nothing and keys that stand twice',
      `items:\n-\n- a: 1\n  a: 2\n- ~\n${filler}`,
      ['0 items[0] null', '0 items[1] {"a":2}', '0 items[2] null'],
    ],
    ['no end of its last line', `${filler}- a: 1\n- b: 2`, ['0 array[30] {"a":1}', '0 array[31] {"b":2}']],
  ])('%s', async (_name, text, expected) => {
    expect(await briefElements(text)).toEqual(expected);
  });

  it('tells where keys stand twice, and that a byte order mark was skipped', async () => {
    const documents = await readElements(`\ufeffitems:\n- a: 1\n  a: 2\n${filler}`);
    expect(documents[0]).toMatchObject({ warnings: [{ code: 'BOM_SKIPPED' }, { code: 'DUPLICATE_KEY' }] });
    expect(JSON.stringify(documents)).toContain('the key items[0].a stands more than once');
  });

  it.each([
    ['in its own element', `- {a: &x 1, b: *x}\n- c: 2\n${filler}`, [{ a: 1, b: 1 }, { c: 2 }]],
    [
      'in another element',
      `- a: &x {n: 1}\n- b: *x\n- <<: *x\n  c: 2\n${filler}`,
      [{ a: { n: 1 } }, { b: { n: 1 } }, { n: 1, c: 2 }],
    ],
    ['of a name that stands twice', `- &x 1\n- *x\n- &x 2\n- *x\n${filler}`, [1, 1, 2, 2]],
  ])('resolves an alias to an anchor %s', async (_name, text, expected) => {
    const parts = valuesOf(await readElements(text));
    expect(parts).toEqual([...expected, ...Array<string>(30).fill('z')]);
    expect(valuesOf(await readText(text, { format: 'yaml' }))).toEqual([parts]);
  });

  it.each([
    ['an anchor before the items', `a: &x 1\nitems:\n- b: *x\n${filler}`],
    ['items that are no sequence', `items:\n  a: 1\n${filler}`],
    ['items in one line', `items: [{a: 1}]\n${filler}`],
    ['items twice before the first', `items: 1\nitems:\n- a: 1\n${filler}`],
    ['a directive', `%YAML 1.2\n---\n- a: 1\n${filler}`],
    ['keys at another column', `  a: 1\n  items:\n  - a: 1\n${filler}`],
  ])('stays whole, and is too large then: %s', async (_name, text) => {
    expect(await briefElements(text)).toEqual([
      '0 DOCUMENT_TOO_LARGE 1:1: the document is larger than 96 bytes',
    ]);
  });
});

describe('what is wrong in it', () => {
  it.each([
    [
      'an element alone',
      `- a: 1\n- b: [1\n- c: 3\n${filler}`,
      ['0 array[0] {"a":1}', /^0 array\[1\] INVALID_DOCUMENT 3:1: \[1\]: /, '0 array[2] {"c":3}'],
    ],
    [
      'an alias to nothing',
      `- &y 1\n- b: *x\n- c: 3\n${filler}`,
      ['0 array[0] 1', /^0 array\[1\] INVALID_DOCUMENT 2:3: \[1\]: Unresolved alias/, '0 array[2] {"c":3}'],
    ],
    [
      'an element that is too large',
      `- a: 1\n- b: |\n${'    - x\n'.repeat(40)}- c: 3\n`,
      [
        '0 array[0] {"a":1}',
        '0 array[1] DOCUMENT_TOO_LARGE 2:1: the element [1] is larger than 96 bytes',
        '0 array[2] {"c":3}',
      ],
    ],
    [
      'a last element that is too large',
      `- a: 1\n- b: ${'x'.repeat(500)}`,
      ['0 array[0] {"a":1}', '0 array[1] DOCUMENT_TOO_LARGE 2:1: the element [1] is larger than 96 bytes'],
    ],
    [
      'a text that is not indented as it must be',
      `- a: "x\n- y"\n- c: 3\n${filler}`,
      [/^0 array\[0\] INVALID_DOCUMENT 2:1: \[0\]: /, '0 array[1] "y\\""', '0 array[2] {"c":3}'],
    ],
    [
      'a NUL byte',
      `- a: 1\n- b: \u0000\n${filler}`,
      ['0 array[0] {"a":1}', '0 array[1] INVALID_DOCUMENT 2:6: [1]: a NUL byte'],
    ],
    [
      'a key behind a sequence',
      `- a: 1\n${filler}kind: List\n`,
      [
        '0 array[0] {"a":1}',
        '0 INVALID_DOCUMENT 32:1: no key, in what stands behind the elements; they were read',
      ],
    ],
    [
      'items a second time',
      `items:\n- a: 1\n${filler}items:\n- b: 2\n`,
      [
        '0 items[0] {"a":1}',
        '0 INVALID_DOCUMENT 33:1: items a second time, of which nothing is read, in what stands behind the elements; they were read',
      ],
    ],
    [
      'what stands behind the elements is too large',
      `items:\n- a: 1\n${filler}kind: ${'x'.repeat(100)}\n`,
      [
        '0 items[0] {"a":1}',
        '0 DOCUMENT_TOO_LARGE 33:1: what stands behind the elements is larger than 96 bytes',
      ],
    ],
  ])('%s', async (_name, text, expected) => {
    const seen = await briefElements(text);
    expect(seen).toHaveLength(expected.length);
    for (const [index, line] of expected.entries()) expect(seen[index]).toMatch(asPattern(line));
  });

  it('a bomb of aliases costs the element that lights it', async () => {
    const bomb = ['- &a [x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'])
      bomb.push(`- &${to} [*${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}, *${from}]`);
    const documents = await readElements(`${bomb.join('\n')}\n${filler.repeat(20)}- ok: 1\n`, 2_000);
    expect(documents.at(0)).toMatchObject({ kind: 'document' });
    expect(documents.at(-1)).toMatchObject({ value: { ok: 1 } });
    expect(documents.filter(({ kind }) => kind === 'unreadable').length).toBeGreaterThan(0);
  });
});

function asPattern(line: string | RegExp): RegExp {
  return typeof line === 'string' ? new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : line;
}

describe('by its elements', () => {
  const text = fc.oneof(
    fc.constantFrom(
      '- a',
      '# b',
      '---',
      'a: b',
      '&x',
      '*x',
      '!t',
      'null',
      '0x1',
      '2026-01-01',
      '',
      ' ',
      'a\n- b',
      '"',
    ),
    fc.string({ maxLength: 12 }),
  );
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      text,
      fc.constantFrom(null, true, 1, -1.5),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const style = fc.record({
    indentSeq: fc.boolean(),
    lineWidth: fc.constantFrom(0, 20, 80),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL'),
    collectionStyle: fc.constantFrom('any', 'block'),
    windows: fc.boolean(),
    chunk: fc.integer({ min: 1, max: 400 }),
    isList: fc.boolean(),
  });

  it('a document has the values that it has as a whole, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 8 }), style, async (items, how) => {
        const { windows, chunk, isList, ...options } = how;
        // makes the document large, and no element of it
        const all = [...items, ...Array<string>(500).fill('z')];
        const written = stringify(isList ? { kind: 'L', items: all, z: { y: '' } } : all, options as object);
        const yaml = windows ? written.replaceAll('\n', '\r\n') : written;
        const [whole, ...others] = await readText(yaml, { format: 'yaml' });
        expect(others).toEqual([]);
        // keys that the library itself writes so that it does not read them
        if (whole?.kind !== 'document') return;
        const expected = isList ? (whole.value as { items: unknown[] }).items : whole.value;
        const bytes = Buffer.from(yaml);
        const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
          bytes.subarray(index * chunk, (index + 1) * chunk),
        );
        const parts = await collect(['-'], {
          stdin: streamOf(...chunks),
          elements: true,
          format: 'yaml',
          maxDocumentBytes: 2_000,
        });
        expect(valuesOf(parts)).toEqual(expected);
        expect(parts.every(({ part }) => part !== undefined)).toBe(true);
      }),
    );
  });
});
