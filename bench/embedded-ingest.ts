/**
 * Ingest into the embedded store: new signals, then the same again. Flags: --signals N (default 10000);
 * --against DIRECTORY: a checkout of another commit, built, which takes turns with this one; --rounds N (default 3).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { program as ownProgram } from '../test/support/measured-program.ts';
import { webhookLines } from '../test/support/webhook-lines.ts';
import { expectOutcome, ingest } from './ingest.ts';
import { bareEnvironment, median, number, printConditions, secondsOf } from './measure.ts';

const outcomes = ['created', 'duplicate'] as const;

interface Taken {
  seconds: number;
  cpuSeconds: number;
}

type Round = Record<(typeof outcomes)[number], Taken>;

/** A new store each time: what it holds is part of what a signal costs. */
async function ingestBoth(program: string, count: number): Promise<Round> {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  try {
    const round: Partial<Round> = {};
    for (const outcome of outcomes) {
      const lines = webhookLines({ count, targets: count });
      let cpuSeconds = 0;
      const seconds = await secondsOf(async () => {
        const env = bareEnvironment({ HOME: home });
        const { items, usage } = await ingest(['--target', 'embedded'], lines, env, program);
        expectOutcome(items, outcome);
        cpuSeconds = usage.cpuMs / 1000;
        console.log(
          `${outcome}: ${number(cpuSeconds, 1)} s of processor, ${number(usage.maxRssKib / 1024, 0)} MiB`,
        );
      });
      console.log(`${outcome}: ${number(count / seconds, 0)} signals/s`);
      round[outcome] = { seconds, cpuSeconds };
    }
    return round as Round;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      signals: { type: 'string', default: '10000' },
      against: { type: 'string' },
      rounds: { type: 'string', default: '3' },
    },
  });
  const count = Number(values.signals);
  printConditions(`ingest into the embedded store, ${count} signals each`);
  if (values.against === undefined) {
    await ingestBoth(ownProgram, count);
    return;
  }
  const other = path.resolve(values.against, 'bin/remedyctl.cjs');
  const rounds: { ours: Round; theirs: Round }[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    console.log('theirs');
    const theirs = await ingestBoth(other, count);
    console.log('ours');
    rounds.push({ theirs, ours: await ingestBoth(ownProgram, count) });
  }
  for (const outcome of outcomes) {
    const times = (of: (taken: Taken) => number): string =>
      number(median(rounds.map(({ ours, theirs }) => of(theirs[outcome]) / of(ours[outcome]))));
    console.log(
      `${outcome}: ${times((taken) => taken.seconds)} x as fast, 1/${times((taken) => taken.cpuSeconds)} of the processor`,
    );
  }
}
