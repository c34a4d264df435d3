/**
 * Lease creates through the client factory (ObjectAccess, and the classes of client-node) against bare undici.
 * Flags: --in-flight N (default 32) --leases N of a round (default 2000) --rounds N (default 5).
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { V1Lease } from '@kubernetes/client-node/dist/gen/index.js';
import { Pool } from 'undici';
import { connect, type KubeClient } from '../src/kube/client.ts';
import { leaseResource } from '../src/kube/well-known-resources.ts';
import { RealClock } from '../src/time/real-clock.ts';
import { SystemRandom } from '../src/time/system-random.ts';
import type { ControlPlane } from '../test/cluster/control-plane.ts';
import { makeNamespace, withCluster } from './cluster.ts';
import { median, number, paired, printConditions, secondsOf } from './measure.ts';

const namespace = 'leases';

type Create = (name: string) => Promise<unknown>;

function lease(name: string) {
  const spec = { holderIdentity: 'bench', leaseDurationSeconds: 30 };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec };
}

function open(cluster: ControlPlane): Promise<KubeClient> {
  return connect({
    target: 'cluster',
    namespace,
    kubeconfig: { path: cluster.kubeconfig },
    store: { directory: '' },
    version: '0.0.0',
    host: {
      env: {},
      homeDirectory: cluster.directory,
      clock: new RealClock(),
      stdinIsTerminal: () => false,
      readFile: (file) => readFile(file, 'utf8'),
      runPlugin: () => Promise.reject(new Error('no plugin is needed')),
    },
    random: new SystemRandom(),
  });
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      'in-flight': { type: 'string', default: '32' },
      leases: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '5' },
    },
  });
  const inFlight = Number(values['in-flight']);
  const count = Number(values.leases);
  await withCluster(async (cluster) => {
    await makeNamespace(cluster, namespace);
    const client = await open(cluster);
    const apis = await client.clientNodeApis();
    const pool = new Pool(cluster.server, {
      connections: inFlight,
      connect: { ca: readFileSync(cluster.certificateAuthorityFile) },
    });
    const bare: Create = async (name) => {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
        headers: {
          authorization: `Bearer ${cluster.tokens.admin}`,
          accept: 'application/json',
          'content-type': 'application/json',
        },
        body: JSON.stringify(lease(name)),
      });
      const text = await body.text();
      if (statusCode !== 201) throw new Error(text);
      return JSON.parse(text) as unknown;
    };
    const ways: Record<string, Create> = {
      ObjectAccess: (name) => client.objects.create(leaseResource, lease(name)),
      'CoordinationV1Api of client-node': (name) =>
        apis.coordination.createNamespacedLease({
          namespace,
          body: Object.assign(new V1Lease(), lease(name)),
        }),
    };
    const rate = async (create: Create, prefix: string): Promise<number> => {
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < count) await create(`${prefix}-${(next += 1)}`);
      };
      return count / (await secondsOf(() => Promise.all(Array.from({ length: inFlight }, work))));
    };
    // Connections, compiled code and the server's caches are warm before anything counts.
    await rate(bare, 'warm-undici');
    printConditions(`Lease creates/s at ${inFlight} in flight, ${count} a round`);
    for (const [nth, [way, create]] of Object.entries(ways).entries()) {
      await rate(create, `warm-${nth}`);
      const { ours, theirs, ratio } = await paired(
        Number(values.rounds),
        (round) => rate(create, `ours-${nth}-${round}`),
        (round) => rate(bare, `bare-${nth}-${round}`),
      );
      const shown = [ours, theirs].map((rates) => number(median(rates), 0));
      console.log(`${way} ${shown[0]}, undici ${shown[1]}, ratio ${number(ratio)}`);
    }
    await pool.destroy();
    await client.close();
  });
}
