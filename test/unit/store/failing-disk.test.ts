import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { schemaVersion } from '../../../src/store/store-database.ts';
import { openSqlite } from '../../../src/sqlite/sqlite.ts';
import { storeError } from '../../../src/sqlite/store-errors.ts';
import { remediationRequest, requests, StoreUnderTest, temporaryDirectory } from './store-under-test.ts';

let directory: string;

beforeEach(() => {
  directory = temporaryDirectory();
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('opening a store', () => {
  it('makes a private directory and a private file, with its first namespaces', async () => {
    const place = path.join(directory, 'a', 'b');
    const api = await StoreUnderTest.open(place);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(place, 'store.db')).mode & 0o777).toBe(0o600);
    const namespaces = await api.get('/api/v1/namespaces');
    const names = (namespaces.body['items'] as unknown as { metadata: { name: string } }[]).map(
      (item) => item.metadata.name,
    );
    expect(names).toEqual(['default', 'team']);
    expect(api.store.info()).toMatchObject({ schemaVersion, directory: place, resourceVersion: 2 });
    await api.store.close();
  });

  it('keeps what is there when it is opened again', async () => {
    const first = await StoreUnderTest.open(directory);
    const made = await first.post(requests, remediationRequest('a'));
    await first.store.close();
    const second = await StoreUnderTest.open(directory);
    expect((await second.get(`${requests}/a`)).body).toEqual(made.body);
    await second.store.close();
  });

  it('refuses a file in place of the directory', async () => {
    const file = path.join(directory, 'file');
    writeFileSync(file, 'mine');
    await expect(StoreUnderTest.open(file)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(StoreUnderTest.open(path.join(file, 'below'))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = path.join(directory, 'store.db');
    const text = 'this is no database '.repeat(1000);
    writeFileSync(file, text);
    await expect(StoreUnderTest.open(directory)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('refuses a database of a newer schema, and leaves it as it is', async () => {
    const api = await StoreUnderTest.open(directory);
    await api.post(requests, remediationRequest('a'));
    await api.store.close();
    const database = await openSqlite(path.join(directory, 'store.db'));
    database.exec(`PRAGMA user_version = ${schemaVersion + 1}`);
    await expect(StoreUnderTest.open(directory)).rejects.toMatchObject({
      code: 'STORE_TOO_NEW',
      details: { found: schemaVersion + 1, known: schemaVersion },
    });
    expect(database.prepare('SELECT count(*) AS n FROM obj').get()).toEqual({ n: 3 });
    database.close();
  });

  it.skipIf(process.getuid?.() === 0)('refuses a directory that may not be written', async () => {
    const place = path.join(directory, 'locked');
    mkdirSync(place);
    chmodSync(place, 0o500);
    await expect(StoreUnderTest.open(place)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(existsSync(path.join(place, 'store.db'))).toBe(false);
  });
});

describe('a store that another process holds', () => {
  it('waits for the lock without blocking reads, and writes when it is free', async () => {
    const api = await StoreUnderTest.open(directory);
    const other = await openSqlite(path.join(directory, 'store.db'));
    other.exec('BEGIN IMMEDIATE');
    const writing = api.post(requests, remediationRequest('a'));
    expect((await api.get(`${requests}/a`)).status).toBe(404);
    other.exec('COMMIT');
    expect((await writing).status).toBe(201);
    other.close();
    await api.store.close();
  });
});

describe('the failures of disks and of SQLite', () => {
  it.each([
    ['ENOSPC', { code: 'ENOSPC' }, 'STORE_FULL'],
    ['EROFS', { code: 'EROFS' }, 'STORE_READ_ONLY'],
    ['EACCES', { code: 'EACCES' }, 'STORE_UNAVAILABLE'],
    ['ENOTDIR', { code: 'ENOTDIR' }, 'STORE_UNAVAILABLE'],
    ['SQLITE_FULL', { code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'STORE_FULL'],
    ['SQLITE_READONLY_DBMOVED', { code: 'ERR_SQLITE_ERROR', errcode: 1032 }, 'STORE_READ_ONLY'],
    ['SQLITE_BUSY', { code: 'ERR_SQLITE_ERROR', errcode: 5 }, 'STORE_BUSY'],
    ['SQLITE_CORRUPT_INDEX', { code: 'ERR_SQLITE_ERROR', errcode: 779 }, 'STORE_CORRUPT'],
    ['SQLITE_CANTOPEN', { code: 'ERR_SQLITE_ERROR', errcode: 14 }, 'STORE_UNAVAILABLE'],
    ['SQLITE_IOERR_WRITE', { code: 'ERR_SQLITE_ERROR', errcode: 778 }, 'STORE_UNAVAILABLE'],
  ])('%s is explained', (_name, facts, code) => {
    const error = storeError(Object.assign(new Error('the disk'), facts), '/somewhere');
    expect(error).toMatchObject({ code, details: { directory: '/somewhere' } });
    expect((error as { hint: string }).hint).not.toBe('');
  });

  it('anything else stays what it is', () => {
    const bug = new TypeError('undefined is not a function');
    expect(storeError(bug, '/somewhere')).toBe(bug);
  });
});
