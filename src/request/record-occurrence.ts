/**
 * Writes how often a resource was reported into `status.deduplication`, beside an orchestrator that owns the rest
 * of the status and beside other writers of the same count. No failure of a write is thrown: the result says what is stored.
 *
 * Guarantees
 * - No count is lost or made up: every write carries the resourceVersion at which the count was read, and a
 *   conflict is a reason to read again, never to write the same again.
 * - No other field of the status is touched: the creator's PUT replaces a status that is empty at that
 *   resourceVersion, everything else is a merge patch of `deduplication` alone.
 * - What is reported as persisted was acknowledged by the server; a failed write reports what is stored.
 * Non-guarantees
 * - Beside a gateway that races the first write the count may be off by one.
 * - A write whose answer is lost counts as not persisted, although it may have been.
 */
import { startBackoff, takeDelay } from '../retry/backoff.ts';
import { statusUpdate, withoutLastAttempt } from '../retry/retry-policy.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { Notice } from '../signal/signal.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { OccurrenceResult } from './occurrence-result.ts';
import type { RequestAccess } from './request-access.ts';
import type { RequestSummary } from './request-summary.ts';
import { formatSeconds } from './rfc3339.ts';
import type { DeduplicationWrite } from './status-write.ts';
import { readAgain, recorded, unrecorded, writeStatus } from './status-write.ts';

const int32Maximum = 2_147_483_647;

/** How long conflicts are retried, and by which clock. */
interface ConflictPatience {
  clock: Clock;
  random: Random;
  /** No wait that would go beyond it is begun. */
  deadlineMonotonicMs: number;
  signal?: AbortSignal | undefined;
  /** Default: the gateway's waits, without its last attempt. */
  policy?: RetryPolicy | undefined;
  /** Called before each wait with how long it will be. */
  onWait?: ((waitMs: number) => void) | undefined;
}

interface Occurrences {
  /** How many duplicates this write adds up, at least 1. */
  occurrences: number;
  /** When they were seen, milliseconds since the epoch. */
  nowMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * The creator's write, right after the create: PUT /status with an otherwise empty status, count 1. After a
 * conflict it reads: a status with a count is done (a duplicate that came between has counted the creator in), one
 * without gets 1 by a patch, until the deadline.
 */
export async function recordFirstOccurrence(
  access: RequestAccess,
  created: RequestSummary,
  options: ConflictPatience & { nowMs: number },
): Promise<OccurrenceResult> {
  const { nowMs, signal } = options;
  const seenAt = formatSeconds(nowMs);
  const deduplication = { firstSeenAt: seenAt, lastSeenAt: seenAt, occurrenceCount: 1 };
  const put = await writeStatus(access, { request: created, deduplication, how: 'put', signal });
  return settleConflicts(put, options, async (request) => {
    const read = await readAgain(access, request, signal);
    if (read.kind !== 'read') return read;
    const { occurrenceCount, lastSeenAt = seenAt } = read.current.deduplication ?? {};
    if (occurrenceCount !== undefined) return recorded(read.current, { occurrenceCount, lastSeenAt });
    return writeStatus(access, { request: read.current, deduplication, how: 'patch', signal });
  });
}

/**
 * One duplicate, or several added up, in one PATCH at the resourceVersion of `request`. `stale` after a 409 or
 * 404: decide again. A request without a count gets 1 + occurrences, since its creator's own write is missing.
 */
export async function recordDuplicate(
  access: RequestAccess,
  request: RequestSummary,
  { occurrences, nowMs, signal }: Occurrences,
): Promise<OccurrenceResult> {
  const { deduplication, notice } = countedUp(request, occurrences, formatSeconds(nowMs));
  const result = await writeStatus(access, { request, deduplication, how: 'patch', signal });
  return notice === undefined || result.kind !== 'recorded' ? result : { ...result, notice };
}

/**
 * As `recordDuplicate`, and after a conflict it waits, reads by name, and writes again while `stillDuplicate` says
 * that the decision stands, until the deadline. `stale` when the request is gone, or `changed` when the decision
 * no longer stands.
 */
export async function recordDuplicateSettling(
  access: RequestAccess,
  request: RequestSummary,
  options: Occurrences & ConflictPatience & { stillDuplicate: (current: RequestSummary) => boolean },
): Promise<OccurrenceResult> {
  const first = await recordDuplicate(access, request, options);
  return settleConflicts(first, options, async (last) => {
    const read = await readAgain(access, last, options.signal);
    if (read.kind !== 'read') return read;
    const { current } = read;
    if (options.stillDuplicate(current)) return recordDuplicate(access, current, options);
    return { kind: 'stale', persisted: false, cause: 'changed', request: last, current };
  });
}

function countedUp(
  request: RequestSummary,
  occurrences: number,
  lastSeenAt: string,
): { deduplication: DeduplicationWrite; notice?: Notice } {
  const { occurrenceCount: known, firstSeenAt } = request.deduplication ?? {};
  const wanted = (known ?? 1) + occurrences;
  const occurrenceCount = Math.min(wanted, int32Maximum);
  const seeded =
    known === undefined ? { firstSeenAt: firstSeenAt ?? request.receivedTime ?? lastSeenAt } : {};
  const deduplication = { ...seeded, lastSeenAt, occurrenceCount };
  if (wanted <= int32Maximum) return { deduplication };
  const message = `the occurrence count of ${request.namespace}/${request.name} stays at its maximum, ${int32Maximum}`;
  return { deduplication, notice: { code: 'COUNT_AT_MAXIMUM', message } };
}

/** Waits as client-go does on conflicts (10, 50, 250 ms, then the last again) before every further try. */
async function settleConflicts(
  first: OccurrenceResult,
  patience: ConflictPatience,
  again: (request: RequestSummary) => Promise<OccurrenceResult>,
): Promise<OccurrenceResult> {
  const { clock, random, deadlineMonotonicMs, signal, onWait } = patience;
  const { policy = withoutLastAttempt(statusUpdate) } = patience;
  let result = first;
  let backoff = startBackoff(policy);
  while (result.kind === 'stale' && result.cause === 'conflict') {
    if (backoff.attempt >= policy.maxAttempts) {
      return unrecorded(
        result.request,
        `other writers changed the status at each of ${policy.maxAttempts} attempts`,
      );
    }
    const { delayMs, next } = takeDelay(backoff, random);
    backoff = next;
    if (clock.monotonicMs() + delayMs > deadlineMonotonicMs) {
      return unrecorded(result.request, 'other writers changed the status all the time that was left');
    }
    onWait?.(delayMs);
    try {
      await clock.sleep(delayMs, signal);
    } catch (thrown) {
      return unrecorded(result.request, 'stopped while waiting for other writers', thrown);
    }
    result = await again(result.request);
  }
  return result;
}
