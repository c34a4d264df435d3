import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../../src/store/answer.ts';
import { openDatabase } from '../../../src/store/database-file.ts';
import { ObjectTable } from '../../../src/store/object-table.ts';
import type { SqliteDatabase } from '../../../src/store/sqlite.ts';
import { WriteQueue, type WriteJob } from '../../../src/store/write-queue.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { temporaryDirectory } from './store-under-test.ts';

let directory: string;
let database: SqliteDatabase;
let table: ObjectTable;
let queue: WriteQueue;
let commits: number[];

beforeEach(async () => {
  directory = temporaryDirectory();
  ({ database } = await openDatabase(directory, () => undefined));
  table = new ObjectTable(database);
  commits = [];
  queue = new WriteQueue({
    database,
    table,
    clock: new RealClock(),
    random: new SystemRandom(),
    directory,
    onCommit: (changes) => commits.push(changes),
  });
});

afterEach(async () => {
  await queue.idle();
  database.close();
  rmSync(directory, { recursive: true, force: true });
});

const key = (name: string) => ({ res: 'things', ns: '', name });

function insert(name: string, filling = ''): WriteJob<string> {
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
