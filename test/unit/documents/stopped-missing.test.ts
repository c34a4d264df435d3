import { describe, expect, it } from 'vitest';
import { Readable } from 'node:stream';
import { readChunks } from '../../../src/documents/input-text.ts';

describe('a file that is not there', () => {
  it('is the stop where somebody stops at that moment, and no bug', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const chunks = readChunks('/nowhere/at/all.json', {
      cwd: '/',
      stdin: Readable.from([]),
      signal: stop.signal,
    });
    const first = chunks.next();
    stop.abort(reason);
    await expect(first).rejects.toBe(reason);
  });
});
