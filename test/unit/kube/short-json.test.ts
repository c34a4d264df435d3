import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutLongTexts } from '../../../src/kube/short-json.ts';

function shortened(value: unknown, longestBytes: number): unknown {
  return JSON.parse(withoutLongTexts(Buffer.from(JSON.stringify(value)), longestBytes));
}

describe('withoutLongTexts', () => {
  it.each([
    ['a text at the limit stays', { a: 'xxxx' }, { a: 'xxxx' }],
    ['a longer one comes back empty', { a: 'xxxxx', b: 'y' }, { a: '', b: 'y' }],
    ['escaped quotes do not end a text', { a: '"}"}"}', b: 'y' }, { a: '', b: 'y' }],
    ['a backslash at the end does not hide the quote', { a: '\\\\\\', b: 'y' }, { a: '', b: 'y' }],
    ['texts of several bytes a character are counted in bytes', { a: 'äöü', b: 'y' }, { a: '', b: 'y' }],
    ['numbers and nesting stay', { a: [1, { b: null, c: ['zzzzzz'] }] }, { a: [1, { b: null, c: [''] }] }],
  ])('%s', (_name, value, expected) => {
    expect(shortened(value, 4)).toEqual(expected);
  });

  it('leaves every JSON with short texts as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        expect(withoutLongTexts(Buffer.from(text), Buffer.byteLength(text))).toBe(text);
      }),
    );
  });

  it('gives JSON for every JSON, with each text as it was or empty', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat({ max: 8 }), (texts, longest) => {
        const expected = texts.map((text) => {
          const bytes = Buffer.byteLength(JSON.stringify(text)) - 2;
          return bytes > longest ? '' : text;
        });
        expect(shortened(texts, longest)).toEqual(expected);
      }),
    );
  });

  it.each(['{"a":"xxxxxxxxxx', '{"a":"xxxxxxxxxx\\"', '<html>"xxxxxxxxxx"</html>'])(
    'does not make JSON out of %s',
    (text) => {
      expect(() => {
        JSON.parse(withoutLongTexts(Buffer.from(text), 4));
      }).toThrow(SyntaxError);
    },
  );
});
