import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/store/answer.ts';
import { openDatabase } from '../../../src/store/store-database.ts';
import type { DatabaseGuard } from '../../../src/sqlite/database-guard.ts';
import { ObjectTable } from '../../../src/store/object-table.ts';
import { openSqlite, type SqliteDatabase } from '../../../src/sqlite/sqlite.ts';
import { WriteQueue, type WriteJob } from '../../../src/sqlite/write-queue.ts';
import { WriteTransaction } from '../../../src/store/write-transaction.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { temporaryDirectory } from './store-under-test.ts';

let directory: string;
let database: SqliteDatabase;
let guard: DatabaseGuard;
let table: ObjectTable;
let queue: WriteQueue<WriteTransaction>;
let commits: number[];

beforeEach(async () => {
  directory = temporaryDirectory();
  ({ database, guard } = await openDatabase(directory, () => undefined));
  table = new ObjectTable(database);
  commits = [];
  queue = new WriteQueue({
    database,
    clock: new RealClock(),
    random: new SystemRandom(),
    guard,
    begun: () => new WriteTransaction(table),
    onCommit: ({ changes }) => commits.push(changes),
    refuses: (thrown) => thrown instanceof Refusal,
  });
});

afterEach(async () => {
  await queue.idle();
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

const key = (name: string) => ({ res: 'things', ns: '', name });

function insert(name: string, filling = ''): WriteJob<WriteTransaction, string> {
  return (transaction) =>
    transaction.insert(key(name), { apiVersion: 'v1', kind: 'Thing', metadata: { name }, filling });
}

describe('the write queue', () => {
  it('commits the jobs of one turn together, in order, each with a version of its own', async () => {
    const bodies = await Promise.all(['a', 'b', 'c'].map((name) => queue.submit(insert(name))));
    expect(commits).toEqual([3]);
    const versions = bodies.map(
      (body) => (JSON.parse(body) as { metadata: { resourceVersion: string } }).metadata.resourceVersion,
    );
    expect(versions).toEqual(['1', '2', '3']);
  });

  it('answers a refused job without disturbing the others', async () => {
    const refused = queue.submit(() => {
      throw new Refusal({ code: 409, message: 'no' });
    });
    const [first, second] = await Promise.allSettled([refused, queue.submit(insert('a'))]);
    expect(first).toMatchObject({ status: 'rejected', reason: { message: 'no' } });
    expect(second.status).toBe('fulfilled');
    expect(table.has(key('a'))).toBe(true);
  });

  it('keeps nothing of a transaction in which a job fails, and takes the next one', async () => {
    const broken = queue.submit((transaction) => {
      insert('half')(transaction);
      throw new TypeError('a bug');
    });
    const results = await Promise.allSettled([queue.submit(insert('a')), broken]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(table.has(key('a')) || table.has(key('half'))).toBe(false);
    await queue.submit(insert('b'));
    expect(table.newestVersion()).toBe(1);
  });

  it('says STORE_FULL when the disk is full, keeps what was answered, and goes on when there is room', async () => {
    await queue.submit(insert('first'));
    const { page_count: pages } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    database.exec(`PRAGMA max_page_count = ${pages + 2}`);
    const large = 'x'.repeat(200_000);
    await expect(queue.submit(insert('large', large))).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(table.has(key('first'))).toBe(true);
    expect(table.has(key('large'))).toBe(false);
    database.exec('PRAGMA max_page_count = 1000000');
    await queue.submit(insert('large', large));
    expect(table.has(key('large'))).toBe(true);
  });

  it('drops a job whose signal aborts before its turn', async () => {
    const given = new AbortController();
    const job = queue.submit(insert('a'), given.signal);
    given.abort(new Error('given up'));
    await expect(job).rejects.toThrow('given up');
    expect(table.has(key('a'))).toBe(false);
  });
});

describe('a lock that others have', () => {
  let others: SqliteDatabase;
  beforeEach(async () => {
    others = await openSqlite(path.join(directory, 'store.db'));
    others.exec('BEGIN IMMEDIATE');
    // without a wait of SQLite's own, so that the clock tells all of it
    database.exec('PRAGMA busy_timeout = 0');
  });
  afterEach(() => {
    others.close();
  });

  /** A queue on a clock that only sleeping moves; `onSleep` hears how late it is. */
  function waitingQueue(onSleep: (elapsedMs: number) => void): WriteQueue<WriteTransaction> {
    let elapsedMs = 0;
    return new WriteQueue({
      database,
      clock: {
        now: () => elapsedMs,
        monotonicMs: () => elapsedMs,
        sleep: (ms) => {
          elapsedMs += ms;
          onSleep(elapsedMs);
          return Promise.resolve();
        },
      },
      random: new SystemRandom(),
      guard,
      begun: () => new WriteTransaction(table),
    });
  }

  it('is waited for as long as they commit', async () => {
    let commitsOfOthers = 0;
    const late = waitingQueue((elapsedMs) => {
      if (elapsedMs < (commitsOfOthers + 1) * 40_000) return;
      commitsOfOthers += 1;
      others.exec('UPDATE setting SET value = value + 1; COMMIT');
      if (commitsOfOthers < 6) others.exec('BEGIN IMMEDIATE');
    });
    await late.submit(insert('a'));
    expect(commitsOfOthers).toBe(6);
    expect(table.has(key('a'))).toBe(true);
  });

  it('is STORE_BUSY when nobody has committed for a minute', async () => {
    let lastMs = 0;
    const stuck = waitingQueue((elapsedMs) => {
      lastMs = elapsedMs;
    });
    await expect(stuck.submit(insert('a'))).rejects.toMatchObject({ code: 'STORE_BUSY' });
    expect(lastMs).toBeGreaterThanOrEqual(60_000);
    expect(lastMs).toBeLessThan(60_020);
    others.exec('COMMIT');
    await stuck.submit(insert('b'));
    expect(table.has(key('a'))).toBe(false);
  });

  it('is not waited for by a job that is given up', async () => {
    const given = new AbortController();
    let lastMs = 0;
    const stuck = waitingQueue((elapsedMs) => {
      lastMs = elapsedMs;
      if (elapsedMs > 100) given.abort(new Error('given up'));
    });
    await expect(stuck.submit(insert('a'), given.signal)).rejects.toThrow('given up');
    expect(lastMs).toBeLessThan(200);
    others.exec('COMMIT');
    await stuck.submit(insert('b'));
    expect(table.has(key('a'))).toBe(false);
  });
});
