import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMetricsFile } from '../../../src/metrics/metrics-file.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';

let directory: string;
const random = new SystemRandom();

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'metrics-file-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('writing a metrics file', () => {
  it('makes a file that everyone may read, whatever the umask', async () => {
    const file = path.join(directory, 'remedyctl.prom');
    const previous = process.umask(0o077);
    try {
      await writeMetricsFile(file, 'a 1\n# EOF\n', random);
    } finally {
      process.umask(previous);
    }
    expect(readFileSync(file, 'utf8')).toBe('a 1\n# EOF\n');
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(directory)).toEqual(['remedyctl.prom']);
  });

  it('replaces the file and never writes into it, so an open reader keeps the old text', async () => {
    const file = path.join(directory, 'remedyctl.prom');
    writeFileSync(file, 'old');
    const before = statSync(file).ino;
    await writeMetricsFile(file, 'new', random);
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).ino).not.toBe(before);
  });

  it('uses a temporary name that the textfile collector does not read', async () => {
    const file = path.join(directory, 'occupied.prom');
    const names: string[] = [];
    const spying = {
      next: () => random.next(),
      uuid: () => {
        const name = random.uuid();
        names.push(`.occupied.prom.${name}.tmp`);
        mkdirSync(path.join(file, 'child'), { recursive: true });
        return name;
      },
    };
    await expect(writeMetricsFile(file, 'text', spying)).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
    expect(names[0]).not.toMatch(/\.prom$/);
    expect(readdirSync(directory)).toEqual(['occupied.prom']);
  });

  it.each([
    ['a folder that does not exist', (folder: string) => path.join(folder, 'absent', 'x.prom'), /ENOENT/],
    [
      'a file in place of the folder',
      (folder: string) => {
        writeFileSync(path.join(folder, 'plain'), '');
        return path.join(folder, 'plain', 'x.prom');
      },
      /ENOTDIR/,
    ],
  ])('says what went wrong with %s', async (_name, place, reason) => {
    const file = place(directory);
    await expect(writeMetricsFile(file, 'text', random)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      message: expect.stringMatching(reason) as string,
      details: { file },
    });
  });

  it.skipIf(process.getuid?.() === 0)('leaves the old text when the folder is not writable', async () => {
    const file = path.join(directory, 'x.prom');
    writeFileSync(file, 'old');
    chmodSync(directory, 0o555);
    await expect(writeMetricsFile(file, 'new', random)).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
    chmodSync(directory, 0o755);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});
