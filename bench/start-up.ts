/** `remedyctl --version` against an empty Node. Flags: --rounds N (default 41). */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { program } from '../test/support/measured-program.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '41' } } });
  printConditions('start-up');
  const env = bareEnvironment();
  const node = (nodeArgs: string[]): Promise<number> =>
    secondsOf(() => {
      const { status } = spawnSync(process.execPath, nodeArgs, { env, stdio: 'ignore' });
      if (status !== 0) throw new Error(`node ${nodeArgs.join(' ')} exited with ${status}`);
    });
  // The first run fills the code cache.
  await node([program, '--version']);
  const { ours, theirs, ratio } = await paired(
    Number(values.rounds),
    () => node([program, '--version']),
    () => node(['-e', '0']),
  );
  const ms = (all: number[]): string => number(median(all) * 1000, 1);
  console.log(`remedyctl --version ${ms(ours)} ms, node -e 0 ${ms(theirs)} ms, ratio ${number(ratio)}`);
}
