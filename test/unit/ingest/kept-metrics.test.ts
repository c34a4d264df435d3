import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptMetrics } from '../../../src/ingest/kept-metrics.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

let directory: string;
let file: string;
let clock: MockClock;
let warned: string[];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-kept-'));
  file = path.join(directory, 'metrics.prom');
  clock = new MockClock();
  warned = [];
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function open(): Promise<KeptMetrics> {
  const notes = { warn: (text: string) => void warned.push(text) };
  return KeptMetrics.open({ file, clock, random: new SystemRandom(), notes });
}

/** Lets a file be written while time stands still. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await new Promise((resolve) => setImmediate(resolve));
}

const text = (): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

it('writes them every 15 s, and once more in the end', async () => {
  const metrics = await open();
  metrics.rewrite((counts) => {
    counts.signalLag(1_500);
  });
  metrics.counts.created('prometheus');
  await clock.advance(14_999);
  expect(text()).toBe('');
  await clock.advance(1);
  await until(() => text().includes('remedyctl_signal_lag_seconds 1.5\n'));
  metrics.counts.created('prometheus');
  await until(() => clock.sleepers > 0);
  await clock.advance(15_000);
  await until(() =>
    text().includes('gateway_crds_created_total{source_type="prometheus",status="created"} 2\n'),
  );
  metrics.counts.created('prometheus');
  await metrics.close();
  expect(text()).toContain('status="created"} 3\n');
  expect(text()).toMatch(/# EOF\n$/);
  expect(warned).toEqual([]);
});

it('goes on where they cannot be written, says so once, and fails in the end', async () => {
  const metrics = await open();
  metrics.rewrite(() => undefined);
  rmSync(directory, { recursive: true });
  for (let times = 0; times < 3; times += 1) {
    await clock.advance(15_000);
    await until(() => clock.sleepers > 0);
  }
  expect(warned).toEqual([expect.stringMatching(/^metrics were not written to .*; tried again every 15 s$/)]);
  await expect(metrics.close()).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
});
