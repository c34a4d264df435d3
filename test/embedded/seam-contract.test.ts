import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded-store.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { SystemRandom } from '../../src/time/system-random.ts';
import { describeSeamContract } from '../contract/seam-contract.ts';

describe('the seam contract over the embedded store', () => {
  describeSeamContract(async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-seam-'));
    const store = await openEmbeddedStore({
      directory,
      clock: new RealClock(),
      random: new SystemRandom(),
      namespaces: [],
    });
    return {
      send: store.send,
      expireHistory: () => {
        store.dropHistory();
        return Promise.resolve();
      },
      async close() {
        await store.close();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  });
});
