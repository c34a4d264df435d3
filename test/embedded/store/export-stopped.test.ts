import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-export-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

it.each(['json', 'yaml'])(
  'store export -o %s ends at Ctrl-C, and what was printed is no whole List',
  async (format) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: home };
    const objects = Array.from({ length: 2_000 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `map-${index}`, namespace: 'default' },
      data: { text: 'x'.repeat(1_000) },
    }));
    const input = objects.map((object) => JSON.stringify(object)).join('\n');
    const imported = await runProgram(['store', 'import', '-'], { env, input });
    expect(imported.exitCode, imported.stderr).toBe(0);

    const child = spawn(process.execPath, [program, 'store', 'export', '-o', format], { env });
    let printed = '';
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    // More than a pipe holds is to come: it cannot be over.
    child.stdout.once('data', () => {
      child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('code: INTERRUPTED');
    expect(printed).not.toMatch(/map-999\b/);
  },
);
