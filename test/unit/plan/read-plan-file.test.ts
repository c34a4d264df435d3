import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { readPlanFile, readPlanFromStdin } from '../../../src/documents/read-plan-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-read-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pipe = (name: string): string => {
  const where = path.join(folder, name);
  execFileSync('mkfifo', [where]);
  return where;
};

const interrupted = expect.objectContaining({ code: 'INTERRUPTED' }) as Error;

describe('a plan that is written while it is read', () => {
  it('is read to the end of its pipe', async () => {
    const where = pipe('written');
    const read = readPlanFile('written', where);
    await writeFile(where, 'kind: Plan\n'.repeat(20_000));
    expect(await read).toHaveLength(220_000);
  });

  it('is not waited for once the program is to stop', async () => {
    const stop = new AbortController();
    const read = readPlanFile('silent', pipe('silent'), stop.signal);
    const stdin = new PassThrough();
    stdin.write('kind: ');
    const typed = readPlanFromStdin({ stdin, signal: stop.signal });
    const answers = Promise.allSettled([read, typed]);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await answers).toStrictEqual([
      { status: 'rejected', reason: interrupted },
      { status: 'rejected', reason: interrupted },
    ]);
    expect(stdin.destroyed).toBe(true);
  });
});

describe('a plan that is no UTF-8', () => {
  const bytes = Buffer.from('kind: Plan\nname: "üé"', 'latin1');
  const mixed = Buffer.concat([Buffer.from('kind: Plan\nname: "ü'), Buffer.from([0xe9])]);

  it.each([
    ['at its first byte', bytes, 8],
    ['after a character of two bytes', mixed, 9],
  ])('is refused where it is none: %s', async (_name, content, column) => {
    const file = path.join(folder, 'latin.yaml');
    await writeFile(file, content);
    await expect(readPlanFile('latin.yaml', file)).rejects.toMatchObject({
      code: 'INVALID_DOCUMENT',
      message: `latin.yaml:2:${column}: is no UTF-8 text`,
    });
  });
});
