import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource, namespaceResource } from '../../../src/kube/well-known-resources.ts';
import type { Lease } from '../../../src/lease/lease-object.ts';
import { expiryOf } from '../../../src/lease/lease-object.ts';
import { describeMutualExclusion } from '../../embedded/lease-run/mutual-exclusion.ts';
import { linesOf, lockName, startLeaseRun, until } from '../../embedded/lease-run/lease-process.ts';
import { openAsAdmin } from '../admin.ts';
import { startTcpProxy } from './tcp-proxy.ts';

const cluster = inject('cluster');
const namespace = 'lease-run';

describe('lease run on a real cluster', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-lease-run-'));
  const api = openAsAdmin(cluster);
  const objects = new ObjectAccess(api.send);
  let namespaces = 0;

  const makeNamespace = async (): Promise<string> => {
    namespaces += 1;
    const name = `${namespace}-${namespaces}`;
    await objects.create(namespaceResource, { metadata: { name } });
    return name;
  };
  const flagsFor = (name: string): string[] => ['--target', 'cluster', '-n', name];

  afterAll(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe('commands under one lock', () => {
    describeMutualExclusion(async () => ({
      env: { HOME: folder, KUBECONFIG: cluster.kubeconfig },
      flags: flagsFor(await makeNamespace()),
    }));
  });

  // at once: each waits most of the time, behind a proxy of its own
  describe.concurrent('an API server that goes away', () => {
    const { server, kubeconfig: admin } = cluster;
    const { hostname, port } = new URL(server);
    const proxies: Awaited<ReturnType<typeof startTcpProxy>>[] = [];
    afterAll(() => Promise.all(proxies.map((proxy) => proxy.close())));

    const leaseIn = (name: string): Promise<Lease> =>
      objects.get<Lease>(leaseResource, { namespace: name, name: lockName });

    /** A command that writes down when it runs, and what becomes of it when the server is away for so long. */
    async function outlive(mode: 'refuse' | 'hold', awayMs: number, beforeMs: number) {
      const name = await makeNamespace();
      const file = path.join(folder, name);
      const kubeconfig = path.join(folder, `${name}.kubeconfig`);
      const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
      proxies.push(proxy);
      const config = readFileSync(admin, 'utf8');
      writeFileSync(kubeconfig, config.replaceAll(server, `https://127.0.0.1:${proxy.port}`));
      const running = startLeaseRun(
        { env: { HOME: folder, KUBECONFIG: kubeconfig, FILE: file }, flags: flagsFor(name) },
        ['sh', '-c', 'while date +%s%3N >> "$FILE"; do sleep 0.1; done'],
      );
      await until('it is inside', () => linesOf(file).length > 0);
      await pause(beforeMs);
      proxy.mode(mode);
      await pause(awayMs);
      const lease = await leaseIn(name);
      const expiryMs = (expiryOf(lease) ?? Number.NaN) / 1000;
      const runsStill = Date.now() - Number(linesOf(file).at(-1)) < 2000;
      proxy.mode('pass');
      return { name, file, running, expiryMs, runsStill };
    }

    it.each([
      ['refuse', 1000],
      ['hold', 1000],
      ['refuse', 10_000],
      ['hold', 10_000],
    ] as const)(
      '(%s) for %i ms right before a renewal: the lock is kept and the command runs on',
      async (mode, awayMs) => {
        const { name, file, running, runsStill } = await outlive(mode, awayMs, 9500);
        expect(runsStill).toBe(true);
        const before = await leaseIn(name);
        await pause(12_000);
        const after = await leaseIn(name);
        expect(after.spec?.holderIdentity).toBe(before.spec?.holderIdentity);
        expect(after.spec?.renewTime).not.toBe(before.spec?.renewTime);
        expect(Date.now() - Number(linesOf(file).at(-1))).toBeLessThan(2000);
        running.child.kill('SIGTERM');
        const { code, stderr } = await running.ended;
        expect(code, stderr).toBe(143);
        await expect(leaseIn(name)).rejects.toMatchObject({ httpStatus: 404 });
      },
    );

    it.each(['refuse', 'hold'] as const)(
      '(%s) for 40 s: the command is stopped before its lease expires, and told apart by the exit code',
      async (mode) => {
        const { file, running, expiryMs, runsStill } = await outlive(mode, 40_000, 500);
        expect(runsStill).toBe(false);
        const { code, stderr } = await running.ended;
        expect(code, stderr).toBe(5);
        expect(stderr).toContain('code: LOCK_LOST');
        const lastRanMs = Number(linesOf(file).at(-1));
        expect(lastRanMs).toBeLessThan(expiryMs);
        // It was given the time that there was.
        expect(lastRanMs).toBeGreaterThan(expiryMs - 10_000);
      },
    );
  });
});
