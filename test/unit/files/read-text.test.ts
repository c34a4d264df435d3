import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readText } from '../../../src/files/read-text.ts';
import { openFile } from '../../../src/documents/byte-source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-read-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('does not begin to wait for the writer of a FIFO once the run is stopped', async () => {
  const file = path.join(folder, 'fifo');
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  const reason = new Error('stopped');
  await expect(readText(file, AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('is stopped between the opening of a FIFO and its first read', async () => {
  const file = path.join(folder, 'fifo');
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  const reason = new Error('stopped');
  const stop = new AbortController();
  const read = readText(file, stop.signal);
  stop.abort(reason);
  await expect(read).rejects.toBe(reason);
});

it('reads a plain file still, which makes nobody wait', async () => {
  const file = path.join(folder, 'plain');
  writeFileSync(file, 'text');
  await expect(readText(file, AbortSignal.abort())).resolves.toBe('text');
});

it('reads no FIFO of signals or traces that is opened just when the run is stopped', async () => {
  const file = path.join(folder, 'fifo');
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  const reason = new Error('stopped');
  const source = await openFile(file, AbortSignal.abort(reason));
  await expect(source.read(Buffer.alloc(8))).rejects.toBe(reason);
  await source.close();
});
