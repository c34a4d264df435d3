import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '../../../src/api/objects.ts';
import { type ControlPlane, startControlPlane } from '../control-plane.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const signals = 150;
const stopAfter = 30;

interface Line {
  outcome?: string;
  source?: { document: number };
  summary?: { total: number; notRun: number };
  error?: { code: string; details?: { locks: { name: string; expiresAt: string }[] } };
}

interface Ended {
  exitCode: number | null;
  lines: Line[];
  stderr: string;
  /** From the moment that the server was stopped. */
  seconds: number;
}

/** With an API server of its own: one that is stopped would be so for every other file as well. */
describe('a run whose API server is stopped in the middle', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-outage-'));
  let plane: ControlPlane;
  let names = 0;

  beforeAll(async () => {
    plane = await startControlPlane();
    await plane.applyCrd();
  }, 180_000);
  afterEach(() => {
    plane.signalServer('SIGCONT');
  });
  afterAll(async () => {
    await plane.stop();
    rmSync(home, { recursive: true, force: true });
  });

  async function makeNamespace(): Promise<string> {
    names += 1;
    const name = `outage-${names}`;
    const labels = { 'kubernaut.ai/managed': 'true' };
    const items = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      ...Array.from({ length: signals }, (_, nth) => deployment(name, `app-${nth}`)),
    ];
    await plane.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    return name;
  }

  /** Stops the server once some outcomes are there; `meanwhile` is told when. */
  function ingest(
    namespace: string,
    flags: readonly string[],
    meanwhile: (kill: (name: NodeJS.Signals) => void) => void,
  ): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const args = ['signal', 'ingest', '-', '-n', namespace, '--target', 'cluster', '-o', 'jsonl', ...flags];
      const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: plane.kubeconfig };
      const child = spawn(process.execPath, [program, ...args], { env });
      const output = { stdout: '', stderr: '' };
      let stoppedMs: number | undefined;
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output.stdout += text;
        if (stoppedMs !== undefined || output.stdout.split('\n').length <= stopAfter) return;
        stoppedMs = performance.now();
        plane.signalServer('SIGSTOP');
        meanwhile((name) => child.kill(name));
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
      child.once('error', reject);
      child.once('close', (exitCode) => {
        const seconds = (performance.now() - (stoppedMs ?? Infinity)) / 1000;
        const lines = output.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Line);
        resolve({ exitCode, lines, stderr: output.stderr, seconds });
      });
      child.stdin.on('error', () => undefined).end(alerts(namespace));
    });
  }

  async function requestsOnce(namespace: string): Promise<number> {
    const list = JSON.parse(await plane.kubectl(['get', 'rr', '-n', namespace, '-o', 'json'])) as KubeList;
    const fingerprints = list.items.map(
      (request: KubeObject) => (request['spec'] as { signalFingerprint: string }).signalFingerprint,
    );
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    return fingerprints.length;
  }

  it('goes on when the server does: every signal is handled, each request made once', async () => {
    const namespace = await makeNamespace();
    const ended = await ingest(namespace, [], () => {
      setTimeout(() => {
        plane.signalServer('SIGCONT');
      }, 17_000);
    });
    expect(ended.stderr).toMatch(/does not answer since \S+Z .*gives up in 1m\b/);
    expect(ended.stderr).toMatch(/answers again after 1\ds; going on/);
    expect(outcomesOf(ended.lines)).toEqual({ created: signals });
    expect(ended.exitCode).toBe(0);
    expect(await requestsOnce(namespace)).toBe(signals);
  }, 180_000);

  it.each([[[]], [['-q']]])(
    'ends by --give-up-after when it does not: exit 1, the rest not run, no item lost %j',
    async (quiet) => {
      const namespace = await makeNamespace();
      const { exitCode, lines, stderr, seconds } = await ingest(
        namespace,
        ['--give-up-after', '4s', ...quiet],
        () => undefined,
      );
      plane.signalServer('SIGCONT');
      expect(exitCode).toBe(1);
      // Noticed after 13 s at the latest; what is left is generous to a machine that is busy.
      expect(seconds).toBeLessThan(45);
      expect(stderr).toMatch(/^error: the API server \S+ has not answered since/m);
      expect(stderr).toContain('code: SERVER_LOST');
      const items = lines.filter(({ outcome }) => outcome !== undefined);
      expect(items.map(({ source }) => source?.document)).toEqual(
        Array.from({ length: signals }, (_, nth) => nth),
      );
      const counts = outcomesOf(lines);
      expect(counts['notRun']).toBeGreaterThan(signals - stopAfter - 30);
      expect(lines.at(-1)).toMatchObject({
        summary: { total: signals, notRun: counts['notRun'] },
        error: { code: 'SERVER_LOST' },
      });
      const made = await requestsOnce(namespace);
      expect(made).toBeGreaterThanOrEqual(counts['created'] ?? 0);
      await expectNamed(namespace, lines.at(-1)?.error?.details?.locks ?? []);
    },
    180_000,
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends at once by %s while it waits',
    async (name, code) => {
      const namespace = await makeNamespace();
      let sentMs = 0;
      const { exitCode, lines } = await ingest(namespace, [], (kill) => {
        setTimeout(() => {
          sentMs = performance.now();
          kill(name);
        }, 20_000);
      });
      expect(performance.now() - sentMs).toBeLessThan(10_000);
      expect(exitCode).toBe(code);
      expect(lines.filter(({ outcome }) => outcome !== undefined)).toHaveLength(signals);
    },
    180_000,
  );

  /** Leases of the run that stand are among those that it named. */
  async function expectNamed(namespace: string, locks: { name: string }[]): Promise<void> {
    const list = JSON.parse(
      await plane.kubectl(['get', 'leases', '-n', namespace, '-o', 'json']),
    ) as KubeList;
    const named = locks.map((lock) => lock.name);
    expect(named).toEqual(expect.arrayContaining(list.items.map(({ metadata }) => metadata.name)));
  }
});

function outcomesOf(lines: readonly Line[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of lines) if (outcome !== undefined) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function alerts(namespace: string): string {
  const lines = Array.from({ length: signals }, (_, nth) => {
    const labels = { alertname: 'HighLatency', namespace, deployment: `app-${nth}`, severity: 'warning' };
    const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-11-22T12:00:00Z' };
    return JSON.stringify({ version: '4', status: 'firing', receiver: 'ops', alerts: [alert] });
  });
  return `${lines.join('\n')}\n`;
}

function deployment(namespace: string, name: string): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'none' }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas: 0, selector: { matchLabels: labels }, template },
  };
}
