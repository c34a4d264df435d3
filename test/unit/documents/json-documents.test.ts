import { describe, expect, it } from 'vitest';
import { brief, readText, valuesOf } from './reading.ts';

async function readJson(content: string | Uint8Array, maxDocumentBytes?: number): Promise<string[]> {
  const limit = maxDocumentBytes === undefined ? {} : { maxDocumentBytes };
  return brief(await readText(content, { format: 'json', ...limit }));
}

function deep(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

describe('a sequence of JSON values', () => {
  it.each([
    ['one value', '{"a":1}', ['0 {"a":1}']],
    ['one a line', '{"a":1}\n{"b":2}\n', ['0 {"a":1}', '1 {"b":2}']],
    ['lines that end in CRLF', '{"a":1}\r\n{"b":2}\r\n', ['0 {"a":1}', '1 {"b":2}']],
    ['blank lines between', '\n\n{"a":1}\n \n\t{"b":2}', ['0 {"a":1}', '1 {"b":2}']],
    ['nothing between', '{"a":1}{"b":2}[3]"x"4', ['0 {"a":1}', '1 {"b":2}', '2 [3]', '3 "x"', '4 4']],
    ['pretty-printed', '{\n  "a": [\n    1\n  ]\n}\n{\n}', ['0 {\n  "a": [\n    1\n  ]\n}', '1 {\n}']],
    ['scalars', 'true null -1.5e3 "x"', ['0 true', '1 null', '2 -1.5e3', '3 "x"']],
    ['brackets in strings', '{"a":"}]{[\\""}{}', ['0 {"a":"}]{[\\""}', '1 {}']],
  ])('is read: %s', async (_name, content, expected) => {
    expect(await readJson(content)).toEqual(expected);
  });

  it('knows on which line each document starts and how long it is', async () => {
    const documents = await readText('\n{\n"a":1\n}\n\n{"é":2}');
    expect(documents).toMatchObject([
      { kind: 'document', file: '-', document: 0, line: 2, bytes: 9, warnings: [] },
      { kind: 'document', file: '-', document: 1, line: 6, bytes: 8, warnings: [] },
    ]);
  });

  it('keeps numbers as JSON.parse does, and lone surrogates', async () => {
    const text = '[1e400, 12345678901234567890, 0.1, -0, "\\ud800"]';
    expect(valuesOf(await readText(text))).toEqual([JSON.parse(text)]);
  });

  it('takes __proto__ and constructor for keys like any other', async () => {
    const [value] = valuesOf(await readText('{"__proto__":{"polluted":true},"constructor":1}'));
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('a JSON document that is refused', () => {
  it.each([
    ['a literal cut short', '{"a":tru}', '-:1:9: unexpected "}"'],
    ['a missing comma', '{"a":1\n "b":2}', '-:2:2: unexpected "\\""'],
    ['a single quote', "{'a':1}", '-:1:2: unexpected "\'"'],
    ['a comment', '{"a":/**/1}', '-:1:6: unexpected "/"'],
    ['the wrong bracket', '{"a":[1}', '-:1:8: unexpected "}"'],
    ['the end in a value', '{"a":\n [1,', '-:2:5: the input ends in the middle of a value'],
    ['the end in a string', '{"a":"b', '-:1:8: the input ends in the middle of a value'],
    ['a line end in a string', '{"a":"b\nc"}', '-:1:8: the line ends in the middle of a string'],
    ['NUL in a string', '{"a":"b\0c"}', '-:1:8: control character "\\u0000" in a string'],
    ['NUL outside', '{"a":1\0}', '-:1:7: unexpected "\\u0000"'],
    ['columns counted in characters', '["é🌀", x]', '-:1:8: unexpected "x"'],
    ['columns behind escapes', '{"a\\n\\u00e9\\ud83d\\ude00":"\\"", x}', '-:1:32: unexpected "x"'],
    ['columns in the second value of a line', '{"é":1} {"b":}', '-:1:14: unexpected "}"'],
    ['1001 levels', deep(1001), '-:1:1001: nested deeper than 1000'],
    ['100,000 levels', '['.repeat(100_000), '-:1:1001: nested deeper than 1000'],
  ])('names the place: %s', async (_name, content, message) => {
    const refused = (await readText(content, { format: 'json' })).filter(({ kind }) => kind === 'unreadable');
    expect(refused).toMatchObject([{ reason: { code: 'INVALID_DOCUMENT', message } }]);
    const [, line, column] = message.split(':').map(Number);
    expect(refused).toMatchObject([{ line, column }]);
  });

  it('names a surrogate that UTF-8 does not have', async () => {
    const bytes = [0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d];
    expect(await readJson(Buffer.from(bytes))).toEqual([
      '0 INVALID_DOCUMENT -:1:3: half a character (the lone surrogate U+D800)',
    ]);
  });

  it.each([
    ['a stray byte', [0x5b, 0x22, 0xff, 0x22, 0x5d], 3, '0xff'],
    ['a cut sequence', [0x5b, 0x22, 0xc3, 0xa9, 0xe2, 0x82, 0x22, 0x5d], 4, '0xe2'],
    ['an overlong sequence', [0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d], 3, '0xc0'],
  ])('names invalid UTF-8: %s', async (_name, bytes, column, byte) => {
    expect(await readJson(Buffer.from(bytes))).toEqual([
      `0 INVALID_DOCUMENT -:1:${column}: invalid UTF-8 (byte ${byte})`,
    ]);
  });

  it('reads 1000 levels', async () => {
    expect(await readJson(deep(1000))).toEqual([`0 ${deep(1000)}`]);
  });
});

describe('after a refused document', () => {
  const good = '{"ok":1}';

  it.each([
    ['in a string', '{"a":"b'],
    ['in an escape', '{"a":"b\\'],
    ['behind a key', '{"a"'],
    ['behind a colon', '{"a":'],
    ['behind an open object', '{"a":{'],
    ['behind an open array', '{"a":['],
    ['behind a comma in an array', '{"a":[1,'],
    ['behind a comma in an object', '{"a":1,'],
    ['in a literal', '{"a":tr'],
    ['in a number', '{"a":-'],
  ])('a line cut %s costs itself alone', async (_name, cut) => {
    const result = await readJson(`${good}\n${cut}\n{"x":2}\n{"y":3}\n${good}\n`);
    expect(result).toHaveLength(5);
    expect(result[1]).toMatch(/^1 INVALID_DOCUMENT -:[2-4]:\d+: /);
    expect(result.slice(2)).toEqual(['2 {"x":2}', '3 {"y":3}', `4 ${good}`]);
  });

  it('reading goes on at the next line that opens a value', async () => {
    expect(await readJson(`{"a":}\nnoise\n  {"indented":1}\n${good}\n[1]\n`)).toEqual([
      '0 INVALID_DOCUMENT -:1:6: unexpected "}"',
      `1 ${good}`,
      '2 [1]',
    ]);
  });

  it('a pretty-printed document ends its file', async () => {
    const pretty = JSON.stringify({ a: [{ b: 1 }, { c: 2 }] }, undefined, 2).replace('1', 'x');
    expect(await readJson(pretty)).toEqual(['0 INVALID_DOCUMENT -:4:12: unexpected "x"']);
  });

  it('the next of several pretty-printed documents is read', async () => {
    const pretty = JSON.stringify({ a: [{ b: 1 }] }, undefined, 2);
    const result = await readJson(`${pretty.replace('1', 'x')}\n${pretty}`);
    expect(result).toEqual(['0 INVALID_DOCUMENT -:4:12: unexpected "x"', `1 ${pretty}`]);
  });

  it('many cut lines in a row are each refused, in time', async () => {
    const cut = `{"a":[${'1,'.repeat(5000)}\n`;
    const result = await readJson(`${cut.repeat(100)}${good}\n${good}\n`);
    expect(result.slice(100)).toEqual([`100 ${good}`, `101 ${good}`]);
  });

  it('the items of a refused array, one a line, are no documents', async () => {
    expect(await readJson('[\n{"a":1},\n{"b":x},\n{"c":3}\n]\n[4]')).toEqual([
      '0 INVALID_DOCUMENT -:3:6: unexpected "x"',
      '1 [4]',
    ]);
  });
});

describe('a document over the limit', () => {
  const long = JSON.stringify({ a: 'x'.repeat(100) });

  it('is refused where it starts, and the rest goes on', async () => {
    expect(await readJson(`{"a":1}\n${long}\n{"b":2}`, 50)).toEqual([
      '0 {"a":1}',
      '1 DOCUMENT_TOO_LARGE -:2:1: the document is larger than 50 bytes',
      '2 {"b":2}',
    ]);
  });

  it('may be exactly as long as the limit', async () => {
    expect(await readJson(long, long.length)).toEqual([`0 ${long}`]);
    expect((await readJson(long, long.length - 1))[0]).toMatch(/DOCUMENT_TOO_LARGE/);
  });

  it('of 100 MB passes without being held', async () => {
    const filler = Buffer.alloc(1024 * 1024, 'x');
    let peak = 0;
    async function* line(): AsyncGenerator<Buffer> {
      yield Buffer.from('{"a":1}\n{"a":"');
      for (let count = 0; count < 100; count += 1) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        yield await Promise.resolve(filler);
      }
      yield Buffer.from('"}\n{"b":2}\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    const documents = await readText('', { stdin: line() });
    expect(brief(documents).map((each) => each.slice(0, 20))).toEqual([
      '0 {"a":1}',
      '1 DOCUMENT_TOO_LARGE',
      '2 {"b":2}',
    ]);
    expect(peak - before).toBeLessThan(40 * 1024 * 1024);
  });

  it.each([1000, 300_000])(
    'is passed over to its end, brackets and strings considered: limit %d',
    async (limit) => {
      const items = Array.from({ length: 20_000 }, (_, index) => ({ index, text: '}]\\"{[', inner: [{}] }));
      const large = JSON.stringify({ items }, null, 1);
      expect(brief(await readText(`${large} {"b":2}${large}\n[3]`, { maxDocumentBytes: limit }))).toEqual([
        `0 DOCUMENT_TOO_LARGE -:1:1: the document is larger than ${limit} bytes`,
        '1 {"b":2}',
        expect.stringMatching(/^2 DOCUMENT_TOO_LARGE -:140004:10: /),
        '3 [3]',
      ]);
    },
  );

  it('that never ends does not swallow the line behind it', async () => {
    const result = await readJson(`{"a":"${'x'.repeat(600_000)}\n{"b":2}\n{"c":3}\n`, 1000);
    expect(result.slice(1)).toEqual(['1 {"b":2}', '2 {"c":3}']);
  });
});

describe('duplicate keys', () => {
  async function warnings(text: string): Promise<string[]> {
    const [read] = await readText(text);
    if (read?.kind !== 'document') throw new Error('refused');
    return read.warnings.map(({ code, message }) => `${code} ${message}`);
  }
  const said = (key: string): string =>
    `DUPLICATE_KEY the key ${key} stands more than once: the last one counts`;

  it.each([
    ['at the top', '{"a":1,"a":2}', ['a']],
    ['deep', '{"alerts":[{},{"labels":{"x":1,"x":1}}]}', ['alerts[1].labels.x']],
    ['under an odd key', '{"a b":{"c":1,"c":2}}', ['["a b"].c']],
    ['escaped differently', '{"a":1,"\\u0061":2}', ['a']],
    ['in a value that is dropped', '{"a":{"b":1,"b":2},"a":1}', ['a.b', 'a']],
    ['three times, said once', '{"a":1,"a":2,"a":3}', ['a']],
    ['named __proto__', '{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['in the second of two items', '[{"a":1},{"a":1}]', []],
    ['with colons in strings', '{"a":"b:c","d:e":":"}', []],
  ])('are warned about: %s', async (_name, text, keys) => {
    expect(await warnings(text)).toEqual(keys.map(said));
  });

  it('let the last one win whole', async () => {
    expect(valuesOf(await readText('{"a":{"x":1},"a":{"y":2}}'))).toEqual([{ a: { y: 2 } }]);
  });

  it('are counted from the eleventh on', async () => {
    const members = Array.from({ length: 25 }, (_, index) => `"k${index}":1,"k${index}":2`);
    const said = await warnings(`{${members.join(',')}}`);
    expect(said).toHaveLength(11);
    expect(said.at(-1)).toBe('DUPLICATE_KEY 15 more keys stand more than once');
  });
});

describe('encodings', () => {
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);

  it('skips byte order marks, also where files were joined, and says so', async () => {
    const documents = await readText(
      Buffer.concat([mark, Buffer.from('{"a":1}\n'), mark, Buffer.from('[2]')]),
    );
    expect(documents).toMatchObject([
      { value: { a: 1 }, warnings: [{ code: 'BOM_SKIPPED' }] },
      { value: [2], warnings: [{ code: 'BOM_SKIPPED' }] },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['space', ' \n\t\r\n'],
    ['a byte order mark', mark],
  ])('says that an input of %s is empty', async (_name, content) => {
    expect(await readText(content)).toMatchObject([
      { file: '-', document: 0, reason: { code: 'EMPTY_INPUT' } },
    ]);
  });
});
