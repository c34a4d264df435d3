import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, parseTimeout } from '../../../src/time/duration.ts';
import { formatSize, parseSize } from '../../../src/config/size.ts';

describe('durations, as Go reads them', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['500ms', 500],
    ['1m30s', 90_000],
    ['1h2m3.5s', 3_723_500],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1.s', 1_000],
    ['+2s', 2_000],
    ['-2s', -2_000],
    ['100us', 0.1],
    ['100µs', 0.1],
    ['100μs', 0.1],
    ['1500000ns', 1.5],
    ['1s1s', 2_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBeCloseTo(ms, 9);
  });

  it.each([
    '',
    ' ',
    '5',
    '1.5',
    '1d',
    '1 s',
    's',
    '.s',
    '1m30',
    '--1s',
    '1e3s',
    '1S',
    'Infinitys',
    '٣s',
    '1s\n',
    '9'.repeat(20) + 'h',
    '1s'.repeat(60),
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 1_000_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBeCloseTo(ms, 6);
      }),
    );
  });

  it.each([
    [0, '0s'],
    [250, '250ms'],
    [1_500, '1.5s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [86_400_000, '24h'],
    [-500, '-500ms'],
  ])('%d ms is shown as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe("time-outs, as kubectl's --request-timeout reads them", () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    ['+5', 5_000],
    ['2m', 120_000],
  ])('%s', (text, ms) => {
    expect(parseTimeout(text)).toBe(ms);
  });

  it.each(['', '1.5', 'abc', '1d', '99999999999'])('refuses %j', (text) => {
    expect(parseTimeout(text)).toBeUndefined();
  });
});

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['1048576', 1_048_576],
    ['10MiB', 10_485_760],
    ['10Mi', 10_485_760],
    ['1.5KiB', 1_536],
    ['1kB', 1_000],
    ['2GB', 2_000_000_000],
    ['64KiB', 65_536],
    ['7B', 7],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '10 MiB', '-1', '1.3', '1mib', '1e6', '10XB', '999999999999GiB', '0x10'])(
    'refuses %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(0, 10, 20, 30), (amount, shift) => {
        const bytes = amount * 2 ** shift;
        fc.pre(Number.isSafeInteger(bytes));
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    );
  });
});
