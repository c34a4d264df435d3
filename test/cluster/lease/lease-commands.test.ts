import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { KubeList } from '../../../src/api/objects.ts';
import type { LockRecord } from '../../../src/lease/lock-record.ts';
import { runProgram } from '../../support/built-program.ts';
import { programsFolder } from '../programs.mjs';

const cluster = inject('cluster');
const namespace = 'lease-commands';
const fingerprint = 'd5'.repeat(32);
const name = 'gw-lock-d5d5d5d5d5d5d5d5';

interface Shown extends LockRecord {
  token: string;
  event: { name: string };
  items: { finding: string; lock: LockRecord; fixed?: boolean }[];
}

describe('lease commands on a cluster', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-lease-'));
  const env = { KUBECONFIG: cluster.kubeconfig, HOME: home };

  const kubectl = (args: readonly string[], input = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(path.join(programsFolder(), 'kubectl'), args, { env }, (error, stdout) => {
        if (error) reject(new Error(error.message));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });
  const lease = async (...argv: string[]): Promise<{ exitCode: number; stderr: string; shown: Shown }> => {
    const words = ['lease', ...argv, '-n', namespace, '--target', 'cluster', '-o', 'json'];
    const { exitCode, stdout, stderr } = await runProgram(words, { env });
    return { exitCode, stderr, shown: JSON.parse(stdout) as Shown };
  };

  beforeAll(() => kubectl(['create', 'namespace', namespace]));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it('acquire, get, refuse and release by force with an Event that the API server keeps', async () => {
    const acquired = await lease('acquire', fingerprint, '--ttl', '2m');
    expect(acquired).toMatchObject({ exitCode: 0, shown: { name, acquired: true } });
    expect(acquired.shown.token).toBe(acquired.shown.resourceVersion);
    const got = await lease('get', 'd5d5d5d5d5');
    expect(got.shown).toMatchObject({ state: 'held', holder: acquired.shown.holder });
    expect(got.shown.clockSkewErrorSeconds).toBeGreaterThan(0);
    expect((await lease('release', fingerprint)).exitCode).toBe(5);
    const forced = await lease('release', fingerprint, '--force', '--reason', 'a drill', '--yes');
    expect(forced).toMatchObject({ exitCode: 0, shown: { outcome: 'released', forced: true } });
    const events = JSON.parse(await kubectl(['get', 'events', '-n', namespace, '-o', 'json'])) as KubeList;
    expect(events.items).toMatchObject([
      { metadata: { name: forced.shown.event.name }, reason: 'LeaseReleaseForced', involvedObject: { name } },
    ]);
    expect(String(events.items[0]!['message'])).toContain('a drill');
  });

  it('doctor finds a lock whose holder is gone, and releases it once that is proven', async () => {
    const spec = {
      holderIdentity: 'gateway-1',
      leaseDurationSeconds: 2,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
    };
    const dead = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
    await kubectl(['create', '-f', '-'], JSON.stringify(dead));
    const found = await lease('doctor');
    expect(found.exitCode).toBe(3);
    const here = found.shown.items.filter(({ lock }) => lock.namespace === namespace);
    expect(here.map(({ finding }) => finding)).toEqual(['orphaned']);
    const fixed = await lease('doctor', '--fix', '--yes');
    const items = fixed.shown.items.filter(({ lock }) => lock.namespace === namespace);
    expect(items).toMatchObject([{ finding: 'orphaned', fixed: true }]);
    expect((await lease('get', fingerprint)).exitCode).toBe(1);
  });
});
