import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const repository = path.resolve(import.meta.dirname, '../../..');
const maps = '/api/v1/namespaces/default/configmaps';

let programs: string;
let directory: string;

beforeAll(async () => {
  // Below node_modules, so that the program finds the packages it leaves outside.
  const cache = path.join(repository, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  programs = mkdtempSync(path.join(cache, 'store-child-'));
  await build({
    entryPoints: [path.join(import.meta.dirname, 'store-child.ts')],
    outfile: path.join(programs, 'child.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@photostructure/sqlite'],
    logLevel: 'warning',
  });
});

afterAll(() => {
  rmSync(programs, { recursive: true, force: true });
});

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedy-store-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(programs, 'child.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): Promise<{ code: number | null; errors: string }> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code, errors });
    });
  });
}

async function withStore<T>(use: (store: EmbeddedStore) => Promise<T>): Promise<T> {
  const store = await openEmbeddedStore({
    directory,
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: [],
  });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function read(
  store: EmbeddedStore,
  name: string,
): Promise<{ status: number; value: string | undefined }> {
  const answer = await store.send({ method: 'GET', path: `${maps}/${name}` });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  const object = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { data?: Record<string, string> };
  return { status: answer.status, value: object.data?.['value'] };
}

describe('several processes on one store', () => {
  it('opens a new store in eight processes at once, and counts their compare-and-swaps exactly', async () => {
    const processes = 8;
    const each = 50;
    await withStore(async (store) => {
      store.importObjects([
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'counter', namespace: 'default' },
          data: { value: '0' },
        },
      ]);
      const children = Array.from({ length: processes }, () => start('increments', directory, String(each)));
      const results = await Promise.all(children.map(ended));
      expect(results.map((result) => result.errors)).toEqual(results.map(() => ''));
      expect((await read(store, 'counter')).value).toBe(String(processes * each));
    });
  });

  it('makes a new store once, however many processes open it first', async () => {
    const children = Array.from({ length: 6 }, () => start('increments', directory, '0'));
    const results = await Promise.all(children.map(ended));
    expect(results.map((result) => result.errors)).toEqual(results.map(() => ''));
    await withStore((store) => {
      expect(store.info().resourceVersion).toBe(1);
      return Promise.resolve();
    });
  });

  it('loses nothing that was acknowledged when its writers are killed', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const children = [0, 1].map((index) => start('fill', directory, '0', `r${round}-${index}`));
      const over = Promise.all(children.map(ended));
      // Killed in the middle of their work, each round a little later, however fast this machine is.
      const enough = acknowledged.length + 8 + 5 * round;
      for (const child of children) {
        child.stdout?.on('data', (chunk: Buffer) => {
          const names = chunk.toString().split('\n');
          acknowledged.push(...names.filter((line) => line !== ''));
          if (acknowledged.length >= enough) for (const one of children) one.kill('SIGKILL');
        });
      }
      expect((await over).map(({ errors }) => errors)).toEqual(['', '']);
    }
    expect(acknowledged.length).toBeGreaterThan(50);
    await withStore(async (store) => {
      for (const name of acknowledged) expect((await read(store, name)).status, name).toBe(200);
    });
  });
});
