import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { transform } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { startGuarded } from './guarded-process.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-guarded-'));
const log = path.join(directory, 'log');
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function becomesTrue(condition: () => boolean): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (condition()) return true;
    await pause(25);
  }
  return false;
}

it('a guarded program dies when the process that started it is killed with SIGKILL', async () => {
  const source = readFileSync(path.join(import.meta.dirname, 'guarded-process.ts'), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm' });
  // The program says its own process id, which is what must be gone in the end.
  const start = `startGuarded('sleeper', '/bin/sh', ['-c', 'echo $$; exec sleep 300'], ${JSON.stringify(log)});
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', `${code}\n${start}`]);
  const text = (): string => {
    try {
      return readFileSync(log, 'utf8');
    } catch {
      return '';
    }
  };
  expect(await becomesTrue(() => /^\d+\n/.test(text()))).toBe(true);
  const pid = Number(text());
  expect(isAlive(pid)).toBe(true);

  owner.kill('SIGKILL');
  await once(owner, 'exit');

  expect(await becomesTrue(() => !isAlive(pid))).toBe(true);
});

it('a guarded program that ends by itself is told of, with its last lines', async () => {
  const ended = startGuarded(
    'short',
    '/bin/sh',
    ['-c', 'echo the reason; exit 3'],
    path.join(directory, 'short'),
  );
  await ended.exited;
  expect(ended.isRunning()).toBe(false);
  expect(ended.lastLines()).toBe('the reason');
});

it('a guarded program that does not exist ends at once', async () => {
  const ended = startGuarded(
    'absent',
    path.join(directory, 'absent'),
    [],
    path.join(directory, 'absent-log'),
  );
  await ended.exited;
  expect(ended.isRunning()).toBe(false);
  expect(ended.lastLines()).toContain('absent');
});

it('stop ends a guarded program', async () => {
  const stopped = startGuarded('stopped', '/bin/sleep', ['300'], path.join(directory, 'stopped'));
  expect(stopped.isRunning()).toBe(true);
  await stopped.stop();
  expect(stopped.isRunning()).toBe(false);
});
