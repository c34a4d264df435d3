/** `request list` against `kubectl get rr`. Flags: --requests N (default 200) --rounds N (default 15). */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { programsFolder } from '../test/cluster/programs.mjs';
import { program } from '../test/support/measured-program.ts';
import { makeNamespace, withCluster } from './cluster.ts';
import { eventLines } from './event-lines.ts';
import { ingest } from './ingest.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { requests: { type: 'string', default: '200' }, rounds: { type: 'string', default: '15' } },
  });
  const count = Number(values.requests);
  await withCluster(async (cluster, home) => {
    const env = bareEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: home });
    await makeNamespace(cluster, 'prod');
    await makeNamespace(cluster, 'ops');
    const flags = ['--target', 'cluster', '-n', 'ops', '--skip-scope-check', '--bulk', '--concurrency', '32'];
    await ingest(flags, eventLines(count, ''), env);
    const time = (file: string, fileArgs: string[]): Promise<number> =>
      secondsOf(() => {
        const { status, stdout } = spawnSync(file, fileArgs, { env, maxBuffer: 1e9 });
        const lines = stdout.toString('utf8').trimEnd().split('\n').length;
        if (status !== 0 || lines < count) throw new Error(`${file}: exit ${status}, ${lines} lines`);
      });
    const list = [program, 'request', 'list', '--target', 'cluster', '-n', 'ops'];
    const kubectl = path.join(programsFolder(), 'kubectl');
    // The first runs fill the caches of both.
    await time(process.execPath, list);
    await time(kubectl, ['get', 'rr', '-n', 'ops']);
    printConditions(`request list, ${count} requests`);
    const { ours, theirs, ratio } = await paired(
      Number(values.rounds),
      () => time(process.execPath, list),
      () => time(kubectl, ['get', 'rr', '-n', 'ops']),
    );
    const ms = (all: number[]): string => number(median(all) * 1000, 0);
    console.log(
      `remedyctl request list ${ms(ours)} ms, kubectl get rr ${ms(theirs)} ms, ratio ${number(ratio)}`,
    );
  });
}
