import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-stopped-retry-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const trace = path.join(folder, 'trace.yaml');
writeFileSync(
  trace,
  `apiVersion: remedyctl.dev/v1
kind: RetryTrace
operations:
  - { id: 1, operation: create_remediation_request, policy: creation, attempts: [{ outcome: ok }] }
`,
);

/** Each of them takes minutes. */
const commands: { name: string; args: string[]; said: RegExp }[] = [
  { name: 'compare', args: ['compare', '--runs', '100000'], said: /\d+ of 28 comparisons were done/ },
  {
    name: 'compare --find',
    args: ['compare', 'creation', '--outage', '4s', '--runs', '100000', '--find'],
    said: /0 of 1 comparison /,
  },
  {
    name: 'replay --runs',
    args: ['replay', trace, '--outage', '0s..4s', '--runs', '1000000'],
    said: /0 operations were replayed, and \d+ of 1000000 runs of operation 1/,
  },
  {
    name: 'replay --clients',
    args: ['replay', trace, '--outage', '0s..4s', '--clients', '100000'],
    said: /0 operations were replayed, and \d+ of 100000 clients of operation 1/,
  },
];

describe('Ctrl-C in the middle of', () => {
  it.each(commands)(
    'retry $name ends it with 130, and says what was done',
    async ({ args, said }) => {
      const child = spawn(process.execPath, [program, 'retry', ...args], {
        env: { PATH: process.env['PATH'] ?? '', HOME: folder },
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
      child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
      const closed = once(child, 'close');
      // more than a start takes, however busy the machine is: it computes
      while (child.exitCode === null && cpuMsOf(child.pid) < 2_000) await pause(50);
      child.kill('SIGINT');
      const [code] = (await closed) as [number | null];
      expect(code, text).toBe(130);
      expect(text).toMatch(said);
      expect(text).toContain('code: INTERRUPTED');
    },
    120_000,
  );
});

/** The processor time of a program so far. */
function cpuMsOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8');
  // behind the name, which may hold anything: the 12th and 13th field, in hundredths of a second
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}
