import { describe, expect, it } from 'vitest';
import { parseHttpDate, retryAfterIn } from '../../../src/time/retry-after.ts';

const nowMs = Date.UTC(2026, 10, 22, 12, 0, 0);

describe('how long an answer asks to wait', () => {
  const serverAhead = 'Sun, 22 Nov 2026 13:00:00 GMT';
  it.each([
    ['seconds', '3', undefined, 3],
    ['parts of a second', '1.5', undefined, 1.5],
    ['11 digits', '12345678901', undefined, 12_345_678_901],
    ['more digits than a number has', '9'.repeat(400), undefined, Number.MAX_SAFE_INTEGER],
    ['a date, by the clock of the server an hour ahead', 'Sun, 22 Nov 2026 13:00:03 GMT', serverAhead, 3],
    [
      'a date, by the clock of the server an hour behind',
      'Sun, 22 Nov 2026 11:00:03 GMT',
      'Sun, 22 Nov 2026 11:00:00 GMT',
      3,
    ],
    ['a date, by our clock where the answer has none', 'Sun, 22 Nov 2026 12:00:30 GMT', undefined, 30],
    ['a date, by our clock where that of the answer is none', 'Sun, 22 Nov 2026 12:00:30 GMT', 'today', 30],
    ['a date that has passed', 'Sun, 22 Nov 2026 12:59:00 GMT', serverAhead, 0],
    ['a date of RFC 850', 'Sunday, 22-Nov-26 13:00:07 GMT', serverAhead, 7],
    ['a date of asctime', 'Sun Nov 22 13:00:07 2026', serverAhead, 7],
    ['words', 'soon', serverAhead, undefined],
    ['an ISO date', '2026-11-22T13:00:00Z', serverAhead, undefined],
    ['nothing', '', serverAhead, undefined],
    ['no header', undefined, serverAhead, undefined],
    ['a negative number', '-1', serverAhead, undefined],
  ])('%s', (_what, retryAfter, date, expected) => {
    expect(retryAfterIn({ retryAfter, date }, nowMs)).toBe(expected);
  });

  it('is not known of a date where nobody knows the time', () => {
    const retryAfter = 'Sun, 22 Nov 2026 12:00:30 GMT';
    expect(retryAfterIn({ retryAfter, date: undefined }, undefined)).toBeUndefined();
  });
});

describe('a date of HTTP', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Tuesday, 01-Jan-30 00:00:00 GMT', '2030-01-01T00:00:00.000Z'],
    ['Friday, 01-Jan-76 00:00:00 GMT', '2076-01-01T00:00:00.000Z'],
    ['Saturday, 01-Jan-77 00:00:00 GMT', '1977-01-01T00:00:00.000Z'],
    ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
    ['1994', undefined],
  ])('%s', (text, expected) => {
    const at = parseHttpDate(text, nowMs);
    expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(expected);
  });
});
