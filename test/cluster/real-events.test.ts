import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeList, KubeObject } from '../../src/api/objects.ts';
import { type ProgramResult, runProgram } from '../support/built-program.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { missingPrograms, programsFolder } from './programs.mjs';
import { makeTrouble } from './workloads.ts';

interface IngestResult {
  items: { outcome: string; request?: { name: string }; deduplication?: { persisted: boolean } }[];
  summary: { total: number; created: number; duplicate: number; skipped: number; failed: number };
}

interface StoredRequest extends KubeObject {
  spec: {
    signalFingerprint: string;
    signalName: string;
    targetResource: { kind: string; name: string; namespace: string };
  };
  status?: { deduplication?: { occurrenceCount?: number } };
}

const controllers = ['kube-controller-manager', 'kube-scheduler'];
const canRun = missingPrograms(programsFolder(), controllers).length === 0;

/** The control plane, and up to a minute until the CronJob has a Job. */
const startWithinMs = 240_000;

describe.skipIf(!canRun)('events of the real scheduler and controllers', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-real-events-'));
  let controlPlane: ControlPlane;
  let events: string;
  /** The same without the Normal events, which are skipped whoever asks. */
  let warningsOnly: string;
  let warnings: number;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ controllers: true });
    await controlPlane.applyCrd();
    await makeTrouble(controlPlane);
    // Taken once: the cluster goes on warning.
    events = await controlPlane.kubectl(['get', 'events', '-A', '-o', 'json']);
    const listed = JSON.parse(events) as KubeList;
    const items = listed.items.filter((event) => event['type'] === 'Warning');
    warnings = items.length;
    warningsOnly = JSON.stringify({ ...listed, items });
  }, startWithinMs);

  afterAll(async () => {
    await controlPlane.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const ingest = (input: string, ...flags: string[]): Promise<ProgramResult> =>
    runProgram(['signal', 'ingest', '-', '--target', 'cluster', '-o', 'json', ...flags], {
      env: { KUBECONFIG: controlPlane.kubeconfig, HOME: home },
      input,
    });

  async function listed<T extends KubeObject>(kind: string): Promise<T[]> {
    const text = await controlPlane.kubectl(['get', kind, '-n', 'kubernaut-system', '-o', 'json']);
    return (JSON.parse(text) as KubeList<T>).items;
  }

  function parse(result: ProgramResult): IngestResult {
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    return JSON.parse(result.stdout) as IngestResult;
  }

  it('as a user who may only read: says what is missing, exits 1, leaves no lock', async () => {
    const result = await ingest(warningsOnly, '--context', 'reader');
    expect(result.exitCode, result.stderr).toBe(1);
    expect(result.stdout + result.stderr).toMatch(
      /cannot create resource .{0,4}leases.{0,4} in API group .{0,4}coordination\.k8s\.io.{0,4} in the namespace .{0,4}kubernaut-system/,
    );
    expect(await listed('leases')).toEqual([]);
    expect(await listed('rr')).toEqual([]);
  });

  it('become one request each for the Deployment, the CronJob and the StatefulSet that own the trouble', async () => {
    const { items, summary } = parse(await ingest(events));
    expect(summary).toMatchObject({ created: 3, duplicate: warnings - 3, failed: 0 });
    expect(summary.skipped).toBe(summary.total - warnings);
    expect(items.filter((item) => item.deduplication?.persisted === false)).toEqual([]);

    const requests = await listed<StoredRequest>('rr');
    expect(
      requests.map(({ spec: { signalName, targetResource: target } }) => [
        signalName,
        target.kind,
        target.name,
        target.namespace,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['FailedScheduling', 'Deployment', 'checkout', 'shop'],
        ['FailedScheduling', 'CronJob', 'report', 'shop'],
        ['FailedCreate', 'StatefulSet', 'ledger', 'crowded'],
      ]),
    );
    expect(requests).toHaveLength(3);
    expect(sumOfCounts(requests)).toBe(warnings);
    expect(await listed('leases')).toEqual([]);
  });

  it('are duplicates of the same requests when they come again', async () => {
    const { summary } = parse(await ingest(events));
    expect(summary).toMatchObject({ created: 0, duplicate: warnings, failed: 0 });
    const requests = await listed<StoredRequest>('rr');
    expect(requests).toHaveLength(3);
    expect(sumOfCounts(requests)).toBe(2 * warnings);
  });

  const whole = ['get', 'events', '-A'];
  it.each<[string, string[]]>([
    ['-o yaml', [...whole, '-o', 'yaml']],
    ['-o json with managed fields', [...whole, '-o', 'json', '--show-managed-fields']],
    ['-o yaml of events.k8s.io', ['get', 'events.events.k8s.io', '-A', '-o', 'yaml']],
    ['the items alone', [...whole, '-o', 'jsonpath={.items}']],
    ['each item by itself', [...whole, '-o', 'jsonpath={.items[*]}']],
    ['the items one a line', [...whole, '-o', 'jsonpath={range .items[*]}{@}{"\\n"}{end}']],
    ['what the API answers', ['get', '--raw', '/api/v1/events']],
    ['what the API of events.k8s.io answers', ['get', '--raw', '/apis/events.k8s.io/v1/events']],
    ['what the API answers as a table', ['get', '--raw', '/api/v1/events?includeObject=Object']],
    ['a watch', [...whole, '-o', 'json', '--watch', '--request-timeout', '3s']],
    [
      'a watch with its kinds',
      [...whole, '-o', 'json', '--watch', '--output-watch-events', '--request-timeout', '3s'],
    ],
  ])('kubectl gives as %s are the same signals', async (_name, args) => {
    const text = await controlPlane.kubectl(args);
    expect(await fingerprintsOf(text)).toEqual(await fingerprintsOf(events));
  });

  it.each<[string, string[], RegExp]>([
    ['a table', whole, /kubectl/],
    ['a wide table', [...whole, '-o', 'wide'], /kubectl/],
    ['columns of its own', [...whole, '-o', 'custom-columns=NAME:.metadata.name,WHY:.reason'], /table|JSON/],
    ['names', [...whole, '-o', 'name'], /kubectl get events -o json/],
  ])('kubectl gives as %s are refused with what helps', async (_name, args, hint) => {
    const { exitCode, stdout } = await normalize(await controlPlane.kubectl(args));
    expect(exitCode).toBe(2);
    const { items } = JSON.parse(stdout) as { items: { reason: { message: string; hint?: string } }[] };
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).toMatch(hint);
  });

  const normalize = (input: string): Promise<ProgramResult> =>
    runProgram(['signal', 'normalize', '-', '--target', 'cluster', '-o', 'json'], {
      env: { KUBECONFIG: controlPlane.kubeconfig, HOME: home },
      input,
    });

  /** Of warnings, each once: the cluster goes on warning of the same. */
  async function fingerprintsOf(text: string): Promise<string[]> {
    const { exitCode, stdout, stderr } = await normalize(text);
    expect(exitCode, stderr).toBe(0);
    const { items } = JSON.parse(stdout) as { items: { signal?: { fingerprint: string } }[] };
    return [
      ...new Set(items.flatMap(({ signal }) => (signal === undefined ? [] : [signal.fingerprint]))),
    ].sort();
  }
});

function sumOfCounts(requests: readonly StoredRequest[]): number {
  return requests.reduce((sum, request) => sum + (request.status?.deduplication?.occurrenceCount ?? 0), 0);
}
