import { beforeEach, expect, it } from 'vitest';
import { RunPace } from '../../../src/ingest/run-pace.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

let clock: MockClock;
let pace: RunPace;

beforeEach(() => {
  clock = new MockClock();
  pace = new RunPace(clock);
});

it('counts the outcomes of the last ten seconds, and says how long the slowest of them took', async () => {
  for (let nth = 0; nth < 40; nth += 1) {
    pace.began();
    await clock.advance(nth === 20 ? 900 : 250);
    pace.ended();
  }
  expect(pace.now().perSecond).toBeCloseTo(3.8, 0);
  expect(pace.now().lagMs).toBe(900);
  await clock.advance(20_000);
  expect(pace.now()).toEqual({ perSecond: 0, lagMs: 0 });
});

it('counts a run of less than a second as one of a second', () => {
  pace.began();
  pace.ended();
  expect(pace.now()).toEqual({ perSecond: 1, lagMs: 0 });
});

it('says how long the oldest one waits, also from before it was taken up', async () => {
  await clock.advance(5_000);
  pace.began(2_000);
  pace.began();
  expect(pace.now().lagMs).toBe(3_000);
  await clock.advance(1_000);
  pace.ended();
  expect(pace.now().lagMs).toBe(4_000);
});
