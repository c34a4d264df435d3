import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { KubeList } from '../../../src/api/objects.ts';
import { runProgram } from '../../support/built-program.ts';
import { alert, foreignLease, webhook } from '../../support/signals.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const free = ['a', 'b', 'c', 'd', 'e'];
/** Two signals about a resource that somebody else has locked, between others. */
const batch = webhook([...free.slice(0, 2), 'locked', ...free.slice(2), 'locked'].map((name) => alert(name)));

interface Stopped {
  /** Or the signal that killed it. */
  exitCode: number | NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  afterMs: number;
  leases: string[];
}

interface Item {
  outcome: string;
}
interface Result {
  items: Item[];
  summary: Record<string, number>;
  error?: unknown;
}

describe('stopped in the middle of a batch, while somebody else has a lock', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-stopped-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  let stores = 0;
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  async function storeWithLock(): Promise<string[]> {
    const flags = ['--store', path.join(home, `store-${(stores += 1)}`)];
    const file = path.join(home, 'lease.json');
    writeFileSync(file, JSON.stringify(foreignLease('locked', Date.now())));
    const imported = await runProgram(['store', 'import', file, ...flags], { env: { HOME: home } });
    expect(imported.exitCode, imported.stderr).toBe(0);
    return flags;
  }

  async function leasesOf(flags: readonly string[]): Promise<string[]> {
    const { stdout } = await runProgram(['store', 'export', ...flags], { env: { HOME: home } });
    const { items } = JSON.parse(stdout) as KubeList;
    return items.filter(({ kind }) => kind === 'Lease').map(({ metadata }) => metadata.name);
  }

  /** Waits until the free signals have their requests, then sends the signals one after the other. */
  async function stop(signals: NodeJS.Signals[], output: string, args: string[] = []): Promise<Stopped> {
    const flags = await storeWithLock();
    const target = ['--target', 'embedded', ...flags];
    const child = spawn(
      process.execPath,
      [program, 'signal', 'ingest', '-', '-o', output, '--lock-wait', '28s', ...target, ...args],
      { env },
    );
    const seen = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.stderr += text));
    child.stdin.end(batch);
    const closed = once(child, 'close');
    for (let tries = 0; tries < 200; tries += 1) {
      const listed = await runProgram(['request', 'list', '-o', 'name', ...target], { env: { HOME: home } });
      if (listed.stdout.trim().split('\n').length >= free.length) break;
      await pause(50);
    }
    await pause(200);
    const startedMs = performance.now();
    for (const signal of signals) child.kill(signal);
    const [code, signal] = (await closed) as [number | null, NodeJS.Signals | null];
    return {
      exitCode: code ?? signal,
      ...seen,
      afterMs: performance.now() - startedMs,
      leases: await leasesOf(flags),
    };
  }

  const expected = ['created', 'created', 'notRun', 'created', 'created', 'created', 'notRun'];
  const summary = { total: 7, created: 5, notRun: 2, failed: 0 };

  it.each<[NodeJS.Signals, number | NodeJS.Signals]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 'SIGHUP'],
  ])('by %s: one whole document, the rest not run, only the foreign lock left', async (signal, code) => {
    const stopped = await stop([signal], 'json');
    expect(stopped.exitCode, stopped.stderr).toBe(code);
    const result = JSON.parse(stopped.stdout) as Result;
    expect(result.items.map(({ outcome }) => outcome)).toEqual(expected);
    expect(result.summary).toMatchObject(summary);
    expect(result.error).toBeUndefined();
    expect(stopped.leases).toEqual([expect.stringMatching(/^gw-lock-/)]);
    expect(stopped.afterMs).toBeLessThan(6_000);
  });

  it('one JSON line an outcome, and the summary last', async () => {
    const { exitCode, stdout } = await stop(['SIGINT'], 'jsonl');
    expect(exitCode).toBe(130);
    const lines = stdout.trimEnd().split('\n');
    const items = lines.slice(0, -1).map((line) => JSON.parse(line) as Item);
    expect(items.map(({ outcome }) => outcome)).toEqual(expected);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ summary });
  });

  it('a table says what was done and what was not', async () => {
    const { exitCode, stdout, leases } = await stop(['SIGINT'], 'table', ['--concurrency', '4']);
    expect(exitCode).toBe(130);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('7 signals: 5 created, 2 notRun');
    expect(leases).toHaveLength(1);
  });

  it('a second Ctrl-C ends it at once', async () => {
    const { exitCode, afterMs } = await stop(['SIGINT', 'SIGINT'], 'json');
    expect(exitCode).toBe(130);
    expect(afterMs).toBeLessThan(3_000);
  });
});

describe('pipes that close early', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-pipes-'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  const store = path.join(home, 'store');
  const args = [program, 'signal', 'ingest', '-', '--target', 'embedded', '--store', store, '-o', 'jsonl'];
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('stdout: the printing ends and the work does not, no error, no lock left', async () => {
    const many = Array.from({ length: 400 }, (_, index) => webhook([alert(`many-${index}`)])).join('\n');
    const child = spawn(process.execPath, args, { env });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined).end(many);
    child.stdout.once('data', () => child.stdout.destroy());
    const [exitCode] = (await once(child, 'close')) as [number | null];
    expect(exitCode, stderr).toBe(0);
    expect(stderr).not.toMatch(/error|bug:/);
    const { stdout } = await runProgram(['store', 'export', '--store', store], { env: { HOME: home } });
    const { items } = JSON.parse(stdout) as KubeList;
    expect(items.filter(({ kind }) => kind === 'Lease')).toEqual([]);
    expect(items.filter(({ kind }) => kind === 'RemediationRequest')).toHaveLength(400);
  });

  it('stdin in the middle of a document: what came whole is taken, the rest is refused by its place', async () => {
    const whole = webhook([alert('whole')]);
    const { exitCode, stdout } = await runProgram(args.slice(1), {
      env: { HOME: home },
      input: `${whole}\n${whole.slice(0, 120)}`,
    });
    expect(exitCode).toBe(4);
    const [first, second] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Item);
    expect(first).toMatchObject({ outcome: 'created', source: { document: 0 } });
    expect(second).toMatchObject({
      outcome: 'rejected',
      source: { document: 1 },
      reason: { code: 'INVALID_DOCUMENT', message: expect.stringMatching(/^-:2:121: /) as string },
    });
  });
});
