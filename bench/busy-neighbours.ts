/**
 * Duplicates on a real API server beside processes that want all of the processor: whether the run keeps its shared
 * view, which is one request a duplicate. Flags: --neighbours N (default 2) --signals N (default 1200) --in-flight N
 * (default 32) --rounds N (default 2) --against DIRECTORY: a checkout of another commit, built, which takes turns.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { program as ownProgram } from '../test/support/measured-program.ts';
import { makeNamespace, withCluster } from './cluster.ts';
import { eventLines } from './event-lines.ts';
import { expectOutcome, ingest, requestSpread } from './ingest.ts';
import { bareEnvironment, number, printConditions } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      neighbours: { type: 'string', default: '2' },
      signals: { type: 'string', default: '1200' },
      'in-flight': { type: 'string', default: '32' },
      rounds: { type: 'string', default: '2' },
      against: { type: 'string' },
    },
  });
  const count = Number(values.signals);
  const others = values.against === undefined ? [] : [path.resolve(values.against, 'bin/remedyctl.cjs')];
  await withCluster(async (cluster, home) => {
    const env = bareEnvironment({ KUBECONFIG: cluster.kubeconfig, HOME: home });
    await makeNamespace(cluster, 'prod');
    await makeNamespace(cluster, 'ops');
    const flags = ['--target', 'cluster', '-n', 'ops', '--skip-scope-check', '--bulk'];
    flags.push('--concurrency', values['in-flight']);
    await ingest(flags, eventLines(count, ''), env);
    const neighbours: ChildProcess[] = Array.from({ length: Number(values.neighbours) }, () =>
      spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
    );
    try {
      printConditions(
        `${count} duplicates, ${values['in-flight']} in flight, ${neighbours.length} busy loops beside`,
      );
      for (let round = 0; round < Number(values.rounds); round += 1) {
        for (const program of [...others, ownProgram]) {
          const lines = eventLines(count, '');
          const { items, usage, outcomeSeconds } = await ingest([...flags, '-v'], lines, env, program);
          expectOutcome(items, 'duplicate');
          const broken = usage.stderr.split('\n').filter((line) => line.includes('one by one'));
          console.log(
            `${program === ownProgram ? 'ours' : 'theirs'}: requests ${requestSpread(items)}; ${number((count - 1) / outcomeSeconds, 0)} signals/s; the view broke ${broken.length} times`,
          );
          for (const line of new Set(broken)) console.log(`  ${line}`);
        }
      }
    } finally {
      for (const neighbour of neighbours) neighbour.kill();
    }
  });
}
