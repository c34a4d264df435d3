import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { namespace } from './lock-rig.ts';
import { describeLock } from './lock-suite.ts';

describe('the lock on the embedded store', () => {
  describeLock(async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-lock-'));
    const clock = new RealClock();
    const random = new SystemRandom();
    const store = await openEmbeddedStore({ directory, clock, random, namespaces: [namespace] });
    return {
      send: store.send,
      close: async () => {
        await store.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  });
});
