import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JournalEntry } from '../../../src/plan-run/journal-entry.ts';
import { openJournal, type Journal } from '../../../src/plan-run/journal.ts';
import { lockPlan } from '../../../src/plan-run/machine-lock.ts';
import { openSqlite } from '../../../src/sqlite/sqlite.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { note, planOf, runOf } from './plan-under-test.ts';

const hash = 'a'.repeat(64);
const entry: JournalEntry = { kind: 'notFound', action: 0, at: 1 };

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'journal-'));
  onTestFinished(() => {
    rmSync(made, { recursive: true, force: true });
  });
  return path.join(made, 'store');
}

function journalIn(directory: string): Promise<Journal> {
  return openJournal({ directory, clock: new RealClock(), random: new SeededRandom(3) });
}

function run(id: string): ReturnType<typeof runOf> {
  return runOf(planOf([note]), id);
}

describe('the journal', () => {
  it('has what was written after it is opened anew, in order, each run by itself', async () => {
    const directory = folder();
    const first = await journalIn(directory);
    await first.begin(run('aa-1'));
    await first.begin(run('bb-2'));
    await first.append('aa-1', entry);
    await first.append('bb-2', { ...entry, at: 2 });
    await first.append('aa-1', { ...entry, at: 3 });
    await first.end('aa-1', 'partial', 77);
    await first.close();
    const second = await journalIn(directory);
    expect(second.entries('aa-1').map(({ at }) => at)).toEqual([1, 3]);
    expect(second.runs().map(({ id, state }) => [id, state])).toEqual([
      ['bb-2', 'running'],
      ['aa-1', 'partial'],
    ]);
    expect(second.find('aa')).toEqual({ ...run('aa-1'), state: 'partial', endedAt: 77 });
    await second.reopen('aa-1');
    expect(second.find('aa-1')).toEqual({ ...run('aa-1'), state: 'running' });
    await second.close();
  });

  it('finds a run by the beginning of its id only where it is one', async () => {
    const journal = await journalIn(folder());
    for (const id of ['aa-1', 'aa-12', 'bb']) await journal.begin(run(id));
    expect(journal.find('aa-1').id).toBe('aa-1');
    expect(() => journal.find('aa')).toThrow(expect.objectContaining({ code: 'AMBIGUOUS_KEY' }));
    expect(() => journal.find('cc')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(() => journal.find('')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(journal.runsOfHash(hash)).toHaveLength(3);
    expect(journal.runsOfHash('b'.repeat(64))).toEqual([]);
    await journal.close();
  });

  it("is its owner's alone, and of a newer version it is left as it is", async () => {
    const directory = folder();
    await (await journalIn(directory)).close();
    const file = path.join(directory, 'journal.db');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const database = await openSqlite(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(journalIn(directory)).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
  });
});

describe('the lock of a plan', () => {
  it('is had by one, and by the next once it is let go', async () => {
    const directory = folder();
    await (await journalIn(directory)).close();
    const first = await lockPlan(directory, hash);
    expect(first).toBeDefined();
    expect(await lockPlan(directory, hash)).toBeUndefined();
    expect(await lockPlan(directory, 'b'.repeat(64))).toBeDefined();
    first?.release();
    const second = await lockPlan(directory, hash);
    expect(second).toBeDefined();
    second?.release();
  });
});
