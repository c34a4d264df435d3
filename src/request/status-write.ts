import { apiVersionOf } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { ApiError, isApiError, NetworkError } from '../kube/api-error.ts';
import { writerOf } from '../kube/field-writer.ts';
import { isIndefinite } from '../kube/indefinite-answer.ts';
import type { Answer } from '../kube/object-access.ts';
import { readRequest } from './find-requests.ts';
import type { OccurrenceResult, StaleOccurrence, UnrecordedOccurrence } from './occurrence-result.ts';
import type { RemediationRequest, RequestAccess } from './request-access.ts';
import { longestSummaryText, summarizeRequest } from './request-fields.ts';
import type { DeduplicationRecord, RequestSummary } from './request-summary.ts';

/** The whole of `status.deduplication`, or what changes in it. */
export interface DeduplicationWrite extends DeduplicationRecord {
  occurrenceCount: number;
  lastSeenAt: string;
}

/** One write of the count, as it stands at a resourceVersion. */
interface StatusWrite {
  request: RequestSummary;
  deduplication: DeduplicationWrite;
  /** `put` replaces the status, and is right only while it is empty; `patch` leaves every other field alone. */
  how: 'put' | 'patch';
  signal?: AbortSignal | undefined;
}

/**
 * Writes once. `stale` for a 409 or 404, and, under a name of our own, where nobody knows whether it was written; `unrecorded` for everything else
 * that is no success.
 */
export async function writeStatus(access: RequestAccess, write: StatusWrite): Promise<OccurrenceResult> {
  const { request, deduplication } = write;
  if (!access.kind.hasField('status.deduplication.occurrenceCount')) {
    return unrecorded(request, 'the served schema has no status.deduplication to hold it');
  }
  // An empty one would not be compared with anything.
  if (request.resourceVersion === '') {
    return unrecorded(request, 'the server gave the request no resourceVersion to guard the write with');
  }
  try {
    const { object } = await sendStatus(access, write);
    const stored = summarizeRequest(object);
    return recorded({ ...stored, deduplication: stored.deduplication ?? deduplication }, deduplication);
  } catch (thrown) {
    if (!(thrown instanceof RemedyError)) throw thrown;
    const { occurrenceCount, lastSeenAt } = deduplication;
    if (access.writer !== undefined && isInDoubt(thrown)) {
      const sent = { occurrenceCount, lastSeenAt, error: thrown };
      return { kind: 'stale', persisted: false, cause: 'unanswered', request, sent };
    }
    const stale = staleCause(thrown);
    if (stale !== undefined) return { kind: 'stale', persisted: false, cause: stale, request };
    return unrecorded(request, thrown.message, thrown);
  }
}

/** No answer, or one that may be about the write's own first sending. A 5xx is a failure, as to a gateway. */
function isInDoubt(thrown: RemedyError): boolean {
  if (thrown instanceof NetworkError) return isIndefinite(thrown);
  return isApiError(thrown, 'Conflict') && thrown.resent;
}

/**
 * The request as it is now; `recorded` where it shows that the write in doubt has arrived, `stale` where it, or this
 * incarnation of it, is gone.
 */
export async function readAgain(
  access: RequestAccess,
  { request, sent }: StaleOccurrence,
  signal: AbortSignal | undefined,
): Promise<{ kind: 'read'; current: RequestSummary } | OccurrenceResult> {
  let object: RemediationRequest | undefined;
  try {
    object = await readRequest(access, request.name, { signal });
  } catch (thrown) {
    return unread(request, thrown, sent?.error);
  }
  const current = object && summarizeRequest(object);
  if (object === undefined || current?.uid !== request.uid) {
    return { kind: 'stale', persisted: false, cause: 'gone', request };
  }
  const hasArrived = sent !== undefined && isWritten(access, object, sent.occurrenceCount);
  return hasArrived ? recorded(current, sent) : { kind: 'read', current };
}

/** @throws what is no RemedyError */
function unread(request: RequestSummary, thrown: unknown, inDoubt?: RemedyError): UnrecordedOccurrence {
  if (!(thrown instanceof RemedyError)) throw thrown;
  const why = inDoubt ?? thrown;
  return unrecorded(request, why.message, why);
}

/** Whether this count is the one that was sent: others may write the same number. */
function isWritten({ writer }: RequestAccess, object: RemediationRequest, occurrenceCount: number): boolean {
  const stored = summarizeRequest(object).deduplication?.occurrenceCount;
  return (
    writer !== undefined &&
    stored === occurrenceCount &&
    writerOf(object, ['status', 'deduplication', 'occurrenceCount']) === writer
  );
}

export function recorded(
  request: RequestSummary,
  deduplication: { occurrenceCount: number; lastSeenAt: string },
): OccurrenceResult {
  const firstSeenAt = request.deduplication?.firstSeenAt;
  return {
    kind: 'recorded',
    persisted: true,
    occurrenceCount: deduplication.occurrenceCount,
    ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
    lastSeenAt: deduplication.lastSeenAt,
    request,
  };
}

export function unrecorded(request: RequestSummary, why: string, cause?: unknown): UnrecordedOccurrence {
  return {
    kind: 'unrecorded',
    persisted: false,
    ...request.deduplication,
    request,
    error: new RemedyError(
      'STATUS_NOT_PERSISTED',
      `the occurrence count of ${request.namespace}/${request.name} was not written: ${why}`,
      {
        cause,
        hint:
          (cause instanceof RemedyError ? cause.hint : undefined) ??
          'The request itself stands; only its count and the time it was last seen lag behind.',
        details: cause instanceof RemedyError ? cause.details : undefined,
      },
    ),
  };
}

function sendStatus(access: RequestAccess, write: StatusWrite): Promise<Answer<RemediationRequest>> {
  const { objects, kind } = access;
  const { namespace, name, uid, resourceVersion } = write.request;
  const status = { deduplication: write.deduplication };
  const settings = {
    subresource: 'status',
    signal: write.signal,
    longestText: longestSummaryText,
    fieldManager: access.writer,
  } as const;
  if (write.how === 'patch') {
    const patch = { metadata: { resourceVersion }, status };
    return objects.mergePatch<RemediationRequest>(kind.resource, { namespace, name }, patch, settings);
  }
  const body = {
    apiVersion: apiVersionOf(kind.resource),
    kind: kind.resource.kind,
    metadata: { namespace, name, uid, resourceVersion },
    status,
  };
  return objects.replace<RemediationRequest>(kind.resource, body, settings);
}

/** Any other 409 or 404 (a namespace that is being deleted, say) is no reason to try again. */
function staleCause(thrown: unknown): 'conflict' | 'gone' | undefined {
  if (!(thrown instanceof ApiError)) return undefined;
  if (thrown.reason === 'Conflict') return 'conflict';
  return thrown.httpStatus === 404 ? 'gone' : undefined;
}
