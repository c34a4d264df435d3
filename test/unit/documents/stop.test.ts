import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { readDocuments } from '../../../src/documents/read-documents.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-stop-'));
writeFileSync(path.join(folder, 'many.ndjson'), '{"n":1}\n'.repeat(50));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function read(inputs: string[], readsFilesOn: boolean): Promise<number> {
  const stop = new AbortController();
  const stdin = new PassThrough();
  const options = { cwd: folder, stdin, signal: stop.signal, readsFilesOn };
  let documents = 0;
  for await (const document of readDocuments(inputs, options)) {
    expect(document.kind).toBe('document');
    documents += 1;
    stop.abort(new Error('stopped'));
  }
  return documents;
}

describe('a stop while reading', () => {
  it('ends at the next file', async () => {
    await expect(read(['many.ndjson', 'many.ndjson'], false)).rejects.toThrow('stopped');
  });

  it('leaves it to the consumer when files are enough', async () => {
    expect(await read(['many.ndjson', 'many.ndjson'], true)).toBe(100);
  });

  it('does not wait for stdin all the same', async () => {
    await expect(read(['many.ndjson', '-'], true)).rejects.toThrow('stopped');
  });
});
