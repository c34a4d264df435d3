import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/sqlite/sqlite.ts';
import { type ProgramResult, runProgram } from '../../support/built-program.ts';
import { alert, webhook } from '../../support/signals.ts';

const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-trouble-'));
const good = path.join(home, 'good');
const input = webhook([alert('checkout')]);

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function ingest(args: readonly string[], env: Record<string, string> = {}): Promise<ProgramResult> {
  return runProgram(['signal', 'ingest', '-', ...args], { env: { HOME: home, ...env }, input });
}

/** What a failure of the command looks like in text and in JSON. */
async function failure(
  args: readonly string[],
  env?: Record<string, string>,
): Promise<{ code: string; message: string; hint: string }> {
  const text = await ingest(args, env);
  expect(text, text.stderr).toMatchObject({ exitCode: 1, stdout: '' });
  const json = await ingest([...args, '-o', 'json'], env);
  expect(json.exitCode).toBe(1);
  const document = JSON.parse(json.stdout) as {
    kind: string;
    error: { code: string; message: string; hint: string };
  };
  expect(document.kind).toBe('Error');
  expect(text.stderr).toContain(`code: ${document.error.code}`);
  expect(text.stderr).not.toMatch(/^\s+at /m);
  return document.error;
}

const onStore = (directory: string): string[] => ['--target', 'embedded', '--store', directory];

describe('a store that cannot be used', () => {
  beforeAll(async () => {
    const made = await ingest(onStore(good));
    expect(made.exitCode, made.stderr).toBe(0);
  });

  /** A copy of a good store, whose database is then spoilt. */
  function copyOf(name: string, spoil: (database: Buffer) => Buffer): string {
    const directory = path.join(home, name);
    mkdirSync(directory);
    const file = path.join(directory, 'store.db');
    writeFileSync(file, spoil(readFileSync(path.join(good, 'store.db'))));
    return directory;
  }

  it.each(['file', 'file/below'])('with a file in its place: %s', async (name) => {
    const file = path.join(home, 'file');
    writeFileSync(file, 'mine');
    expect(await failure(onStore(path.join(home, name)))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('a file is in its place') as string,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it.skipIf(!existsSync('/proc/self'))('on a file system that takes no directory', async () => {
    expect(await failure(onStore('/proc/remedyctl/store'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it.each<[string, (database: Buffer) => Buffer]>([
    ['overwritten', () => Buffer.from('garbage'.repeat(1000))],
    ['cut short', (database) => database.subarray(0, 5000)],
    [
      'with rotten pages',
      (database) => Buffer.concat([database.subarray(0, 4096), Buffer.alloc(database.length - 4096, 0x5a)]),
    ],
  ])('with a damaged database, %s: nothing of it is touched', async (name, spoil) => {
    const directory = copyOf(name.replaceAll(' ', '-'), spoil);
    const file = path.join(directory, 'store.db');
    const before = readFileSync(file);
    expect(await failure(onStore(directory))).toMatchObject({ code: 'STORE_CORRUPT' });
    expect(readFileSync(file).subarray(100)).toEqual(before.subarray(100));
  });

  it('of a newer schema: nothing of it is touched', async () => {
    const directory = path.join(home, 'newer');
    cpSync(good, directory, { recursive: true });
    const database = await openSqlite(path.join(directory, 'store.db'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(await failure(onStore(directory))).toMatchObject({
      code: 'STORE_TOO_NEW',
      message: expect.stringContaining('schema version 99') as string,
    });
  });
});

describe('a file that cannot be written', () => {
  it.each(['--record', '--metrics-file'])('%s: before anything is done', async (flag) => {
    const store = path.join(home, flag.slice(2));
    const file = path.join(home, 'no/such/folder/file');
    expect(await failure([...onStore(store), flag, file])).toMatchObject({ code: 'OUTPUT_FAILED' });
    const listed = await runProgram(['request', 'list', ...onStore(store), '-o', 'json'], {
      env: { HOME: home },
    });
    expect(JSON.parse(listed.stdout)).toMatchObject({ items: [] });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a server that does not answer', () => {
  let silent: Server;
  const cluster = ['--target', 'cluster'];

  beforeAll(async () => {
    silent = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    silent.close();
  });

  function kubeconfig(port: number): Record<string, string> {
    const file = path.join(home, `config-${port}`);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'here', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'me' } }],
      users: [{ name: 'me', user: {} }],
      'current-context': 'here',
    };
    writeFileSync(file, JSON.stringify(config));
    return { KUBECONFIG: file };
  }

  it('because nobody listens', async () => {
    expect(await failure(cluster, kubeconfig(1))).toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('http://127.0.0.1:1') as string,
    });
  });

  it('because it is silent: ends with --request-timeout', async () => {
    const { port } = silent.address() as { port: number };
    const error = await failure([...cluster, '--request-timeout', '1s'], kubeconfig(port));
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      hint: expect.stringContaining('--request-timeout') as string,
    });
  });
});
