/**
 * `retry replay` of a day of recorded traffic against a script that only parses its lines. Flags:
 * --operations N (default 200000) --rounds N (default 5).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { program } from '../test/support/measured-program.ts';
import { recordedDay } from '../test/support/recorded-day.ts';
import { bareEnvironment, median, number, paired, printConditions, secondsOf } from './measure.ts';

const parseLines = `const lines = require('node:readline').createInterface({ input: require('node:fs').createReadStream(process.argv[1]) });
lines.on('line', (line) => JSON.parse(line));`;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { operations: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '5' } },
  });
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  try {
    const day = path.join(home, 'day.ndjson');
    writeFileSync(day, recordedDay(Number(values.operations)));
    const env = bareEnvironment({ HOME: home });
    const node = (nodeArgs: string[]): Promise<number> =>
      secondsOf(() => {
        const { status } = spawnSync(process.execPath, nodeArgs, { env, stdio: 'ignore' });
        if (status !== 0) throw new Error(`node ${nodeArgs.join(' ')} exited with ${status}`);
      });
    const replay = [program, 'retry', 'replay', day, '-o', 'jsonl', '--show', 'differing'];
    printConditions(`retry replay of ${values.operations} operations`);
    const { ours, theirs, ratio } = await paired(
      Number(values.rounds),
      () => node(replay),
      () => node(['-e', parseLines, day]),
    );
    const shown = [ours, theirs].map((all) => number(median(all)));
    console.log(`retry replay ${shown[0]} s, its lines parsed ${shown[1]} s, ratio ${number(ratio)}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
