import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPlace } from '../../../src/files/file-place.ts';
import { writeOutputFile } from '../../../src/files/output-file.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

const random = new SystemRandom();
let folder: string;
const at = (name: string): string => path.join(folder, name);
const write = (name: string, text = 'new', onlyNew = false): Promise<void> =>
  writeOutputFile(at(name), text, { random, mode: 0o600, onlyNew });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'output-file-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a file of ours', () => {
  it('is new for its owner alone, and keeps its mode when it is replaced', async () => {
    await write('a');
    expect(statSync(at('a')).mode & 0o777).toBe(0o600);
    chmodSync(at('a'), 0o664);
    const before = statSync(at('a')).ino;
    await write('a', 'newer');
    expect(readFileSync(at('a'), 'utf8')).toBe('newer');
    expect(statSync(at('a')).mode & 0o777).toBe(0o664);
    expect(statSync(at('a')).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it.runIf(process.getuid?.() === 0)('keeps its owner when root replaces it', async () => {
    writeFileSync(at('a'), 'old');
    execFileSync('chown', ['12:34', at('a')]);
    await write('a');
    expect(statSync(at('a'))).toMatchObject({ uid: 12, gid: 34 });
  });

  it('is written behind links, which stay', async () => {
    mkdirSync(at('deep'));
    writeFileSync(at('deep/real'), 'old');
    symlinkSync('deep/real', at('second'));
    symlinkSync(at('second'), at('first'));
    symlinkSync('deep/absent', at('dangling'));
    await write('first');
    await write('dangling');
    expect(readFileSync(at('deep/real'), 'utf8')).toBe('new');
    expect(readFileSync(at('deep/absent'), 'utf8')).toBe('new');
    expect(readlinkSync(at('first'))).toBe(at('second'));
    expect(readlinkSync(at('second'))).toBe('deep/real');
    expect(readlinkSync(at('dangling'))).toBe('deep/absent');
    expect(readdirSync(at('deep')).sort()).toEqual(['absent', 'real']);
  });

  it('takes the place of nothing where it has to be new', async () => {
    writeFileSync(at('a'), 'old');
    symlinkSync('absent', at('dangling'));
    await expect(write('a', 'new', true)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(write('dangling', 'new', true)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(at('a'), 'utf8')).toBe('old');
    await write('b', 'new', true);
    expect(readFileSync(at('b'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'dangling']);
  });

  it.each([
    [
      'a folder',
      () => {
        mkdirSync(at('it'));
      },
      /it is a folder/,
    ],
    ['a FIFO', () => execFileSync('mkfifo', [at('it')]), /it is a FIFO/],
    [
      'a loop of links',
      () => {
        symlinkSync('it', at('it'));
      },
      /too many symbolic links/,
    ],
    [
      "another process's file",
      () => {
        symlinkSync('/proc/1/fd/1', at('it'));
      },
      /another process|EACCES/,
    ],
  ])('does not replace %s, and says so before anything is done', async (_name, make, problem) => {
    make();
    const before = lstatSync(at('it'));
    await expect(checkPlace(at('it'))).rejects.toThrow(problem);
    await expect(write('it')).rejects.toThrow(problem);
    const after = lstatSync(at('it'));
    expect([after.ino, after.mode]).toEqual([before.ino, before.mode]);
    expect(readdirSync(folder)).toEqual(['it']);
  });

  it('does not replace a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('it'), resolve));
    await expect(checkPlace(at('it'))).rejects.toThrow('it is a socket');
    await expect(write('it')).rejects.toThrow('it is a socket');
    expect(lstatSync(at('it')).isSocket()).toBe(true);
    await new Promise((resolve) => server.close(resolve));
  });

  it.runIf(existsSync('/dev/full'))(
    'is written into a device, which stays, as does the link to it',
    async () => {
      symlinkSync('/dev/full', at('full'));
      symlinkSync('/dev/null', at('null'));
      await checkPlace(at('full'));
      await expect(write('full')).rejects.toMatchObject({ code: 'ENOSPC' });
      await write('null');
      expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
      expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
      expect(lstatSync(at('null')).isSymbolicLink()).toBe(true);
    },
  );

  it.runIf(process.getuid?.() === 0)('is written into a device of its own, as root too', async () => {
    try {
      execFileSync('mknod', [at('it'), 'c', '1', '7'], { stdio: 'ignore' });
    } catch {
      return; // a container that may make none
    }
    await expect(write('it')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(lstatSync(at('it')).isCharacterDevice()).toBe(true);
  });

  it.each([
    ['a folder that is not there', 'absent/x', 'ENOENT'],
    ['a file in place of the folder', 'plain/x', 'ENOTDIR'],
  ])('is refused beforehand in %s', async (_name, name, code) => {
    writeFileSync(at('plain'), '');
    await expect(checkPlace(at(name))).rejects.toMatchObject({ code });
    await expect(write(name)).rejects.toMatchObject({ code });
  });
});
