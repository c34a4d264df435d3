import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KubeObject } from '../../src/api/objects.ts';
import { alert, webhook } from './signals.ts';

const program = path.resolve(import.meta.dirname, '../../bin/remedyctl.cjs');
const processes = 8;
const resources = 50;
const alertsPerResource = 4;
const restarts = 2;
const withinMs = 240_000;

/** Where eight processes write at once. */
interface SharedTarget {
  env: Record<string, string>;
  flags: readonly string[];
  /** Names of the Deployments that the alerts are about; they exist where that matters. */
  namespace: string;
  readRequests(): Promise<KubeObject[]>;
  readLeases(): Promise<KubeObject[]>;
}

interface Outcome {
  outcome: string;
  signal?: { fingerprint: string };
  deduplication?: { persisted: boolean };
  warnings?: { code: string; message: string }[];
  error?: unknown;
}

/** Leases that a run says it could not delete: a release ends after 5 s, which a disk that is busy enough takes. */
const leftBy = (runs: readonly Run[]): string[] => {
  const warnings = runs.flatMap((run) => run.outcomes).flatMap((one) => one.warnings ?? []);
  const left = warnings.filter(({ code }) => code === 'LOCK_NOT_RELEASED');
  return [...new Set(left.map(({ message }) => message.split(' ')[0] ?? ''))].sort();
};

export const deploymentNames = (prefix: string): string[] =>
  Array.from({ length: resources }, (_, index) => `${prefix}-${index}`);

/** One webhook of 200 alerts, four about each Deployment: another alert name makes no other fingerprint. */
function alertsAbout(namespace: string, prefix: string): string {
  const alerts = deploymentNames(prefix).flatMap((deployment) =>
    Array.from({ length: alertsPerResource }, (_, index) =>
      alert(deployment, { labels: { alertname: `Alert${index}`, namespace } }),
    ),
  );
  return webhook(alerts);
}

interface Run {
  exitCode: number | null;
  outcomes: Outcome[];
  stderr: string;
}

/** Runs one ingest; with `killAfterMs` it is killed then, unless it was done before. */
async function inject(target: SharedTarget, input: string, killAfterMs?: number): Promise<Run> {
  const args = ['signal', 'ingest', '-', '-o', 'jsonl', '--signal-timeout', '2m', ...target.flags];
  const env = { PATH: process.env['PATH'] ?? '', ...target.env };
  const child = spawn(process.execPath, [program, ...args], { env });
  const timer =
    killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), Math.round(killAfterMs));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => undefined).end(input);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  clearTimeout(timer);
  // The line that a kill cut off was not reported.
  const lines = output.stdout.split('\n').slice(0, -1);
  const outcomes = lines.map((line) => JSON.parse(line) as Outcome).filter((line) => 'outcome' in line);
  return { exitCode, outcomes, stderr: output.stderr };
}

async function injectAgainAndAgain(target: SharedTarget, input: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (let restart = 0; restart < restarts; restart++) {
    runs.push(await inject(target, input, 300 + Math.random() * 3500));
    await pause(Math.random() * 200);
  }
  runs.push(await inject(target, input));
  return runs;
}

const fingerprintOf = (request: KubeObject): string =>
  (request['spec'] as { signalFingerprint: string }).signalFingerprint;

const countOf = (request: KubeObject): number =>
  (request['status'] as { deduplication?: { occurrenceCount?: number } } | undefined)?.deduplication
    ?.occurrenceCount ?? 0;

const isPersisted = ({ outcome, deduplication }: Outcome): boolean =>
  (outcome === 'created' || outcome === 'duplicate') && deduplication?.persisted === true;

function persistedOf(runs: readonly Run[], fingerprint: string): number {
  const outcomes = runs.flatMap((run) => run.outcomes);
  return outcomes.filter((one) => one.signal?.fingerprint === fingerprint && isPersisted(one)).length;
}

/** The two promises that many processes at once rest on. */
export function describeManyProcesses(open: (prefix: string) => Promise<SharedTarget>): void {
  it(
    'eight processes with the same 200 signals make one request per fingerprint, and the counts add up',
    async () => {
      const target = await open('calm');
      const input = alertsAbout(target.namespace, 'calm');
      const runs = await Promise.all(Array.from({ length: processes }, () => inject(target, input)));
      for (const run of runs) {
        expect(run.outcomes.filter((one) => !isPersisted(one))).toEqual([]);
        expect(run.exitCode, run.stderr).toBe(0);
      }
      const requests = await target.readRequests();
      expect(requests).toHaveLength(resources);
      expect(new Set(requests.map(fingerprintOf)).size).toBe(resources);
      expect(requests.map(countOf)).toEqual(requests.map(() => processes * alertsPerResource));
      const created = runs.flatMap((run) => run.outcomes).filter((one) => one.outcome === 'created');
      expect(created).toHaveLength(resources);
      const leases = (await target.readLeases()).map(({ metadata }) => metadata.name);
      expect(leases.sort()).toEqual(leftBy(runs));
    },
    withinMs,
  );

  it(
    'killed with SIGKILL and started again, they still make one request per fingerprint and lose no reported count',
    async () => {
      const target = await open('killed');
      const input = alertsAbout(target.namespace, 'killed');
      const patient = { ...target, flags: [...target.flags, '--lock-wait', '40s'] };
      const [steady, shaken] = await Promise.all([
        Promise.all(Array.from({ length: processes / 2 }, () => inject(patient, input))),
        Promise.all(Array.from({ length: processes / 2 }, () => injectAgainAndAgain(target, input))),
      ]);
      for (const run of steady) expect(run.exitCode, run.stderr).toBe(0);
      expect(shaken.flat().some((run) => run.exitCode === null)).toBe(true);

      const runs = [...steady, ...shaken.flat()];
      const requests = await target.readRequests();
      expect(requests).toHaveLength(resources);
      expect(new Set(requests.map(fingerprintOf)).size).toBe(resources);
      for (const request of requests) {
        expect(countOf(request)).toBeGreaterThanOrEqual(persistedOf(runs, fingerprintOf(request)));
        expect(countOf(request)).toBeLessThanOrEqual(runs.length * alertsPerResource);
      }
    },
    withinMs,
  );
}
