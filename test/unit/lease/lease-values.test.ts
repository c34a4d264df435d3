import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockSkewMeasurement } from '../../../src/kube/clock-skew.ts';
import { contentionWaitMs } from '../../../src/lease/contention-wait.ts';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { isExpired, newLease } from '../../../src/lease/lease-object.ts';
import { formatMicroTime, parseMicroTime } from '../../../src/lease/micro-time.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface NameCase {
  key?: string;
  keyRepeat?: unknown;
  bytes: number;
  leaseName: string;
}

describe.runIf(hasShared)('the names that the gateway gives', () => {
  const { cases } = hasShared ? readVectors<{ cases: NameCase[] }>('leasenames') : { cases: [] };

  it('reads every case', () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases.map((one) => ({ ...one, key: one.key ?? '' })))('$key', (one) => {
    expect(Buffer.byteLength(one.key)).toBe(one.bytes);
    expect(leaseName(one.key)).toBe(one.leaseName);
  });
});

describe('a MicroTime', () => {
  it('is written with exactly six digits, in UTC', () => {
    expect(formatMicroTime(Date.parse('2026-08-22T12:00:00Z'))).toBe('2026-08-22T12:00:00.000000Z');
    expect(formatMicroTime(Date.parse('2026-08-22T12:00:00.123Z') + 0.25)).toBe(
      '2026-08-22T12:00:00.123250Z',
    );
  });

  it.each([
    ['2026-08-22T12:00:00.000001Z', 1],
    ['2026-08-22T12:00:00Z', 0],
    ['2026-08-22T14:00:00.5+02:00', 500_000],
    ['2026-08-22T12:00:00.1234567Z', 123_456],
  ])('%s is read to the microsecond', (text, microseconds) => {
    expect(parseMicroTime(text)).toBe(Date.parse('2026-08-22T12:00:00Z') * 1000 + microseconds);
  });

  it.each([undefined, '', 'soon', '2026-08-22 12:00:00Z', '2026-13-22T12:00:00Z'])('%s is none', (text) => {
    expect(parseMicroTime(text)).toBeUndefined();
  });
});

describe('expiry with a measured skew', () => {
  const nowMs = Date.parse('2026-08-22T12:00:00Z');
  const lease = newLease(
    { namespace: 'n', name: 'l' },
    { holder: 'h', nowMs: nowMs - 29_000, durationSeconds: 30 },
  );

  it.each([
    ['unmeasured', undefined, false],
    ['server 2 s ahead, sure', { skewMs: 2000, errorMs: 0 }, true],
    ['server 2 s ahead, give or take 1 s: just not', { skewMs: 2000, errorMs: 1000 }, false],
    ['server 2 s ahead, give or take 999 ms', { skewMs: 2000, errorMs: 999 }, true],
    ['server behind', { skewMs: -5000, errorMs: 0 }, false],
  ])('%s', (_, skew, expected) => {
    expect(isExpired(lease, nowMs, skew)).toBe(expected);
  });
});

describe('the measured skew', () => {
  it('is unknown before the first answer', () => {
    expect(new ClockSkewMeasurement().best()).toBeUndefined();
  });

  it('is bounded by one answer to a second and the round trip', () => {
    const measurement = new ClockSkewMeasurement();
    measurement.observe({ serverDateMs: 10_000, sentAtMs: 9_900, receivedAtMs: 10_100 });
    expect(measurement.best()).toEqual({ skewMs: 500, errorMs: 600 });
  });

  it('starts again when a clock was stepped', () => {
    const measurement = new ClockSkewMeasurement();
    measurement.observe({ serverDateMs: 10_000, sentAtMs: 10_000, receivedAtMs: 10_010 });
    measurement.observe({ serverDateMs: 70_000, sentAtMs: 10_100, receivedAtMs: 10_110 });
    expect(measurement.best()?.skewMs).toBeCloseTo(60_395, 0);
  });

  it('ignores an answer without a Date, and one that came before it was asked for', () => {
    const measurement = new ClockSkewMeasurement();
    measurement.observe({ serverDateMs: Number.NaN, sentAtMs: 0, receivedAtMs: 1 });
    measurement.observe({ serverDateMs: 5, sentAtMs: 10, receivedAtMs: 1 });
    expect(measurement.best()).toBeUndefined();
  });

  it('always contains the truth, and never gets worse', () => {
    const exchange = fc.record({
      atMs: fc.integer({ min: 0, max: 60_000 }),
      thereMs: fc.integer({ min: 0, max: 300 }),
      backMs: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: -90_000, max: 90_000 }),
        fc.array(exchange, { minLength: 1, maxLength: 20 }),
        (truthMs, exchanges) => {
          const measurement = new ClockSkewMeasurement();
          let errorMs = Number.POSITIVE_INFINITY;
          for (const { atMs, thereMs, backMs } of exchanges) {
            const serverMs = atMs + thereMs + truthMs;
            measurement.observe({
              serverDateMs: Math.floor(serverMs / 1000) * 1000,
              sentAtMs: atMs,
              receivedAtMs: atMs + thereMs + backMs,
            });
            const best = measurement.best()!;
            expect(Math.abs(best.skewMs - truthMs)).toBeLessThanOrEqual(best.errorMs);
            expect(best.errorMs).toBeLessThanOrEqual(errorMs);
            errorMs = best.errorMs;
          }
        },
      ),
    );
  });
});

describe('the wait after contention', () => {
  it('doubles from 100 ms to 1 s, 10 % around, never outside', () => {
    const bounds = [
      [100, 110],
      [180, 220],
      [360, 440],
      [720, 880],
      [900, 1000],
      [900, 1000],
    ];
    const random = new SeededRandom(7);
    for (const [index, [min, max]] of bounds.entries()) {
      for (let draw = 0; draw < 200; draw += 1) {
        const waitMs = contentionWaitMs(index + 1, random);
        expect(waitMs).toBeGreaterThanOrEqual(min!);
        expect(waitMs).toBeLessThanOrEqual(max!);
      }
    }
  });
});
