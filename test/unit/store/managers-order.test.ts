import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { leases, StoreUnderTest, temporaryDirectory } from './store-under-test.ts';

/** Tells the time that it is told. */
class ToldClock extends RealClock {
  nowMs = Date.parse('2026-11-20T10:00:00Z');

  override now(): number {
    return this.nowMs;
  }
}

let directory: string;
let clock: ToldClock;
let api: StoreUnderTest;

beforeEach(async () => {
  directory = temporaryDirectory();
  clock = new ToldClock();
  const options = { directory, clock, random: new SystemRandom(), namespaces: ['team'] };
  api = new StoreUnderTest(await openEmbeddedStore(options), directory);
});
afterEach(async () => {
  await api.store.close();
  rmSync(directory, { recursive: true, force: true });
});

async function apply(manager: string, spec: Record<string, unknown>): Promise<string[]> {
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec };
  const path = `${leases}/l?fieldManager=${manager}`;
  const { body: lease } = await api.patch(path, body, 'application/apply-patch+yaml');
  const entries = lease['metadata']?.['managedFields'] as unknown as { manager: string }[];
  return entries.map((entry) => entry.manager);
}

describe('the managers of an object', () => {
  it('are ordered by the second in which they wrote last, then by their names', async () => {
    await apply('b', { leaseDurationSeconds: 5 });
    clock.nowMs += 400;
    expect(await apply('a', { holderIdentity: 'me' })).toEqual(['a', 'b']);
    clock.nowMs += 1_000;
    expect(await apply('a', { holderIdentity: 'you' })).toEqual(['b', 'a']);
    clock.nowMs += 1_000;
    expect(await apply('b', { leaseDurationSeconds: 6 })).toEqual(['a', 'b']);
  });
});
