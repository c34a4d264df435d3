import { describe, expect, it } from 'vitest';
import { brief, readText, valuesOf } from './reading.ts';

describe('YAML', () => {
  it.each([
    ['one document', 'a: 1\nb: [x, 2]\n', [{ a: 1, b: ['x', 2] }]],
    ['several', '---\na: 1\n---\nb: 2\n...\nc: 3\n', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['CRLF', 'a: 1\r\n---\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]],
    ['content beside the marker', '--- a\n--- b', ['a', 'b']],
    ['directives and comments first', '# note\n%YAML 1.2\n---\na: 1\n', [{ a: 1 }]],
    ['empty documents passed over', '---\n---\n# note\n---\na: 1\n---\n', [{ a: 1 }]],
    ['an explicit null', '--- null\n', [null]],
    ['a marker in a longer word', 'a: 1\n---b: 2\n', [{ a: 1, '---b': 2 }]],
    ['block text', 'a: |\n  x\n  ---\n  y\n', [{ a: 'x\n---\ny\n' }]],
    ['core schema', 'a: yes\nb: 010\nc: 0o10\nd: ~\ne: "1"\n', [{ a: 'yes', b: 10, c: 8, d: null, e: '1' }]],
    ['YAML 1.1 by directive, read by the core schema', '%YAML 1.1\n---\na: yes\n', [{ a: 'yes' }]],
    [
      'timestamps as strings',
      't: 2001-12-14t21:59:43.10-05:00\nd: 2001-12-14\n',
      [{ t: '2001-12-14t21:59:43.10-05:00', d: '2001-12-14' }],
    ],
    [
      'merge keys',
      'base: &b {x: 1, y: 1}\nd:\n  <<: *b\n  y: 2\n',
      [{ base: { x: 1, y: 1 }, d: { x: 1, y: 2 } }],
    ],
    ['keys that are no strings', '1: a\ntrue: b\n', [{ 1: 'a', true: 'b' }]],
    ['no number of JSON', 'a: .inf\nb: .nan\n', [{ a: null, b: null }]],
  ])('is read: %s', async (_name, text, values) => {
    const documents = await readText(text);
    expect(valuesOf(documents)).toEqual(values);
    expect(documents.map((each) => each.kind === 'document' && each.text)).toEqual(
      values.map((value) => JSON.stringify(value)),
    );
  });

  it('knows on which line each document starts', async () => {
    expect(await readText('# note\na: 1\n---\n\nb: 2\n')).toMatchObject([{ line: 2 }, { line: 5 }]);
  });

  it.each([
    ['a bad flow', 'a: 1\nb: [x\n', /^-:4:1: Flow sequence/],
    ['a bad map', 'é: b\n  c: d\n', /^-:1:4: .+/],
    ['a tag of code', 'a: !!js/function "x"\n', /^-:1:4: Unresolved tag: tag:yaml.org,2002:js\/function$/],
    ['a tag that makes an object', 'a: !!binary aGk=\n', /^-:1:4: Unresolved tag/],
    ['a local tag', '!secret {a: 1}\n', /^-:1:1: Unresolved tag/],
    ['an alias of nothing', 'a: *x\n', /^-:1:1: Unresolved alias/],
    ['an alias of itself', 'a: &a\n  b: *a\n', /^-:1:1: nested deeper than 1000 by its aliases$/],
    ['a key that is a map', '? {a: b}\n: c\n', /^-:1:3: .*keys must be strings/],
    ['NUL', 'a: "\0"\n', /^-:1:5: a NUL byte$/],
    ['100,000 levels of flow', `a: ${'['.repeat(100_000)}`, /^-:1:\d+: nested deeper than 1000$/],
    ['20,000 levels of block', `${'- '.repeat(20_000)}a`, /^-:1:\d+: nested deeper than 1000$/],
  ])('refuses %s by its place', async (_name, text, message) => {
    const documents = await readText(`${text}\n---\nok: 1\n`);
    expect(documents).toHaveLength(2);
    expect(documents[0]).toMatchObject({
      kind: 'unreadable',
      reason: { code: 'INVALID_DOCUMENT', message: expect.stringMatching(message) as string },
    });
    expect(documents[1]).toMatchObject({ document: 1, value: { ok: 1 } });
  });

  it('refuses invalid UTF-8 by its place', async () => {
    expect(brief(await readText(Buffer.from([0x61, 0x3a, 0x0a, 0x20, 0xff, 0x0a])))).toEqual([
      '0 INVALID_DOCUMENT -:2:2: invalid UTF-8 (byte 0xff)',
    ]);
  });

  it('refuses aliases that unfold without end, and within the limit of aliases too', async () => {
    const levels = 'bcdefghij'.split('').map((name, index) => {
      const before = 'abcdefghij'[index] ?? '';
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
    });
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${levels.join('\n')}\n`;
    const wide = `a: &a ${'x'.repeat(1000)}\nb: [${Array.from({ length: 50 }, () => '*a').join(',')}]\n`;
    expect(await readText(bomb)).toMatchObject([{ reason: { code: 'INVALID_DOCUMENT' } }]);
    expect(await readText(wide, { maxDocumentBytes: 20_000 })).toMatchObject([
      { reason: { code: 'DOCUMENT_TOO_LARGE' } },
    ]);
    expect(await readText(wide)).toMatchObject([{ kind: 'document' }]);
  });

  it('warns of duplicate keys, of which the last wins', async () => {
    expect(await readText('l:\n- {a: 1, a: 2}\n__proto__: 1\n__proto__: {p: 2}\n')).toMatchObject([
      {
        text: '{"l":[{"a":2}],"__proto__":{"p":2}}',
        warnings: [
          { code: 'DUPLICATE_KEY', message: 'the key l[0].a stands more than once: the last one counts' },
          { code: 'DUPLICATE_KEY', message: 'the key __proto__ stands more than once: the last one counts' },
        ],
      },
    ]);
  });

  it('has __proto__ as a key like any other', async () => {
    const [value] = valuesOf(await readText('__proto__: {polluted: 1}\n'));
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('skips a byte order mark and says so', async () => {
    expect(await readText('\ufeffa: 1\n')).toMatchObject([
      { value: { a: 1 }, warnings: [{ code: 'BOM_SKIPPED' }] },
    ]);
  });

  it('is empty where only comments are', async () => {
    expect(await readText('# nothing\n---\n')).toMatchObject([{ reason: { code: 'EMPTY_INPUT' } }]);
  });

  it('refuses a document over the limit, and the rest goes on', async () => {
    const big = `a: ${'x'.repeat(700_000)}\n`;
    expect(brief(await readText(`ok: 1\n---\n${big}---\nok: 2\n`, { maxDocumentBytes: 1000 }))).toEqual([
      '0 {"ok":1}',
      '1 DOCUMENT_TOO_LARGE -:2:1: the document is larger than 1000 bytes',
      '2 {"ok":2}',
    ]);
  });
});

describe('the format', () => {
  it.each([
    ['an object first', '{a: 1}', 'JSON'],
    ['an array first', ' \n[a]', 'JSON'],
    ['a string first', '"a" b', 'JSON'],
    ['an object behind a byte order mark', '\ufeff{a: 1}', 'JSON'],
    ['anything else first', 'a: {b: 1}', 'YAML'],
  ])('with %s is taken for %s', async (_name, text, format) => {
    const kinds = (await readText(text)).map(({ kind }) => kind);
    expect(kinds.includes('unreadable')).toBe(format === 'JSON');
  });

  it('is guessed from the first character, with a way out', async () => {
    expect(await readText('{a: 1}')).toMatchObject([
      { reason: { hint: 'If this is YAML, say so with --format yaml.' } },
    ]);
    expect(valuesOf(await readText('{a: 1}', { format: 'yaml' }))).toEqual([{ a: 1 }]);
  });

  it.each(['json', 'ndjson'] as const)('%s is forced on what looks like YAML', async (format) => {
    expect(valuesOf(await readText('1\n2\n', { format }))).toEqual([1, 2]);
  });
});
