import { describe, expect, it } from 'vitest';
import { ageOf, formatAge } from '../../../src/time/age.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

describe('formatAge', () => {
  it.each([
    [-5, '<invalid>'],
    [-1, '0s'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [5 * minute + 30, '5m30s'],
    [10 * minute + 30, '10m'],
    [179 * minute, '179m'],
    [3 * hour + 5 * minute, '3h5m'],
    [8 * hour + 5 * minute, '8h'],
    [47 * hour, '47h'],
    [2 * day + 4 * hour, '2d4h'],
    [8 * day + 4 * hour, '8d'],
    [729 * day, '729d'],
    [730 * day + 3 * day, '2y3d'],
    [8 * 365 * day, '8y'],
  ])('shows %d seconds as kubectl does', (seconds, shown) => {
    expect(formatAge(seconds)).toBe(shown);
  });

  it('is absent for a time that is none', () => {
    expect(ageOf(undefined, 0)).toBeUndefined();
    expect(ageOf('yesterday', 0)).toBeUndefined();
    expect(ageOf('1970-01-01T00:00:00Z', 5_000)).toBe('5s');
  });
});
