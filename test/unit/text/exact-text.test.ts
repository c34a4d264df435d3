import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../../src/cli/render/document.ts';
import { toTerminalText } from '../../../src/cli/terminal-text.ts';
import { exactJson } from '../../../src/text/exact-json.ts';

const hiddenCharacters = [
  ...['\u0000', '\u0007', '\t', '\r', '\u001b', '\u007f', '\u0085', '\u009b', '\u00ad', '\u061c'],
  ...['\u200b', '\u200e', '\u200f', '\u2028', '\u202a', '\u202e', '\u2066', '\u2069', '\ufeff', '\ufff0'],
  ...['\ufffb', '\ufffe', '\u{1bca0}', '\u{1bca3}', '\u{1d173}', '\u{1d17a}', '\u{13430}', '\u{e0041}'],
  ...['\u{e0100}', '\ud800', '\udfff'],
];

const raw =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\p{Surrogate}]/u;

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...hiddenCharacters, '\n', ' ', '\\', '"', "'", ':', '#', '-', 'a'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 60,
});
const value = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  fc.oneof(
    text,
    fc.array(text),
    fc.dictionary(fc.constantFrom('a', 'b\u202e'), text),
    fc.integer(),
    fc.boolean(),
  ),
);

describe('documents', () => {
  it.each(hiddenCharacters)('show no hidden character as it is: %j', async (character) => {
    const document = {
      [`k${character}`]: `a${character}b`,
      long: `${'x'.repeat(90)} ${character} ${'y'.repeat(90)}\nz`,
    };
    for (const [print, read] of [
      [exactJson(document), (text: string): unknown => JSON.parse(text)],
      [exactJson(document, 2), (text: string): unknown => JSON.parse(text)],
      [await toYaml(document), (text: string): unknown => parse(text)],
    ] as const) {
      expect(print).not.toContain(character);
      expect(read(print)).toEqual(document);
    }
  });

  it('are read back as they were, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(value, async (document) => {
        const json = exactJson(document);
        expect(json).not.toMatch(raw);
        expect(JSON.parse(json)).toEqual(document);
        const yaml = await toYaml(document);
        expect(yaml).not.toMatch(raw);
        expect(parse(yaml)).toEqual(document);
        expect(parse(await toYaml([document]))).toEqual([document]);
      }),
      { numRuns: 300 },
    );
  });

  it('escape what takes two code units as jq and YAML readers take it', async () => {
    expect(exactJson({ a: '\u{1d173}' })).toBe('{"a":"\\ud834\\udd73"}');
    expect(await toYaml({ a: '\u{1d173}' })).toBe('a: "\\U0001d173"\n');
  });

  it('leave what can be seen alone', async () => {
    const document = { a: '支払い 🚀 é e\u0301', b: 'one\ntwo\n' };
    expect(exactJson(document)).toBe(JSON.stringify(document));
    expect(await toYaml(document)).toBe('a: 支払い 🚀 é e\u0301\nb: |\n  one\n  two\n');
  });

  it('have in YAML what they have in JSON: what cannot be printed is left out', async () => {
    expect(parse(await toYaml({ a: 1, f: () => 2, u: undefined }))).toEqual({ a: 1 });
  });
});

describe('tables', () => {
  it.each(['\ufff0', '\u{1bca0}', '\u{1bca3}', '\u{1d173}', '\u{1d17a}', '\u{e0100}'])(
    'show %j as an escape',
    (character) => {
      expect(toTerminalText(`a${character}b`)).toBe(
        character.length === 1 ? 'a\\ufff0b' : `a\\u{${(character.codePointAt(0) ?? 0).toString(16)}}b`,
      );
    },
  );
});
