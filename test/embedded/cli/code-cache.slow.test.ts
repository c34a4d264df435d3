import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-code-cache-'));
const folder = path.join(home, '.cache/remedyctl/code');
const env = { PATH: process.env['PATH'], HOME: home };
/** A command of many chunks that prints the same each time. */
const args = ['retry', 'schedule', 'creation', '-o', 'json'];

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

function run(more: Record<string, string> = {}, killAfterMs = 60_000): Ended {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { ...env, ...more },
    encoding: 'utf8',
    timeout: killAfterMs,
    killSignal: 'SIGKILL',
  });
  return { status, signal, stdout, stderr };
}

const caches = (): string[] => readdirSync(folder).map((name) => path.join(folder, name));
const bytesOfAll = (): Map<string, Buffer> => new Map(caches().map((file) => [file, readFileSync(file)]));

const damages: { name: string; damage: (file: string, bytes: Buffer) => void }[] = [
  {
    name: 'whose second half is zero',
    damage: (file, bytes) => {
      writeFileSync(file, bytes.fill(0, bytes.length >> 1));
    },
  },
  {
    name: 'with a zeroed page',
    damage: (file, bytes) => {
      const page = Math.min(4096, bytes.length >> 2);
      writeFileSync(file, bytes.fill(0, page, 2 * page));
    },
  },
  {
    name: 'that is all zero',
    damage: (file, bytes) => {
      writeFileSync(file, bytes.fill(0));
    },
  },
  {
    name: 'cut in the middle',
    damage: (file, bytes) => {
      truncateSync(file, bytes.length >> 1);
    },
  },
  {
    name: 'that is empty',
    damage: (file) => {
      truncateSync(file, 0);
    },
  },
  {
    name: 'with more behind it',
    damage: (file, bytes) => {
      writeFileSync(file, Buffer.concat([bytes, Buffer.alloc(8)]));
    },
  },
  {
    name: 'that is a folder',
    damage: (file) => {
      rmSync(file);
      mkdirSync(path.join(file, 'in-it'), { recursive: true });
    },
  },
  {
    name: 'that is a FIFO nobody writes',
    damage: (file) => {
      rmSync(file);
      expect(spawnSync('mkfifo', [file]).status).toBe(0);
    },
  },
  {
    name: 'that others can write',
    damage: (file) => {
      chmodSync(file, 0o666);
    },
  },
];

let expected: Ended;
let whole: Map<string, Buffer>;

beforeAll(() => {
  expected = run({ REMEDYCTL_NO_CODE_CACHE: '1' });
  expect(expected).toMatchObject({ status: 0, stderr: '' });
  expect(run()).toEqual(expected);
  whole = bytesOfAll();
  expect(whole.size).toBeGreaterThan(10);
});
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [file, bytes] of whole) writeFileSync(file, bytes, { mode: 0o600 });
});
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('the code cache', () => {
  it('is used as it is where it is whole', () => {
    const times = caches().map((file) => lstatSync(file).mtimeMs);
    expect(run()).toEqual(expected);
    expect(caches().map((file) => lstatSync(file).mtimeMs)).toEqual(times);
  });

  it.each(damages)('$name changes nothing, and is made anew', ({ damage }) => {
    for (const [file, bytes] of whole) damage(file, Buffer.from(bytes));
    expect(run()).toEqual(expected);
    for (const file of whole.keys()) {
      const stat = lstatSync(file);
      expect(stat.isFile() && (stat.mode & 0o777) === 0o600, file).toBe(true);
    }
    const made = bytesOfAll();
    expect([...made.keys()].sort()).toEqual([...whole.keys()].sort());
    expect(run()).toEqual(expected);
    expect(bytesOfAll()).toEqual(made);
  });

  it('with a single bit turned, wherever it is, changes nothing', () => {
    for (let round = 0; round < 24; round += 1) {
      for (const [file, bytes] of whole) {
        const turned = Buffer.from(bytes);
        const at = Math.floor((turned.length * (round + 0.5)) / 24);
        turned[at] = (turned[at] ?? 0) ^ (1 << (round % 8));
        writeFileSync(file, turned);
      }
      expect(run(), `round ${round}`).toEqual(expected);
    }
  }, 120_000);

  it('of another chunk is not taken for its own', () => {
    const [first = '', second = ''] = whole.keys();
    renameSync(first, second);
    expect(run()).toEqual(expected);
  });

  it('is not read through a link, nor from a folder that is one', () => {
    const [file = ''] = whole.keys();
    const elsewhere = path.join(home, 'elsewhere');
    renameSync(file, elsewhere);
    symlinkSync(elsewhere, file);
    expect(run()).toEqual(expected);
    expect(lstatSync(file).isSymbolicLink()).toBe(false);

    const moved = path.join(home, 'moved');
    renameSync(folder, moved);
    rmSync(path.join(moved, path.basename(file)));
    symlinkSync(moved, folder);
    expect(run()).toEqual(expected);
    expect(readdirSync(moved)).toHaveLength(whole.size - 1);
    rmSync(moved, { recursive: true });
    rmSync(folder);
  });

  it('of thirty programs at once, all damaged, ends whole', async () => {
    for (const [file, bytes] of whole) writeFileSync(file, bytes.subarray(0, bytes.length >> 1));
    const codes = await Promise.all(
      Array.from(
        { length: 30 },
        () =>
          new Promise<number | null>((resolve) => {
            spawn(process.execPath, [program, ...args], { env, stdio: 'ignore' }).once('close', resolve);
          }),
      ),
    );
    expect(new Set(codes)).toEqual(new Set([0]));
    expect(caches().sort()).toEqual([...whole.keys()].sort());
    const made = bytesOfAll();
    expect(run()).toEqual(expected);
    expect(bytesOfAll()).toEqual(made);
  }, 60_000);

  it('takes away what is old and its own, and nothing else', () => {
    const [file = ''] = whole.keys();
    const old = path.join(folder, 'chunk-OLD.cjs-0123456789abcdef-v20.0.0-x64-1.bin');
    const half = `${old}.123.456`;
    const theirs = path.join(folder, 'notes.txt');
    for (const name of [old, half, theirs]) {
      writeFileSync(name, '');
      utimesSync(name, 0, 0);
    }
    rmSync(file);
    expect(run()).toEqual(expected);
    expect(caches().sort()).toEqual([...whole.keys(), theirs].sort());
  });
});

describe.runIf(process.getuid?.() === 0)('the code cache of another user', () => {
  it('is not used, neither the folder nor a file in a folder of ours', () => {
    const [file = ''] = whole.keys();
    expect(spawnSync('chown', ['12345', file]).status).toBe(0);
    expect(run()).toEqual(expected);
    expect(lstatSync(file).uid).toBe(0);
    expect(spawnSync('chown', ['12345', folder]).status).toBe(0);
    rmSync(file);
    expect(run()).toEqual(expected);
    expect(readdirSync(folder)).toHaveLength(whole.size - 1);
  });

  it('is not begun by root in the home of a user', () => {
    const users = path.join(home, 'user');
    mkdirSync(users);
    expect(spawnSync('chown', ['12345', users]).status).toBe(0);
    expect(run({ HOME: users })).toEqual(expected);
    expect(readdirSync(users)).toEqual([]);
  });
});
