import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUtcSeconds, isUnsetTime, parseRfc3339 } from '../../../src/time/rfc3339.ts';

describe('a written time', () => {
  it.each<[string, string, number]>([
    ['2026-08-22T12:00:00Z', '2026-08-22T12:00:00Z', Date.UTC(2026, 7, 22, 12)],
    ['2026-08-22T12:00:00.999999999Z', '2026-08-22T12:00:00Z', Date.UTC(2026, 7, 22, 12, 0, 0, 999)],
    ['2026-08-22T12:00:00.5+05:30', '2026-08-22T12:00:00+05:30', Date.UTC(2026, 7, 22, 6, 30, 0, 500)],
    ['2026-08-22T12:00:00-08:00', '2026-08-22T12:00:00-08:00', Date.UTC(2026, 7, 22, 20)],
    ['2026-08-22T12:00:00+00:00', '2026-08-22T12:00:00Z', Date.UTC(2026, 7, 22, 12)],
    ['2026-08-22T12:00:00-00:00', '2026-08-22T12:00:00Z', Date.UTC(2026, 7, 22, 12)],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])('%s is cut to seconds and keeps its offset', (text, cut, ms) => {
    expect(parseRfc3339(text)).toEqual({ text: cut, ms });
  });

  it.each([
    '',
    ' 2026-08-22T12:00:00Z',
    '2026-08-22T12:00:00Z\n',
    '2026-08-22',
    '2026-08-22 12:00:00Z',
    '2026-08-22t12:00:00z',
    '2026-08-22T12:00Z',
    '2026-08-22T1:00:00Z',
    '2026-08-22T12:00:00',
    '2026-08-22T12:00:00,5Z',
    '2026-08-22T12:00:00.Z',
    '2026-08-22T12:00:00+2:00',
    '2026-08-22T12:00:00+0200',
    '2026-08-22T12:00:00+24:00',
    '2026-08-22T12:00:00+02:60',
    '2026-08-22T24:00:00Z',
    '2026-08-22T12:60:00Z',
    '2026-08-22T23:59:60Z',
    '2026-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '٢٠٢٦-08-22T12:00:00Z',
  ])('"%s" is none', (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });

  it('of every instant reads back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseRfc3339(date.toISOString())?.ms).toBe(date.getTime());
          expect(parseRfc3339(formatUtcSeconds(date.getTime()))?.ms).toBe(
            Math.floor(date.getTime() / 1000) * 1000,
          );
        },
      ),
    );
  });

  it('that is Go’s zero time is no time', () => {
    expect(isUnsetTime(parseRfc3339('0001-01-01T00:00:00Z')!)).toBe(true);
    expect(isUnsetTime(parseRfc3339('0001-01-01T01:00:00+01:00')!)).toBe(true);
    expect(isUnsetTime(parseRfc3339('0001-01-01T00:00:01Z')!)).toBe(false);
  });
});
