/** Ingest into the embedded store: new signals, then the same again. Flags: --signals N (default 10000). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { webhookLines } from '../test/support/webhook-lines.ts';
import { expectOutcome, ingest } from './ingest.ts';
import { bareEnvironment, number, printConditions, secondsOf } from './measure.ts';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { signals: { type: 'string', default: '10000' } } });
  const count = Number(values.signals);
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  try {
    printConditions(`ingest into the embedded store, ${count} signals each`);
    for (const outcome of ['created', 'duplicate'] as const) {
      const lines = webhookLines({ count, targets: count });
      const seconds = await secondsOf(async () => {
        const { items, usage } = await ingest(
          ['--target', 'embedded'],
          lines,
          bareEnvironment({ HOME: home }),
        );
        expectOutcome(items, outcome);
        console.log(
          `${outcome}: ${number(usage.cpuMs / 1000, 1)} s of processor, ${number(usage.maxRssKib / 1024, 0)} MiB`,
        );
      });
      console.log(`${outcome}: ${number(count / seconds, 0)} signals/s`);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
