import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';

const mostCpuMs = 8_000;
const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');

/** Takes more than twice `mostCpuMs` of processor to parse, which is measured since others use the machine too. */
const item = (index: number): string =>
  [
    '- apiVersion: v1',
    '  kind: ConfigMap',
    `  metadata: {name: c-${index}, namespace: prod, labels: {app: "a", tier: 'b'}}`,
    '  data:',
    '    one: "1"',
    '    text: |',
    '      several',
    '      lines\n',
  ].join('\n');

describe('a YAML document of nine megabytes', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-large-yaml-'));
  const file = path.join(home, 'large.yaml');
  beforeAll(() => {
    const items = Array.from({ length: 55_000 }, (_, index) => item(index)).join('');
    // with an anchor, so that it is neither read item by item nor by the faster library
    writeFileSync(file, `apiVersion: &version v1\nkind: List\nitems:\n${items}`);
  });
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it.each([
    ['SIGINT', 130, ['signal', 'normalize', file, '--target', 'embedded']],
    ['SIGTERM', 143, ['signal', 'ingest', file, '--target', 'embedded']],
    ['SIGINT', 130, ['store', 'import', file]],
    ['SIGINT', 130, ['retry', 'replay', file]],
  ] as const)('is left at %s with %i: %s', async (signal, code, args) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      stdio: ['ignore', openSync('/dev/null', 'w'), openSync(path.join(home, 'stderr'), 'w')],
    });
    const closed = once(child, 'close');
    // the whole file has been read, and more work was done than a start takes: it parses
    const parses = (): boolean => bytesRead(child.pid) > 9_000_000 && cpuOf(child.pid) > 2_500;
    while (child.exitCode === null && !parses()) await pause(20);
    child.kill(signal);
    let cpuMs = 0;
    while (child.exitCode === null) {
      cpuMs = Math.max(cpuMs, cpuOf(child.pid));
      await pause(20);
    }
    expect(await closed).toEqual([code, null]);
    expect(cpuMs).toBeLessThan(mostCpuMs);
    expect(readFileSync(path.join(home, 'stderr'), 'utf8')).toContain('stopped');
  });

  it('is refused at once as a plan, and as cases of a test', async () => {
    for (const args of [
      ['plan', 'validate', file],
      ['signal', 'test', file],
    ]) {
      const { exitCode, stderr } = await runProgram(args, { env: { HOME: home } });
      expect(exitCode, stderr).toBe(2);
      expect(stderr).toContain('large.yaml: is larger than 256 KiB');
    }
  });
});

function bytesRead(pid: number | undefined): number {
  try {
    return Number(/rchar: (\d+)/.exec(readFileSync(`/proc/${pid ?? 0}/io`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Of all its threads, in milliseconds; 0 once it has ended. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields =
      readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
