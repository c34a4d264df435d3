import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import type { KubeList } from '../../src/api/objects.ts';
import { runProgram } from '../support/built-program.ts';
import { describeManyProcesses } from '../support/many-processes.ts';

describe('many processes on one embedded store', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-many-'));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  describeManyProcesses((prefix) => {
    const env = { HOME: home };
    const flags = ['--target', 'embedded', '--store', path.join(home, prefix)];
    return Promise.resolve({
      env,
      flags,
      namespace: 'shop',
      async readRequests() {
        const listed = await runProgram(['request', 'list', '-o', 'json', ...flags], { env });
        if (listed.exitCode !== 0) throw new Error(listed.stderr);
        return (JSON.parse(listed.stdout) as KubeList).items;
      },
      async readLeases() {
        const exported = await runProgram(['store', 'export', ...flags.slice(2)], { env });
        const { items } = JSON.parse(exported.stdout) as KubeList;
        return items.filter(({ kind }) => kind === 'Lease');
      },
    });
  });
});
