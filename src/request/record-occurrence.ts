/**
 * Writes how often a resource was reported into `status.deduplication`, beside an orchestrator that owns the rest
 * of the status and beside other writers of the same count. No failure of a write is thrown: the result says what is stored.
 *
 * Guarantees
 * - No count is lost: every write carries the resourceVersion at which the count was read, and a conflict is a reason
 *   to read again, never to write the same again.
 * - No other field of the status is touched: the creator's PUT replaces a status that the answer to the create showed
 *   empty at that resourceVersion, everything else is a merge patch of `deduplication` alone. A request that was
 *   adopted may have been worked on before it was found, and is never PUT.
 * - What is reported as persisted was acknowledged by the server, or is part of a count that was read from it; a
 *   failed write reports what is stored.
 * Non-guarantees
 * - Beside a gateway that races the first write the count may be off by one: it counts from 1 what others count from
 *   2, and once somebody has counted on that, nothing tells the one from the other.
 * - A write whose answer is lost is looked up, and told from others' by the name that it was written under. Where
 *   somebody has counted on it before that look, or the server keeps no managedFields, it is counted once more. Where
 *   the look fails, too, it counts as not persisted, although it may have been.
 * - Behind a proxy that sends a PUT twice by itself the creation may be counted twice.
 */
import { startBackoff, takeDelay } from '../retry/backoff.ts';
import { statusUpdate, withoutLastAttempt } from '../retry/retry-policy.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { Notice } from '../errors/reason.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { CreatedRequest } from './creation-result.ts';
import type { OccurrenceResult, StaleOccurrence, UnrecordedOccurrence } from './occurrence-result.ts';
import type { RequestAccess } from './request-access.ts';
import type { DeduplicationRecord, RequestSummary } from './request-summary.ts';
import { formatUtcSeconds } from '../time/rfc3339.ts';
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
 * The creator's count, right after the create: PUT /status with an otherwise empty status, count 1. What was adopted,
 * or is read after a conflict, gets what its status says is missing, by a patch, until the deadline: 1 where there is
 * no count; nothing where it is 2 or more, since whoever of us finds none seeds 2, the creation included; one more
 * where it is 1, or has been when it was read before: a gateway's duplicate begins with 1 and leaves the creation out,
 * and nobody of us has written one yet.
 */
export async function recordFirstOccurrence(
  access: RequestAccess,
  created: Pick<CreatedRequest, 'request' | 'object' | 'adopted'>,
  options: ConflictPatience & { nowMs: number },
): Promise<OccurrenceResult> {
  const { signal } = options;
  const seenAt = formatUtcSeconds(options.nowMs);
  let isLeftOut = false;
  const countIn = async (request: RequestSummary): Promise<OccurrenceResult> => {
    const { occurrenceCount, lastSeenAt = seenAt } = storedCount(request);
    isLeftOut ||= occurrenceCount !== undefined && occurrenceCount <= 1;
    if (occurrenceCount !== undefined && !isLeftOut)
      return recorded(request, { occurrenceCount, lastSeenAt });
    const deduplication = withCreation(request, seenAt);
    return writeStatus(access, { request, deduplication, how: 'patch', signal });
  };
  const { request, object, adopted } = created;
  const isUntouched = !adopted && isEmpty(object.status);
  const deduplication = { firstSeenAt: seenAt, lastSeenAt: seenAt, occurrenceCount: 1 };
  const first = isUntouched
    ? await writeStatus(access, { request, deduplication, how: 'put', signal })
    : await countIn(request);
  return settleConflicts(first, options, async (last) => {
    const read = await readAgain(access, last, signal);
    return read.kind === 'read' ? countIn(read.current) : read;
  });
}

/** One more than is stored; times that are there stay, unless this one is later. */
function withCreation(request: RequestSummary, seenAt: string): DeduplicationWrite {
  const { occurrenceCount = 0, firstSeenAt, lastSeenAt = seenAt } = storedCount(request);
  return {
    ...(firstSeenAt === undefined ? { firstSeenAt: seenAt } : {}),
    lastSeenAt: Date.parse(lastSeenAt) > Date.parse(seenAt) ? lastSeenAt : seenAt,
    occurrenceCount: Math.min(occurrenceCount + 1, int32Maximum),
  };
}

/** What the status says; the count that a spec is created with says nothing of what has been counted since. */
function storedCount({ deduplication, deduplicationIn }: RequestSummary): DeduplicationRecord {
  return deduplicationIn === 'spec' ? {} : (deduplication ?? {});
}

function isEmpty(status: Record<string, unknown> | undefined): boolean {
  return status === undefined || Object.keys(status).length === 0;
}

/**
 * One duplicate, or several added up, in one PATCH at the resourceVersion of `request`. `stale` after a 409, a 404 or no
 * answer: decide again. A request without a count gets 1 + occurrences, since its creator's own write is missing.
 */
export async function recordDuplicate(
  access: RequestAccess,
  request: RequestSummary,
  { occurrences, nowMs, signal }: Occurrences,
): Promise<OccurrenceResult> {
  const { deduplication, notice } = countedUp(request, occurrences, formatUtcSeconds(nowMs));
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
    return { kind: 'stale', persisted: false, cause: 'changed', request: last.request, current };
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
  const isFirst = storedCount(request).occurrenceCount === undefined;
  const seeded = isFirst ? { firstSeenAt: firstSeenAt ?? request.receivedTime ?? lastSeenAt } : {};
  const deduplication = { ...seeded, lastSeenAt, occurrenceCount };
  if (wanted <= int32Maximum) return { deduplication };
  const message = `the occurrence count of ${request.namespace}/${request.name} stays at its maximum, ${int32Maximum}`;
  return { deduplication, notice: { code: 'COUNT_AT_MAXIMUM', message } };
}

/** Waits as client-go does on conflicts (10, 50, 250 ms, then the last again) before every further try. */
async function settleConflicts(
  first: OccurrenceResult,
  patience: ConflictPatience,
  again: (last: StaleOccurrence) => Promise<OccurrenceResult>,
): Promise<OccurrenceResult> {
  const { clock, random, deadlineMonotonicMs, signal, onWait } = patience;
  const { policy = withoutLastAttempt(statusUpdate) } = patience;
  let result = first;
  let backoff = startBackoff(policy);
  while (result.kind === 'stale' && (result.cause === 'conflict' || result.cause === 'unanswered')) {
    if (backoff.attempt >= policy.maxAttempts) {
      return unsettled(result, `other writers changed the status at each of ${policy.maxAttempts} attempts`);
    }
    const { delayMs, next } = takeDelay(backoff, random);
    backoff = next;
    if (clock.monotonicMs() + delayMs > deadlineMonotonicMs) {
      return unsettled(result, 'other writers changed the status all the time that was left');
    }
    onWait?.(delayMs);
    try {
      await clock.sleep(delayMs, signal);
    } catch (thrown) {
      if (result.sent !== undefined) return unsettled(result, '');
      return unrecorded(result.request, 'stopped while waiting for other writers', thrown);
    }
    result = await again(result);
  }
  return result;
}

/** Patience has ended: a write in doubt stays what it came to. */
function unsettled({ request, sent }: StaleOccurrence, otherwise: string): UnrecordedOccurrence {
  return sent === undefined
    ? unrecorded(request, otherwise)
    : unrecorded(request, sent.error.message, sent.error);
}
