/**
 * `request list` and `lease list` against kubectl, and against a script that does the same request with nothing but
 * Node. Flags: --requests N (default 200) --leases N (default 5) --rounds N (default 15).
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { ControlPlane } from '../test/cluster/control-plane.ts';
import { programsFolder } from '../test/cluster/programs.mjs';
import { program } from '../test/support/measured-program.ts';
import { makeNamespace, withCluster } from './cluster.ts';
import { eventLines } from './event-lines.ts';
import { ingest } from './ingest.ts';
import { bareEnvironment, median, number, printConditions, secondsOf } from './measure.ts';

const namespace = 'ops';

interface Compared {
  name: string;
  ours: string[];
  kubectl: string[];
  path: string;
  /** Lines that every one of them prints at least. */
  lines: number;
}

/** Leases that a gateway's locks look like, held by somebody else. */
async function makeLeases(cluster: ControlPlane, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `gw-lock-${index.toString(16).padStart(16, '0')}`, namespace },
    spec: {
      holderIdentity: 'gateway-0',
      leaseDurationSeconds: 30,
      renewTime: new Date().toISOString().replace('Z', '000Z'),
    },
  }));
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '200' },
      leases: { type: 'string', default: '5' },
      rounds: { type: 'string', default: '15' },
    },
  });
  const [requests, leases] = [Number(values.requests), Number(values.leases)];
  await withCluster(async (cluster, home) => {
    const env = bareEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: home });
    await makeNamespace(cluster, 'prod');
    await makeNamespace(cluster, namespace);
    const flags = ['--target', 'cluster', '-n', namespace];
    const bulk = ['--skip-scope-check', '--bulk', '--concurrency', '32'];
    await ingest([...flags, ...bulk], eventLines(requests, ''), env);
    await makeLeases(cluster, leases);
    const bare = path.join(import.meta.dirname, 'bare-list.cjs');
    const kubectl = path.join(programsFolder(), 'kubectl');
    const bareArgs = [bare, cluster.server, cluster.certificateAuthorityFile, cluster.tokens.admin];
    const all: Compared[] = [
      {
        name: `request list, ${requests} requests`,
        ours: ['request', 'list', ...flags],
        kubectl: ['get', 'rr', '-n', namespace],
        path: `/apis/kubernaut.ai/v1alpha1/namespaces/${namespace}/remediationrequests?limit=500`,
        lines: requests,
      },
      {
        name: `lease list, ${leases} leases`,
        ours: ['lease', 'list', '--target', 'cluster', '--lease-namespace', namespace],
        kubectl: ['get', 'leases', '-n', namespace],
        path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases?limit=500`,
        lines: leases,
      },
    ];
    for (const compared of all) {
      const time = (file: string, fileArgs: string[]): Promise<number> =>
        secondsOf(() => {
          const { status, stdout } = spawnSync(file, fileArgs, { env, maxBuffer: 1e9 });
          const lines = stdout.toString('utf8').trimEnd().split('\n').length;
          if (status !== 0 || lines < compared.lines) {
            throw new Error(`${file} ${fileArgs.join(' ')}: exit ${status}, ${lines} lines`);
          }
        });
      const sides = {
        remedyctl: () => time(process.execPath, [program, ...compared.ours]),
        kubectl: () => time(kubectl, compared.kubectl),
        'bare Node': () => time(process.execPath, [...bareArgs, compared.path]),
        'node -e 0': () => secondsOf(() => spawnSync(process.execPath, ['-e', '0'], { env })),
      };
      // The first runs fill the caches of all.
      for (const side of Object.values(sides)) await side();
      printConditions(compared.name);
      const rounds: Record<keyof typeof sides, number>[] = [];
      for (let round = 0; round < Number(values.rounds); round += 1) {
        rounds.push({
          remedyctl: await sides.remedyctl(),
          kubectl: await sides.kubectl(),
          'bare Node': await sides['bare Node'](),
          'node -e 0': await sides['node -e 0'](),
        });
      }
      const ms = (side: keyof typeof sides): string =>
        number(median(rounds.map((one) => one[side])) * 1000, 0);
      const ratio = (side: keyof typeof sides): string =>
        number(median(rounds.map((one) => one.remedyctl / one[side])));
      console.log(
        `remedyctl ${ms('remedyctl')} ms; kubectl ${ms('kubectl')} ms, ratio ${ratio('kubectl')}; ` +
          `bare Node ${ms('bare Node')} ms, ratio ${ratio('bare Node')}; node -e 0 ${ms('node -e 0')} ms`,
      );
    }
  });
}
