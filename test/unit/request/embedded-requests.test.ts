import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { describeRequests } from './request-suite.ts';

describe('requests in the embedded store', () => {
  describeRequests(async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-request-'));
    const clock = new RealClock();
    const random = new SystemRandom();
    const store = await openEmbeddedStore({ directory, clock, random, namespaces: ['kubernaut-system'] });
    return {
      send: store.send,
      close: async () => {
        await store.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  });
});
