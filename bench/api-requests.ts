/** API requests that a signal costs: alone, and in a run of many. Flags: --signals N of the run (default 200). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { webhookLines } from '../test/support/webhook-lines.ts';
import { expectOutcome, ingest, requestSpread } from './ingest.ts';
import { bareEnvironment, printConditions } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { signals: { type: 'string', default: '200' } } });
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  const env = bareEnvironment({ HOME: home });
  try {
    printConditions('API requests of a signal');
    for (const [name, count, flags] of [
      ['alone', 1, []],
      ['in a run of many', Number(values.signals), ['--bulk']],
    ] as const) {
      for (const outcome of ['created', 'duplicate'] as const) {
        const lines = webhookLines({ count, targets: count, prefix: `${count}-` });
        const { items } = await ingest(['--target', 'embedded', ...flags], lines, env);
        expectOutcome(items, outcome);
        console.log(`${outcome}, ${name}: ${requestSpread(items)}`);
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
