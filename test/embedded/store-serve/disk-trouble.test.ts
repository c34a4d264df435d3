/** A disk of its own, in a mount namespace: small, so that it fills, or one that takes no writes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lease } from '../../contract/specimens.ts';
import { runProgram } from '../../support/built-program.ts';
import { readBody } from '../../support/read-body.ts';
import { startStoreServing } from '../../support/store-serving.ts';

const inNamespace = ['unshare', '--map-root-user', '--mount', 'sh', '-c'] as const;
const mayMount =
  spawnSync('unshare', [...inNamespace.slice(1), 'mount -t tmpfs none /tmp'], { stdio: 'ignore' }).status ===
  0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'serve-disk-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const configMaps = '/api/v1/namespaces/default/configmaps';
const json = { 'content-type': 'application/json' };

function configMap(name: string): string {
  const data = { text: 'x'.repeat(200_000) };
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

describe('store serve', () => {
  it.skipIf(!mayMount)(
    'says that its disk is full, keeps what it answered, and goes on when there is room',
    async () => {
      const store = path.join(folder, 'store');
      mkdirSync(store);
      const small =
        'mount -t tmpfs -o size=3m,mode=0700 none "$0" && head -c 500000 /dev/zero >"$0/filler" && exec "$@"';
      const serving = await startStoreServing({ store, within: [...inNamespace, small, store] });
      const http = serving.connect();
      const { send } = http;
      const kept: string[] = [];
      let refused: unknown;
      while (refused === undefined && kept.length < 50) {
        const name = `c${kept.length}`;
        const answer = await send({ method: 'POST', path: configMaps, headers: json, body: configMap(name) });
        const body = JSON.parse(await readBody(answer)) as unknown;
        if (answer.status === 201) kept.push(name);
        else refused = body;
      }
      expect(refused).toMatchObject({
        code: 500,
        reason: 'InternalError',
        message: expect.stringContaining('STORE_FULL') as string,
      });
      const names = async (): Promise<string[]> => {
        const listed = await send({ method: 'GET', path: configMaps });
        const { items } = JSON.parse(await readBody(listed)) as { items: { metadata: { name: string } }[] };
        return items.map(({ metadata }) => metadata.name);
      };
      expect(kept).not.toEqual([]);
      expect((await names()).sort()).toEqual(kept.toSorted());

      rmSync(`/proc/${serving.process.pid}/root${store}/filler`);
      const body = configMap('after');
      const after = await send({ method: 'POST', path: configMaps, headers: json, body });
      expect(after.status).toBe(201);
      await readBody(after);
      expect(await names()).toContain('after');
      expect(serving.stderr().match(/STORE_FULL/g)).toHaveLength(1);
      await http.close();
      serving.process.kill('SIGTERM');
      expect(await serving.ended).toBe(143);
      await serving.stop();
    },
  );

  it.skipIf(!mayMount)(
    'does not start on a disk that takes no writes, and leaves no kubeconfig',
    async () => {
      const made = await startStoreServing();
      const http = made.connect();
      const body = JSON.stringify(lease('kept'));
      const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
      expect((await http.send({ method: 'POST', path: leases, headers: json, body })).status).toBe(201);
      await http.close();
      made.process.kill('SIGTERM');
      await made.ended;
      const readOnly = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"';
      const start = startStoreServing({ store: made.store, within: [...inNamespace, readOnly, made.store] });
      await expect(start).rejects.toThrow(/STORE_READ_ONLY/);
      const again = await startStoreServing({ store: made.store });
      const reader = again.connect();
      expect((await reader.send({ method: 'GET', path: `${leases}/kept` })).status).toBe(200);
      await reader.close();
      await Promise.all([again.stop(), made.stop()]);
    },
  );

  it('is refused where writing is', async () => {
    const kubeconfig = path.join(folder, 'kubeconfig');
    const config = path.join(folder, 'config.yaml');
    writeFileSync(config, 'readOnly: true\n');
    const args = ['store', 'serve', '--store', path.join(folder, 'store'), '--write-kubeconfig', kubeconfig];
    const { exitCode, stdout } = await runProgram([...args, '--config', config, '-o', 'json'], {
      env: { HOME: folder },
    });
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exitCode: 6,
      error: { code: 'READ_ONLY_PROFILE' },
    });
    expect(existsSync(kubeconfig)).toBe(false);
  });
});
