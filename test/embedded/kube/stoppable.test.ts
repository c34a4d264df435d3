import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
let home: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'remedyctl-stop-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  stderr: string;
  /** After the signal, in milliseconds. */
  tookMs: number;
}

/** Starts the program and sends `signal` once `isReady` holds. */
async function stopped(
  argv: readonly string[],
  { signal = 'SIGINT', env = {}, isReady }: StopOptions,
): Promise<Ended> {
  const started = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, REMEDYCTL_NO_CODE_CACHE: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child = started;
  let stderr = '';
  started.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => started.once('close', resolve));
  while (!isReady(started) && started.exitCode === null) await sleep(20);
  const startMs = performance.now();
  if (signal !== 'none') started.kill(signal);
  const code = await ended;
  return { code, stderr, tookMs: performance.now() - startMs };
}

interface StopOptions {
  signal?: 'SIGINT' | 'SIGTERM' | 'none';
  env?: Record<string, string>;
  isReady: (child: ChildProcess) => boolean;
}

function fifo(name: string): string {
  const file = path.join(home, name);
  expect(spawnSync('mkfifo', [file]).status).toBe(0);
  return file;
}

/** The process has the file open, or a thread that waits in opening it. */
function waitsFor(file: string): StopOptions['isReady'] {
  return ({ pid }) => {
    const { stdout } = spawnSync('sh', ['-c', `ls -l /proc/${pid}/fd; cat /proc/${pid}/task/*/wchan`], {
      encoding: 'utf8',
    });
    return stdout.includes(file) || stdout.includes('wait_for_partner');
  };
}

function kubeconfig(user: object): string {
  const file = path.join(home, 'kubeconfig');
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'a', user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

describe.skipIf(process.platform !== 'linux')('a FIFO that nobody writes does not hold the program', () => {
  type Case = [name: string, argv: (file: string) => string[]];
  const cases: Case[] = [
    ['--config', (file) => ['request', 'list', '--config', file]],
    ['--kubeconfig', (file) => ['request', 'list', '--kubeconfig', file]],
    ['a token file', (file) => ['request', 'list', '--kubeconfig', kubeconfig({ tokenFile: file })]],
    [
      'a client key',
      (file) => ['request', 'list', '--kubeconfig', kubeconfig({ 'client-certificate': file })],
    ],
    ['a case file', (file) => ['signal', 'test', file]],
    ['a trace', (file) => ['retry', 'replay', file]],
    ['a policy', (file) => ['retry', 'schedule', file]],
    ['a plan', (file) => ['plan', 'show', file]],
    ['signals', (file) => ['signal', 'ingest', file, '--target', 'embedded']],
    ['objects', (file) => ['store', 'import', file]],
  ];

  it.each(cases)('%s', async (_name, argv) => {
    const file = fifo('waiting.yaml');
    const { code, tookMs } = await stopped(argv(file), { isReady: waitsFor(file) });
    expect(code).toBe(130);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('SIGTERM ends it too', async () => {
    const file = fifo('waiting.yaml');
    const argv = ['request', 'list', '--config', file];
    const { code, stderr, tookMs } = await stopped(argv, { signal: 'SIGTERM', isReady: waitsFor(file) });
    expect(stderr).toContain('INTERRUPTED');
    expect(code).toBe(143);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('one that somebody writes is read', () => {
    const file = fifo('written.yaml');
    const writer = spawn('sh', ['-c', `sleep 0.2; echo 'namespace: from-fifo' > ${file}`]);
    const argv = ['config', 'show', '--config', file, '-o', 'json'];
    const shown = spawnSync(process.execPath, [program, ...argv], {
      env: { PATH: process.env['PATH'] ?? '', HOME: home, REMEDYCTL_NO_CODE_CACHE: '1' },
      encoding: 'utf8',
    });
    writer.kill();
    expect(shown.stdout).toContain('from-fifo');
  });
});

describe('a credential plugin that hangs', () => {
  const pids = (): number[] => readFileSync(path.join(home, 'pids'), 'utf8').trim().split('\n').map(Number);

  function hanging(more = ''): string {
    const plugin = path.join(home, 'plugin');
    // its child holds stdout open, and both ignore being asked to end
    writeFileSync(
      plugin,
      `#!/bin/sh\ntrap '' TERM INT\n${more}sleep 600 &\necho $$ > ${home}/begun\necho $! >> ${home}/begun\nmv ${home}/begun ${home}/pids\nwait\nsleep 600\n`,
    );
    chmodSync(plugin, 0o755);
    return kubeconfig({
      exec: {
        command: plugin,
        apiVersion: 'client.authentication.k8s.io/v1',
        interactiveMode: 'Never',
      },
    });
  }

  async function expectGone(): Promise<void> {
    const isGone = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
      } catch {
        return true;
      }
      // a zombie whose new parent has not looked yet
      return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    };
    for (let tries = 0; tries < 100 && !pids().every(isGone); tries += 1) await sleep(20);
    expect(pids().every(isGone)).toBe(true);
  }

  const isReady = (): boolean => existsSync(path.join(home, 'pids'));

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends with the program at %s, and so does what it started', async (signal, exitCode) => {
    const argv = ['request', 'list', '--kubeconfig', hanging()];
    const { code, tookMs } = await stopped(argv, { signal, isReady });
    expect(code).toBe(exitCode);
    expect(tookMs).toBeLessThan(2_500);
    await expectGone();
  });

  it('is killed at --request-timeout', async () => {
    const argv = ['request', 'list', '--kubeconfig', hanging(), '--request-timeout', '1s'];
    const { code, stderr, tookMs } = await stopped(argv, { signal: 'none', isReady });
    expect(stderr).toContain('was killed: it had not ended after 1 s');
    expect(stderr).toContain('CREDENTIALS_FAILED');
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(10_000);
    await expectGone();
  });

  it('is killed where it prints without end', async () => {
    const argv = ['request', 'list', '--kubeconfig', hanging(`touch ${home}/pids; exec yes\n`)];
    const { code, stderr } = await stopped(argv, { signal: 'none', isReady });
    expect(stderr).toContain('printed more than any credential has');
    expect(code).toBe(1);
  });
});
