import type { CreatedRequest } from '../request/creation-result.ts';
import type { DeduplicationDecision } from '../request/deduplication-decision.ts';
import type {
  OccurrenceResult,
  RecordedOccurrence,
  UnrecordedOccurrence,
} from '../request/occurrence-result.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { DecisionFacts, DeduplicationFacts, IngestItem } from './ingest-item.ts';
import { isCreationError } from './failure.ts';
import type { ReadySignal } from './ready-signal.ts';
import { describeReady } from './ready-signal.ts';

type Failure = Required<Pick<IngestItem, 'error' | 'reason'>>;

/**
 * The results of a group as they come in, in the order of its signals. Requests are attributed to the first signal
 * that is settled after them, a late one to the last; those that share its write show none.
 */
export class GroupResults {
  readonly #signals: ReadySignal[];
  readonly #settled: (IngestItem | undefined)[];
  #requests = 0;
  /** Of the group as a whole, such as a lock that could not be released; shown with its last signal. */
  readonly #groupNotices: Notice[] = [];
  /** Of the next signal, as the last look before its creation found them. */
  #nextNotices: Notice[] = [];

  constructor(signals: ReadySignal[]) {
    this.#signals = signals;
    this.#settled = signals.map(() => undefined);
  }

  noteRequest(): void {
    this.#requests += 1;
  }

  get settledCount(): number {
    return this.#settled.length - this.remaining;
  }

  get remaining(): number {
    return this.#settled.filter((item) => item === undefined).length;
  }

  next(): ReadySignal {
    const ready = this.#signals[this.#settled.indexOf(undefined)];
    if (ready === undefined) throw new RangeError('every signal of the group is settled');
    return ready;
  }

  items(): IngestItem[] {
    const items = this.#settled.filter((item) => item !== undefined);
    const last = items.at(-1);
    if (last === undefined) return items;
    last.apiRequests = (last.apiRequests ?? 0) + this.#takeRequests();
    const warnings = [...(last.warnings ?? []), ...this.#groupNotices.splice(0)];
    if (warnings.length > 0) last.warnings = warnings;
    return items;
  }

  refuse(check: (ready: ReadySignal) => Reason | undefined): void {
    for (const [index, ready] of this.#signals.entries()) {
      const reason = check(ready);
      if (reason === undefined) continue;
      this.#settled[index] = { ...describeReady(ready), outcome: 'rejected', reason, apiRequests: 0 };
    }
  }

  /** Shown with the next signal unless it turns out to be a duplicate; takes the place of an earlier look's. */
  noteForNext(notices: Notice[]): void {
    this.#nextNotices = notices;
  }

  rejectNext(reason: Reason): void {
    const apiRequests = this.#takeRequests();
    this.#settle({ ...describeReady(this.next()), outcome: 'rejected', reason, apiRequests });
  }

  created(created: CreatedRequest, recorded: OccurrenceResult): void {
    const ready = this.next();
    const { warning } = ready.item.originalPayload();
    const notices = [
      ...this.#nextNotices,
      ...(warning === undefined ? [] : [warning]),
      ...created.warnings.map((message) => ({ code: 'SERVER_WARNING', message })),
      ...noticesOf(recorded),
    ];
    this.#settle({
      ...describeReady(ready, notices),
      outcome: 'created',
      request: referenceTo(created.request),
      decision: { reason: 'none' },
      deduplication: deduplicationOf(recorded, 0),
      apiRequests: this.#takeRequests(),
      attempts: created.attempts,
    });
  }

  /** Everything that remains was counted in one write; each shows the count as if written alone. */
  duplicates(decision: DeduplicationDecision, result: RecordedOccurrence | UnrecordedOccurrence): void {
    const merged = this.remaining;
    for (let nth = 1; nth <= merged; nth += 1) {
      this.#settle({
        ...describeReady(this.next(), noticesOf(result)),
        outcome: 'duplicate',
        request: referenceTo(result.request),
        decision: factsOf(decision),
        deduplication: deduplicationOf(result, merged - nth),
        apiRequests: this.#takeRequests(),
      });
    }
  }

  would(
    outcome: 'wouldCreate' | 'wouldDuplicate' | 'wouldWait',
    facts: Partial<IngestItem>,
    notices: Notice[] = [],
  ): void {
    const ready = this.next();
    this.#settle({
      ...describeReady(ready, [...this.#nextNotices, ...notices]),
      outcome,
      ...facts,
      apiRequests: this.#takeRequests(),
    });
  }

  failNext(failure: Failure, notice?: Notice): void {
    const notices = [...this.#nextNotices, ...(notice === undefined ? [] : [notice])];
    this.#settle({
      ...describeReady(this.next(), notices),
      outcome: 'failed',
      ...failure,
      apiRequests: this.#takeRequests(),
      // Tries of the lock are no attempts to create.
      ...(isCreationError(failure.error) ? { attempts: failure.error.attempts } : {}),
    });
  }

  failAll(failure: Failure): void {
    while (this.remaining > 0) this.failNext(failure);
  }

  notRun(): void {
    while (this.remaining > 0) {
      this.#settle({
        ...describeReady(this.next()),
        outcome: 'notRun',
        apiRequests: this.#takeRequests(),
      });
    }
  }

  /** For what comes to light at any time, also before the first result. */
  warn(notice: Notice): void {
    this.#groupNotices.push(notice);
  }

  #settle(item: IngestItem): void {
    this.#settled[this.#settled.indexOf(undefined)] = item;
    this.#nextNotices = [];
  }

  #takeRequests(): number {
    const requests = this.#requests;
    this.#requests = 0;
    return requests;
  }
}

export function referenceTo({ namespace, name, uid }: RequestSummary): NonNullable<IngestItem['request']> {
  return { namespace, name, uid };
}

export function factsOf(decision: DeduplicationDecision): DecisionFacts {
  const { reason, request, phase, until } = decision;
  return {
    reason,
    ...(request === undefined ? {} : { request: { namespace: request.namespace, name: request.name } }),
    ...(phase === undefined || phase === '' ? {} : { phase }),
    ...(until === undefined ? {} : { until }),
  };
}

/** `later`: how many of the merged occurrences came after this one. */
function deduplicationOf(result: OccurrenceResult, later: number): DeduplicationFacts {
  if (result.kind === 'stale') return { persisted: false };
  const { occurrenceCount, firstSeenAt, lastSeenAt, persisted } = result;
  const shownCount =
    occurrenceCount === undefined || !persisted ? occurrenceCount : Math.max(1, occurrenceCount - later);
  return {
    ...(shownCount === undefined ? {} : { occurrenceCount: shownCount }),
    ...(firstSeenAt === undefined ? {} : { firstSeenAt }),
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    persisted,
  };
}

function noticesOf(result: OccurrenceResult): Notice[] {
  if (result.kind === 'recorded') return result.notice === undefined ? [] : [result.notice];
  if (result.kind === 'unrecorded') return [{ code: 'STATUS_NOT_PERSISTED', message: result.error.message }];
  const gone = `the request ${result.request.name} was gone before its count was written`;
  return [{ code: 'STATUS_NOT_PERSISTED', message: gone }];
}
