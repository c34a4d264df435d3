/**
 * A run of one duplicate beside many open requests, which it lists first, on a real API server. Flags:
 * --requests N (default 10000) --rounds N (default 5) --against DIRECTORY: a checkout of another commit, built.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { program as ownProgram } from '../test/support/measured-program.ts';
import { makeNamespace, withCluster } from './cluster.ts';
import { eventLines } from './event-lines.ts';
import { expectOutcome, ingest } from './ingest.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';
import { ReferenceGateway } from './reference-gateway.ts';

const makersAtOnce = 32;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      requests: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '5' },
      against: { type: 'string' },
    },
  });
  const count = Number(values.requests);
  await withCluster(async (cluster, home) => {
    const env = bareEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: home });
    await makeNamespace(cluster, 'prod');
    await makeNamespace(cluster, 'ops');
    const gateway = new ReferenceGateway(cluster, 'ops', makersAtOnce);
    const targets = Array.from({ length: count }, (_, index) => `open-${index}`);
    await gateway.makeRequests(targets, makersAtOnce);
    await gateway.close();
    const flags = ['--target', 'cluster', '-n', 'ops', '--skip-scope-check', '--bulk'];
    const seconds = (program: string): Promise<number> =>
      secondsOf(async () => {
        const { items, usage } = await ingest(flags, eventLines(1, ''), env, program);
        expectOutcome(items, 'duplicate');
        const whose = program === ownProgram ? 'ours' : 'theirs';
        const mib = number(usage.maxRssKib / 1024, 0);
        console.log(`${whose}: ${number(usage.cpuMs / 1000)} s of processor, ${mib} MiB`);
      });
    await ingest(flags, eventLines(1, ''), env);
    printConditions(`a run of one duplicate beside ${count} open requests`);
    const other = path.resolve(values.against ?? '.', 'bin/remedyctl.cjs');
    const { ours, theirs, ratio } = await paired(
      Number(values.rounds),
      () => seconds(ownProgram),
      () => (values.against === undefined ? Promise.resolve(NaN) : seconds(other)),
    );
    console.log(`ours ${number(median(ours))} s, theirs ${number(median(theirs))} s, ratio ${number(ratio)}`);
  });
}
