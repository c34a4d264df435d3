import { policyOf } from './replay-plan.ts';
import type { ReplaySettings } from './replay-plan.ts';
import type { ReplaySide, SideAttempt } from '../retry/replay-side.ts';
import type { TraceOperation } from './trace-operation.ts';

/**
 * Why an operation failed: with an error that is not retried, with its attempts used up, because somebody else held
 * the lock, or because its caller or its time ended it.
 */
export type Ending = 'notRetried' | 'exhausted' | 'held' | 'stopped';

/** How an operation failed, and with what. */
export interface FailedEnd {
  ending: Ending;
  /** Such as `503 service_unavailable`; absent where nothing was asked. */
  failure?: string;
}

/** Undefined for one that did not fail. `side`: of the operation, as it went under the settings. */
export function whyEnded(
  operation: TraceOperation,
  side: ReplaySide,
  settings: ReplaySettings,
): FailedEnd | undefined {
  if (side.result !== 'error') return undefined;
  const last = side.attempts.at(-1);
  return {
    ending: endingOf(operation, side, policyOf(operation, settings)?.maxAttempts ?? 1),
    ...(last?.error === undefined ? {} : { failure: failureOf(last.error) }),
  };
}

function endingOf(
  { operation, policy }: TraceOperation,
  { attempts, tries }: ReplaySide,
  maxAttempts: number,
): Ending {
  const last = attempts.at(-1);
  if (operation === 'acquire_lock') return isContention(last) ? 'held' : 'notRetried';
  if (operation === 'update_status') return isContention(last) ? 'exhausted' : 'notRetried';
  if (policy === undefined || last?.retryable === false) return 'notRetried';
  // a try that sends nothing was refused by the circuit breaker, or cancelled while it waited
  return last !== undefined && tries >= maxAttempts ? 'exhausted' : 'stopped';
}

/** What the lock and the status write go on after. */
function isContention(last: SideAttempt | undefined): boolean {
  return last !== undefined && (last.outcome === 'ok' || last.error?.type === 'conflict');
}

function failureOf({ status, errno, type }: NonNullable<SideAttempt['error']>): string {
  const code = status ?? errno;
  return code === undefined ? type : `${code} ${type}`;
}
