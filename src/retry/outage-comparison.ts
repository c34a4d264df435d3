import { setImmediate } from 'node:timers/promises';
import { distributionOf } from './distribution.ts';
import type { Distribution } from './distribution.ts';
import { OutageServer } from './outage.ts';
import type { FailureFacts } from './recorded-failure.ts';
import { replayTogether } from './replay.ts';
import type { Replay } from './replay.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** An outage that begins with the first attempt. */
export interface OutageFromTheStart {
  readonly lengthMs: number;
  readonly failure: FailureFacts;
  readonly latencyMs: number;
}

/** What a policy makes of an outage in many runs, each with other jitter. */
export type Survival = Omit<Distribution, 'histogram'>;

/** Runs that go over one clock at once. */
const runsAtOnce = 1_000;

/** @throws the signal's reason, once it has aborted. */
export async function survivalOf(
  policy: RetryPolicy,
  outage: OutageFromTheStart,
  { runs, seed, signal }: { runs: number; seed: number; signal?: AbortSignal | undefined },
): Promise<Survival> {
  await letGo(signal);
  const sides: Awaited<ReturnType<typeof replayTogether>> = [];
  for (let from = 0; from < runs; from += runsAtOnce) {
    const made = await replayTogether(
      Array.from({ length: Math.min(runsAtOnce, runs - from) }, (_, run) =>
        replayUnder(policy, outage, { seed: seed + from + run }),
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
  policy: RetryPolicy,
  outage: OutageFromTheStart,
  signal?: AbortSignal,
): Promise<SmallestSurvivor | undefined> {
  const patient = { ...policy, maxAttempts: mostAttemptsTried };
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

function replayUnder(
  policy: RetryPolicy,
  { lengthMs, failure, latencyMs }: OutageFromTheStart,
  chance: Pick<Replay, 'seed' | 'random'>,
): Replay {
  const outages = lengthMs > 0 ? [{ fromMs: 0, toMs: lengthMs, failure }] : [];
  return { policy, server: new OutageServer({ outages, latencyMs }), startsAtMs: 0, ...chance };
}
