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

it.each([
  ['utf-16le', [0xff, 0xfe, 0x61, 0, 0xfc, 0, 0x3d, 0xd8, 0, 0xde]],
  ['utf-16be', [0xfe, 0xff, 0, 0x61, 0, 0xfc, 0xd8, 0x3d, 0xde, 0]],
])('reads what a byte order mark says to be %s', async (_name, bytes) => {
  const file = path.join(folder, 'wide');
  writeFileSync(file, Uint8Array.from(bytes));
  await expect(readText(file)).resolves.toBe('aü\u{1f600}');
});

it.each([
  ['half a unit of UTF-16', [0xff, 0xfe, 0x61], 'its byte order mark says UTF-16, which it is not'],
  ['half a pair of UTF-16', [0xff, 0xfe, 0x3d, 0xd8], 'its byte order mark says UTF-16, which it is not'],
  ['no UTF-8', [0x61, 0xff], 'it is no UTF-8 text'],
])('refuses %s', async (_name, bytes, message) => {
  const file = path.join(folder, 'broken');
  writeFileSync(file, Uint8Array.from(bytes));
  await expect(readText(file)).rejects.toThrow(message);
});
