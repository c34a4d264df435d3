import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { openSqlite } from '../../../src/sqlite/sqlite.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { remediationRequest, requests, StoreUnderTest, temporaryDirectory } from './store-under-test.ts';

const pageBytes = 4096;
const objects = 60;
let above: string;
let whole: Buffer;

beforeAll(async () => {
  above = temporaryDirectory();
  const api = await StoreUnderTest.open(path.join(above, 'whole'));
  for (let index = 0; index < objects; index += 1) {
    const spec = {
      signalFingerprint: String(index).padStart(64, '0'),
      // beyond a page, so that there are overflow pages too
      originalPayload: Buffer.from(`payload ${index} `.repeat(300)).toString('base64'),
    };
    await api.post(requests, remediationRequest(`rr-${index}`, spec));
  }
  await api.store.close();
  // statements that are not collected yet keep what is in the log: SQLite itself moves it
  const database = await openSqlite(path.join(above, 'whole', 'store.db'));
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  whole = readFileSync(path.join(above, 'whole', 'store.db'));
});

afterAll(() => {
  rmSync(above, { recursive: true, force: true });
});

/** A copy of the store, with its seal, whose database is these bytes. */
function copyWith(name: string, bytes: Buffer): string {
  const directory = path.join(above, name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'store.db'), bytes);
  const seal = path.join(above, 'whole', 'store.db-sound');
  if (existsSync(seal)) copyFileSync(seal, path.join(directory, 'store.db-sound'));
  return directory;
}

type Damage = (bytes: Buffer, random: SeededRandom) => Buffer;

const below = (random: SeededRandom, limit: number): number => Math.floor(random.next() * limit);

const damages: Record<string, Damage> = {
  'a zeroed page': (bytes, random) => {
    const page = below(random, bytes.length / pageBytes);
    return bytes.fill(0, page * pageBytes, (page + 1) * pageBytes);
  },
  'an end cut off': (bytes, random) => bytes.subarray(0, 1 + below(random, bytes.length - 1)),
  'a page of something else': (bytes, random) => {
    const page = below(random, bytes.length / pageBytes);
    for (let at = 0; at < pageBytes; at += 1) bytes[page * pageBytes + at] = below(random, 256);
    return bytes;
  },
};

/** What becomes of opening, reading everything, and writing; nothing but STORE_CORRUPT may fail. */
async function use(directory: string): Promise<string> {
  try {
    const api = await StoreUnderTest.open(directory);
    try {
      expect([...api.store.exportObjects()].length).toBeGreaterThan(0);
      api.store.info();
      await api.get('/apis/kubernaut.ai/v1alpha1/remediationrequests');
      await api.get('/apis/coordination.k8s.io/v1/leases');
      await api.post(requests, remediationRequest('new'));
      return 'taken';
    } finally {
      await api.store.close();
    }
  } catch (error) {
    expect(error, String(error instanceof Error ? error.stack : error)).toBeInstanceOf(RemedyError);
    const { code, message, hint } = error as RemedyError;
    expect(message).toContain('store.db');
    expect(hint).toContain('.recover');
    return code;
  }
}

describe('a database that was damaged', () => {
  it.each(Object.entries(damages))('%s: is refused, and not written to', async (name, damage) => {
    const random = new SeededRandom(11);
    for (let round = 0; round < 40; round += 1) {
      const bytes = damage(Buffer.from(whole), random);
      if (bytes.equals(whole)) continue;
      const directory = copyWith('damaged', bytes);
      expect(await use(directory), `${name}, round ${round}`).toBe('STORE_CORRUPT');
      // the first hundred bytes hold SQLite's own count of changes
      const after = readFileSync(path.join(directory, 'store.db'));
      expect(after.subarray(100).equals(bytes.subarray(100)), `${name}, round ${round}`).toBe(true);
    }
  });

  it('two pages that have changed places: is refused, unless both hold nothing but text', async () => {
    const random = new SeededRandom(12);
    const isTree = (page: number): boolean => [2, 5, 10, 13].includes(whole[page * pageBytes] ?? 0);
    const trees = Array.from({ length: whole.length / pageBytes }, (_, page) => page).filter(
      (page) => page > 0 && isTree(page),
    );
    expect(trees.length).toBeGreaterThan(6);
    for (let round = 0; round < 40; round += 1) {
      const left = trees[below(random, trees.length)] ?? 0;
      const right = trees[below(random, trees.length)] ?? 0;
      if (left === right) continue;
      const bytes = Buffer.from(whole);
      whole.copy(bytes, left * pageBytes, right * pageBytes, (right + 1) * pageBytes);
      whole.copy(bytes, right * pageBytes, left * pageBytes, (left + 1) * pageBytes);
      expect(await use(copyWith('swapped', bytes)), `${left} and ${right}`).toBe('STORE_CORRUPT');
    }
  });

  it('bits and bytes anywhere: is refused, or is as good as it was', async () => {
    const random = new SeededRandom(13);
    for (let round = 0; round < 80; round += 1) {
      const bytes = Buffer.from(whole);
      const at = below(random, bytes.length - 32);
      if (round % 2 === 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
      else for (let next = 0; next < 32; next += 1) bytes[at + next] = below(random, 256);
      expect(['STORE_CORRUPT', 'STORE_TOO_NEW', 'taken']).toContain(await use(copyWith('flipped', bytes)));
    }
  });

  it('emptied: is refused, while a file that never held anything is made a store', async () => {
    const directory = path.join(above, 'emptied');
    cpSync(path.join(above, 'whole'), directory, { recursive: true });
    await use(directory);
    writeFileSync(path.join(directory, 'store.db'), '');
    expect(await use(directory)).toBe('STORE_CORRUPT');
    rmSync(path.join(directory, 'store.db'));
    expect(await use(directory)).toBe('taken');
  });
});

describe('a database that nobody else has written to', () => {
  it('is not read as a whole when it is opened', async () => {
    const directory = copyWith('sealed', whole);
    expect(await use(directory)).toBe('taken');
    const file = path.join(directory, 'store.db');
    const state = statSync(file, { bigint: true });
    const seal = readFileSync(`${file}-sound`, 'utf8');
    expect(seal).toBe(`${state.ino} ${state.size} ${state.mtimeNs}\n`);
    expect(await use(directory)).toBe('taken');
  });
});
