import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { describeMutualExclusion } from './mutual-exclusion.ts';

describe('commands under one lock of the embedded store', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-lease-run-'));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });
  let stores = 0;
  describeMutualExclusion(() => {
    stores += 1;
    const store = path.join(home, `store-${stores}`);
    return Promise.resolve({ env: { HOME: home }, flags: ['--target', 'embedded', '--store', store] });
  });
});
