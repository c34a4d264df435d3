import { nominalDelay } from './backoff.ts';
import type { Failure, FailureType } from './failure.ts';
import { classifiedBy } from './recorded-failure.ts';
import type { FailureFacts } from './recorded-failure.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { seconds } from './trace-format.ts';

/** Why a wait is as long as it is: the policy's, the server's, or cut to the policy's bounds. */
export type WaitReason = 'planned' | 'retryAfter' | 'clamped';

/** One request of one side. Times are seconds from the beginning of the operation. */
export interface SideAttempt {
  attempt: number;
  request?: string;
  /** Absent where a record does not say. */
  atSeconds?: number;
  outcome: 'ok' | 'error';
  error?: { type: FailureType; status?: number; reason?: string; errno?: string; message: string };
  retryable?: boolean;
  /** What the class was told by: `status`, `reason`, `errno`, `type` (as it was recorded) or `text`. */
  classifiedBy?: ReturnType<typeof classifiedBy>;
  retryAfterSeconds?: number;
  waitSeconds?: number;
  waitReason?: WaitReason;
}

/** What an operation did: as it was recorded, or as it was replayed. */
export interface ReplaySide {
  attempts: SideAttempt[];
  /** How often it was tried; one try may take several requests. */
  tries: number;
  /** Absent where a record does not say. */
  result?: 'ok' | 'error';
  /** The final error. */
  error?: { message: string };
  totalSeconds?: number;
  /** The observer's calls: 0-based numbers of the tries that were followed by another one. */
  observerCalls: number[];
  /** The wait for a lock ended because a request had appeared meanwhile. */
  endedBy?: 'requestFound';
}

/** Writes down one replay as it happens. */
export class SideRecorder {
  readonly side: ReplaySide & { totalSeconds: number } = {
    attempts: [],
    tries: 0,
    totalSeconds: 0,
    observerCalls: [],
  };

  /** A request that began `atMs` after the operation did. */
  note(
    atMs: number,
    request: string | undefined,
    failed?: { facts: FailureFacts; failure: Failure; message: string },
  ): void {
    const { attempts } = this.side;
    attempts.push({
      attempt: attempts.length + 1,
      ...(request === undefined ? {} : { request }),
      atSeconds: seconds(atMs),
      ...(failed === undefined ? { outcome: 'ok' as const } : failedFields(failed)),
    });
  }

  /** The wait that follows the last request. */
  waits(
    waitMs: number,
    because: { policy: RetryPolicy; attempt: number; retryAfterMs?: number | undefined },
  ): void {
    const last = this.side.attempts.at(-1);
    if (last === undefined) return;
    last.waitSeconds = seconds(waitMs);
    last.waitReason = reasonOfWait(waitMs, because);
  }

  ends(atMs: number, failure?: { thrown: unknown }): void {
    const { side } = this;
    side.totalSeconds = seconds(atMs);
    side.result = failure === undefined ? 'ok' : 'error';
    if (failure === undefined) return;
    const { thrown } = failure;
    side.error = { message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** What a request that failed has beside its number and time. */
export function failedFields(failed: {
  facts: FailureFacts;
  failure: Failure;
  message: string;
}): Omit<SideAttempt, 'attempt'> {
  const { facts, failure, message } = failed;
  const { status, reason, errno } = facts;
  return {
    outcome: 'error',
    error: {
      type: failure.type,
      ...(status === undefined ? {} : { status }),
      ...(reason === undefined ? {} : { reason }),
      ...(errno === undefined ? {} : { errno }),
      message,
    },
    retryable: failure.retryable,
    classifiedBy: classifiedBy(facts),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterSeconds: seconds(failure.retryAfterMs) }),
  };
}

function reasonOfWait(
  waitMs: number,
  {
    policy,
    attempt,
    retryAfterMs,
  }: { policy: RetryPolicy; attempt: number; retryAfterMs?: number | undefined },
): WaitReason {
  if (retryAfterMs === waitMs && retryAfterMs > 0) return 'retryAfter';
  const unbounded = nominalDelay({ ...policy, maxMs: Number.POSITIVE_INFINITY }, attempt);
  if (unbounded > policy.maxMs) return 'clamped';
  const atBound = waitMs === policy.maxMs || waitMs === policy.initialMs;
  return atBound && policy.jitter > 0 && policy.spread !== 'above' ? 'clamped' : 'planned';
}
