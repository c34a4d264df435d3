import { setImmediate } from 'node:timers/promises';
import { distributionOf } from '../retry/distribution.ts';
import type { Distribution } from '../retry/distribution.ts';
import type { NamedPolicy } from '../retry/policy-notation.ts';
import { replayTogether } from '../retry/replay.ts';
import { replayUnder } from './policy-under-outage.ts';
import type { OutageFromTheStart } from './policy-under-outage.ts';

/** What a policy makes of an outage in many runs, each with other jitter. */
export type Survival = Omit<Distribution, 'histogram'>;

/** Runs that go over one clock at once. */
const runsAtOnce = 1_000;

/** @throws the signal's reason, once it has aborted. */
export async function survivalOf(
  choice: NamedPolicy,
  outage: OutageFromTheStart,
  { runs, seed, signal }: { runs: number; seed: number; signal?: AbortSignal | undefined },
): Promise<Survival> {
  await letGo(signal);
  const sides: Awaited<ReturnType<typeof replayTogether>> = [];
  for (let from = 0; from < runs; from += runsAtOnce) {
    const made = await replayTogether(
      Array.from({ length: Math.min(runsAtOnce, runs - from) }, (_, run) =>
        replayUnder(choice, outage, { seed: seed + from + run }),
      ),
      { signal },
    );
    sides.push(...made);
    await letGo(signal);
  }
  const {
    runs: made,
    successShare,
    totalSeconds,
    requests,
  } = distributionOf(
    sides.map(({ totalSeconds: spent, attempts, result }) => ({
      totalSeconds: spent,
      requests: attempts.length,
      ok: result === 'ok',
    })),
  );
  return { runs: made, successShare, totalSeconds, requests };
}

/** The fewest attempts with which a policy survives an outage for certain. */
export interface SmallestSurvivor {
  attempts: number;
  /** Until the attempt that succeeds, with the shortest waits that jitter allows. */
  totalSeconds: number;
}

/** The most attempts that are tried to find one. */
const mostAttemptsTried = 10_000;

/**
 * Run once with the shortest waits that jitter allows: whoever survives so survives always, since the outage has
 * one end. Undefined where no number of attempts helps (the failure is not retried, or waits are too short).
 */
export async function smallestSurvivor(
  { name, policy }: NamedPolicy,
  outage: OutageFromTheStart,
  signal?: AbortSignal,
): Promise<SmallestSurvivor | undefined> {
  const patient = { name, policy: { ...policy, maxAttempts: mostAttemptsTried } };
  const [side] = await replayTogether(
    [replayUnder(patient, outage, { seed: 0, random: { next: () => 0, uuid: () => '' } })],
    { signal },
  );
  await letGo(signal);
  if (side?.result !== 'ok') return undefined;
  return { attempts: side.tries, totalSeconds: side.totalSeconds };
}

/** Lets a signal of the process come through, and heeds it. */
async function letGo(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return;
  await setImmediate();
  signal.throwIfAborted();
}
