/**
 * The most memory that the whole process holds while a stream of NDJSON passes into an embedded store. Flags:
 * --megabytes N (default 1000) --line-bytes N (default 65536) --targets N (default 10000) --output FORMAT.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runMeasured } from '../test/support/measured-program.ts';
import { webhookLines } from '../test/support/webhook-lines.ts';
import { bareEnvironment, number, printConditions, secondsOf } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      megabytes: { type: 'string', default: '1000' },
      'line-bytes': { type: 'string', default: '65536' },
      targets: { type: 'string', default: '10000' },
      output: { type: 'string', default: 'jsonl' },
    },
  });
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  const [megabytes, lineBytes] = [Number(values.megabytes), Number(values['line-bytes'])];
  try {
    printConditions(
      `memory of ${megabytes} MB in lines of ${lineBytes} bytes, ${values.targets} fingerprints`,
    );
    const input = webhookLines({ bytes: megabytes * 1e6, lineBytes, targets: Number(values.targets) });
    const seconds = await secondsOf(async () => {
      const { exitCode, maxRssKib, cpuMs, stderr } = await runMeasured(
        ['signal', 'ingest', '-', '--target', 'embedded', '-o', values.output],
        { env: bareEnvironment({ HOME: home }), input },
      );
      if (exitCode !== 0) throw new Error(`ingest exited with ${exitCode}: ${stderr}`);
      console.log(`most memory ${number(maxRssKib / 1024, 1)} MiB, processor ${number(cpuMs / 1000, 1)} s`);
    });
    console.log(`${number(seconds, 1)} s`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
