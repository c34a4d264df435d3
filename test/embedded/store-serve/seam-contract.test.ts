import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from 'vitest';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { startStoreServer } from '../../../src/store-server/store-server.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { describeSeamContract } from '../../contract/seam-contract.ts';
import { openHttpSend } from '../../support/http-send.ts';

describe('the seam contract through the socket of store serve', () => {
  describeSeamContract(async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-seam-'));
    const clock = new RealClock();
    const store = await openEmbeddedStore({ directory, clock, random: new SystemRandom(), namespaces: [] });
    const failures: unknown[] = [];
    const server = await startStoreServer({
      send: store.send,
      clock,
      address: '127.0.0.1',
      port: 0,
      onAnswer: () => undefined,
      onFailure: (failure) => failures.push(failure),
    });
    const http = openHttpSend({
      server: server.url,
      token: server.token,
      certificateAuthority: Buffer.from(server.certificate),
    });
    return {
      send: http.send,
      expireHistory: () => {
        store.dropHistory();
        return Promise.resolve();
      },
      async close() {
        await http.close();
        await server.close();
        await store.close();
        rmSync(directory, { recursive: true, force: true });
        if (failures.length > 0) throw new AggregateError(failures, 'the store failed');
      },
    };
  });
});
