import { describe, expect, it } from 'vitest';
import { splitToWidth, cutToWidth, padToWidth, textWidth } from '../../../src/cli/text-width.ts';

describe('textWidth', () => {
  it.each([
    ['ASCII', 'payment-api', 11],
    ['CJK', '支払い', 6],
    ['Hangul', '한글', 4],
    ['fullwidth forms', 'ＡＢ', 4],
    ['an emoji', '🚀', 2],
    ['an emoji of several code points', '👩‍👩‍👧', 2],
    ['a flag', '🇩🇪', 2],
    ['a combining accent', 'e\u0301', 1],
    ['Latin beyond ASCII', 'naïve', 5],
  ])('counts the columns of %s', (_name, text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('cutToWidth', () => {
  it.each([
    ['short text stays', 'abc', 3, 'abc'],
    ['long text ends in an ellipsis', 'abcdef', 4, 'abc…'],
    ['a wide character is not cut in half', '支払い', 4, '支…'],
    ['an emoji family is not taken apart', 'ab👩‍👩‍👧cd', 5, 'ab👩‍👩‍👧…'],
    ['no room at all', 'abc', 0, ''],
  ])('%s', (_name, text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });

  it('pads by columns, not by characters', () => {
    expect(padToWidth('支', 4)).toBe('支  ');
  });
});

describe('characters that terminals show two columns wide', () => {
  it.each(['✅', '⏰', '⚡', '⛔', '日', '가'])('%s', (character) => {
    expect(textWidth(character)).toBe(2);
  });

  it('splits between them', () => {
    expect(splitToWidth('ab日本c', 3)).toEqual(['ab', '日', '本c']);
  });
});
