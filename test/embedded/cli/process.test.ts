import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');
const program = path.join(root, 'bin/remedyctl.cjs');
const webhook = path.join(root, 'examples/webhook.json');
const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-process-'));
const env = { PATH: process.env['PATH'], HOME: home };

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

interface Ended {
  /** The exit code, or the signal that killed it. */
  code: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts the built program; `meanwhile` gets it to signal or to feed. */
function run(
  argv: string[],
  meanwhile: (child: ReturnType<typeof spawn>) => void = (child) => child.stdin?.end(),
  stdout: 'pipe' | number = 'pipe',
  nodeOptions = '',
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...argv], {
    env: { ...env, NODE_OPTIONS: nodeOptions },
    stdio: ['pipe', stdout, 'pipe'],
  });
  const ended = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  meanwhile(child);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code: code ?? signal, ...ended });
    });
  });
}

const target = ['--target', 'embedded', '--store', path.join(home, 'store')];

describe('the built program', () => {
  it('calls it a bug when a command waits for what will never come', async () => {
    const preload = path.join(home, 'idle-stdin.cjs');
    writeFileSync(
      preload,
      "Object.defineProperty(process, 'stdin', { value: new (require('node:stream').Readable)({ read() {} }) });",
    );
    const { code, stdout, stderr } = await run(
      ['signal', 'ingest', '-', ...target],
      undefined,
      'pipe',
      `--require=${preload}`,
    );
    expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
    expect(stderr).toContain('the command has not ended, and nothing is left that it could wait for');
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const { code, stderr } = await run(['request', 'watch', ...target, '-o', 'jsonl'], (child) => {
      child.stdout?.destroy();
      spawn(process.execPath, [program, 'signal', 'ingest', webhook, ...target], { env, stdio: 'ignore' });
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.runIf(existsSync('/dev/full'))('says so when its output cannot be written', async () => {
    const { code, stderr } = await run(['config', 'show'], undefined, openSync('/dev/full', 'w'));
    expect(code).toBe(1);
    expect(stderr).toContain('code: OUTPUT_FAILED');
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 'SIGHUP'],
  ] as const)('closes its document and exits by the signal: %s', async (signal, exit) => {
    const { code, stdout, stderr } = await run(
      ['signal', 'ingest', '-', ...target, '-o', 'json', '-v'],
      (child) => {
        // It waits for stdin from here on.
        child.stderr?.once('data', () => child.kill(signal));
      },
    );
    expect(code).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'IngestResult', items: [] });
    expect(stderr).toContain('stopped before the input was read to its end');
  });

  it.each([
    ['signal', 'normalize'],
    ['signal', 'explain'],
    ['dedup', 'show', '-f'],
    ['store', 'import'],
    ['plan', 'validate'],
  ])('is stopped and not broken by Ctrl-C at what reads stdin: %s %s', async (...command) => {
    const preload = path.join(home, 'interrupt.cjs');
    writeFileSync(
      preload,
      `const timer = setInterval(() => {
         if (process.listenerCount('SIGINT') === 0) return;
         clearInterval(timer);
         setTimeout(() => process.kill(process.pid, 'SIGINT'), 500);
       }, 10);`,
    );
    const { code, stdout, stderr } = await run(
      [...command, '-', ...target, '-o', 'json', '-v'],
      () => undefined,
      'pipe',
      `--require=${preload}`,
    );
    expect(code, stderr).toBe(130);
    expect(stderr).toContain('code: INTERRUPTED');
    expect(stderr).not.toContain('bug');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'INTERRUPTED' } });
  });

  it('says nothing of what a library calls experimental, and passes other warnings on', async () => {
    const preload = path.join(home, 'warn.cjs');
    writeFileSync(
      preload,
      "process.emitWarning('quiet', 'ExperimentalWarning'); process.emitWarning('loud', 'OtherWarning');",
    );
    const child = spawn(process.execPath, ['--require', preload, program, 'config', 'path'], { env });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toContain('OtherWarning: loud');
    expect(stderr).not.toContain('quiet');
  });

  it('keeps progress, colour and controls out of pipes', async () => {
    const { stdout, stderr } = await run(['signal', 'ingest', webhook, ...target]);

    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});
