import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toTerminalLines, toTerminalText } from '../../../src/cli/terminal-text.ts';

describe('toTerminalText', () => {
  it.each([
    ['plain text', 'payment-api', 'payment-api'],
    ['an ANSI colour', '\u001b[31mred', '\\x1b[31mred'],
    ['a C1 control sequence introducer', '\u009b2J', '\\x9b2J'],
    ['an OSC 8 link', '\u001b]8;;http://x\u0007y', '\\x1b]8;;http://x\\x07y'],
    ['line ends and tabs', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['NUL and DEL', 'a\u0000b\u007f', 'a\\x00b\\x7f'],
    ['a right-to-left override', 'abc\u202egpj', 'abc\\u202egpj'],
    ['bidi isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['an Arabic letter mark', '\u061cx', '\\u061cx'],
    ['zero-width characters', 'a\u200bb\u200dc\ufeff', 'a\\u200bb\\u200dc\\ufeff'],
    ['a soft hyphen', 'pay\u00adment', 'pay\\xadment'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['CJK and emoji', '支払い 🚀', '支払い 🚀'],
    ['combining accents', 'e\u0301', 'e\u0301'],
  ])('shows %s', (_name, input, shown) => {
    expect(toTerminalText(input)).toBe(shown);
  });

  it('leaves no control character, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(toTerminalText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('keeps line ends, and nothing else, in text of several lines', () => {
    expect(toTerminalLines('one\r\ntwo\u001b[0m\n\nthree')).toBe('one\ntwo\\x1b[0m\n\nthree');
  });
});
