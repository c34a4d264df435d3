import { mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../src/plan-run/journal.ts';
import { lockPlan } from '../../../src/plan-run/machine-lock.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { remediationRequest, requests, StoreUnderTest, temporaryDirectory } from './store-under-test.ts';

let above: string;
let directory: string;
let file: string;

beforeEach(() => {
  above = temporaryDirectory();
  directory = path.join(above, 'store');
  file = path.join(directory, 'store.db');
});

afterEach(() => {
  rmSync(above, { recursive: true, force: true });
});

const losses: readonly [string, (name: string) => void][] = [
  ['removed', unlinkSync],
  [
    'moved away',
    (name) => {
      renameSync(name, `${name}.old`);
    },
  ],
  [
    'replaced by a copy of itself',
    (name) => {
      const copy = `${name}.copy`;
      writeFileSync(copy, readFileSync(name));
      renameSync(copy, name);
    },
  ],
  [
    'removed with its folder',
    (name) => {
      rmSync(path.dirname(name), { recursive: true });
    },
  ],
  [
    'renamed with its folder, and made anew',
    (name) => {
      const folder = path.dirname(name);
      renameSync(folder, `${folder}.old`);
      mkdirSync(folder);
      writeFileSync(name, '');
    },
  ],
  [
    'bereft of its log',
    (name) => {
      unlinkSync(`${name}-wal`);
    },
  ],
  [
    "bereft of its log's index",
    (name) => {
      unlinkSync(`${name}-shm`);
    },
  ],
];

describe.each(losses)('a store that is %s while it is open', (_how, lose) => {
  it('takes no write any more, and says that what it took is gone', async () => {
    const api = await StoreUnderTest.open(directory);
    expect((await api.post(requests, remediationRequest('before'))).status).toBe(201);
    lose(file);
    await expect(api.post(requests, remediationRequest('after'))).rejects.toMatchObject({
      code: 'STORE_LOST',
      details: { directory, file },
    });
    // also once something stands in its place again
    await expect(api.post(requests, remediationRequest('later'))).rejects.toMatchObject({
      code: 'STORE_LOST',
    });
    await expect(api.store.close()).rejects.toMatchObject({ code: 'STORE_LOST' });
  });

  it('says so at the end where nothing was written since', async () => {
    const api = await StoreUnderTest.open(directory);
    await api.post(requests, remediationRequest('before'));
    lose(file);
    await expect(api.store.close()).rejects.toMatchObject({ code: 'STORE_LOST' });
  });

  it('ends a watch', async () => {
    const api = await StoreUnderTest.open(directory);
    const answer = await api.store.send({ method: 'GET', path: `${requests}?watch=true`, headers: {} });
    const watching = (async () => {
      let read = 0;
      for await (const chunk of answer.body) read += chunk.length;
      return read;
    })();
    lose(file);
    await expect(watching).rejects.toMatchObject({ code: 'STORE_LOST' });
    await api.store.close();
  });

  it('is no loss to who has only read', async () => {
    await (await StoreUnderTest.open(directory)).store.close();
    const api = await StoreUnderTest.open(directory);
    await api.get(requests);
    lose(file);
    await expect(api.store.close()).resolves.toBeUndefined();
  });
});

describe('a store that another process resets', () => {
  it('is lost to who has written to it', async () => {
    const api = await StoreUnderTest.open(directory);
    await api.post(requests, remediationRequest('before'));
    const other = await StoreUnderTest.open(directory);
    other.store.reset();
    await other.store.close();
    const lost = { code: 'STORE_LOST', message: expect.stringContaining('store reset') as unknown };
    await expect(api.post(requests, remediationRequest('after'))).rejects.toMatchObject(lost);
    await expect(api.store.close()).rejects.toMatchObject(lost);
  });

  it('is as good as new to who has not, and to who resets it', async () => {
    const api = await StoreUnderTest.open(directory);
    const other = await StoreUnderTest.open(directory);
    await other.post(requests, remediationRequest('before'));
    other.store.reset();
    expect((await other.post(requests, remediationRequest('a'))).status).toBe(201);
    await other.store.close();
    expect((await api.post(requests, remediationRequest('b'))).status).toBe(201);
    await api.store.close();
  });
});

describe('the journal of plan runs', () => {
  const ground = () => ({ directory, clock: new RealClock(), random: new SystemRandom() });
  const entry = { kind: 'notFound', action: 0, at: 1 } as const;

  it.each(losses)('%s: the next entry fails, and so nothing is sent', async (_how, lose) => {
    const journal = await openJournal(ground());
    await journal.append('run', entry);
    lose(path.join(directory, 'journal.db'));
    await expect(journal.append('run', entry)).rejects.toMatchObject({ code: 'STORE_LOST' });
    await expect(journal.close()).rejects.toMatchObject({ code: 'STORE_LOST' });
  });

  it('notices that the lock of a plan is gone, which another process could take then', async () => {
    const journal = await openJournal(ground());
    const lock = await lockPlan(directory, 'a'.repeat(64));
    expect(() => {
      lock?.requireHeld();
    }).not.toThrow();
    rmSync(path.join(directory, 'plan-locks'), { recursive: true });
    expect(() => {
      lock?.requireHeld();
    }).toThrow(expect.objectContaining({ code: 'STORE_LOST' }));
    lock?.release();
    await journal.close();
  });
});
