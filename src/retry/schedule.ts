import { delayBounds } from './backoff.ts';
import type { RetryPolicy } from './retry-policy.ts';

interface Bounds {
  min: number;
  nominal: number;
  max: number;
}

/** What a policy yields when every attempt fails at once and no server asks for more. */
export interface Schedule {
  attempts: ScheduledAttempt[];
  /** All waits together. */
  totalSeconds: Bounds;
}

/** One attempt of a schedule; times in seconds. */
export interface ScheduledAttempt {
  /** From 1. */
  attempt: number;
  /** Since the first attempt began. */
  startsAtSeconds: Bounds;
  /** The wait after it; absent after the last one. */
  waitSeconds?: Bounds;
}

/** Every wait of a policy that has a last attempt. Bounds are those of `delayBounds`, added up. */
export function scheduleOf(policy: RetryPolicy): Schedule {
  const attempts: ScheduledAttempt[] = [];
  let at: Bounds = { min: 0, nominal: 0, max: 0 };
  for (let attempt = 1; attempt < policy.maxAttempts; attempt += 1) {
    const { minMs, nominalMs, maxMs } = delayBounds(policy, attempt);
    attempts.push({
      attempt,
      startsAtSeconds: inSeconds(at),
      waitSeconds: inSeconds({ min: minMs, nominal: nominalMs, max: maxMs }),
    });
    at = { min: at.min + minMs, nominal: at.nominal + nominalMs, max: at.max + maxMs };
  }
  attempts.push({ attempt: policy.maxAttempts, startsAtSeconds: inSeconds(at) });
  return { attempts, totalSeconds: inSeconds(at) };
}

/** To the nanosecond, in which waits are reckoned. */
function inSeconds({ min, nominal, max }: Bounds): Bounds {
  const round = (ms: number): number => Math.round(ms * 1e6) / 1e9;
  return { min: round(min), nominal: round(nominal), max: round(max) };
}
