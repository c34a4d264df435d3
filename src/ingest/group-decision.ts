/**
 * What becomes of the signals of one fingerprint that are decided together, in their order: the first may make a
 * request, the others are counted on it in one write.
 *
 * The way of a single signal (docs/gateway-semantics.md 10.2): a list from the server's cache as a hint; an active
 * request in it is counted on at once (2 requests), guarded by its resourceVersion. Otherwise the lock, a consistent
 * list, the create, the first count, the release (6). With a live shared view neither list is needed (1 and 4).
 *
 * Guarantees: a request is created only under the lock, after every request that a lock holder could have created has
 * been looked at, and while the lock is still ours by our own monotonic clock. Every answer to a write of our own is
 * in the index before the lock is released. A create without a definite answer leaves the lease to expire.
 * Non-guarantees: writers that do not take the lock; a process that is paused between its last look at the clock
 * and the server's receipt of the create.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { HeldLock } from '../lease/held-lock.ts';
import { foretellLock, type ForetoldLock } from '../lease/lock-forecast.ts';
import { withinDeadline } from '../lease/deadline.ts';
import { createRemediationRequest, settleUncertainCreate } from '../request/create-request.ts';
import type { CreatedRequest, SettledCreation, UncertainCreation } from '../request/creation-result.ts';
import type { DeduplicationDecision } from '../request/deduplication-decision.ts';
import { decideDeduplication } from '../request/deduplication-decision.ts';
import { RequestFinder } from '../request/find-requests.ts';
import type { OccurrenceResult } from '../request/occurrence-result.ts';
import { DeduplicationError } from '../request/operation-error.ts';
import { recordDuplicateSettling, recordFirstOccurrence } from '../request/record-occurrence.ts';
import type { RequestAccess } from '../request/request-access.ts';
import { checkRequestFields } from '../request/request-checks.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import type { RetryEvent } from '../retry/retry.ts';
import { formatDuration } from '../time/duration.ts';
import { creationPlan } from './creation-plan.ts';
import { doubtNotice, failureOf } from './failure.ts';
import { GroupLock } from './group-lock.ts';
import { GroupResults } from './group-results.ts';
import type { IngestItem } from './ingest-item.ts';
import { activeOnly, duplicateOnly } from './narrowed-decision.ts';
import { ObservedObjects } from './observed-objects.ts';
import type { OtherFingerprints } from './other-fingerprints.ts';
import type { DryRunFacts, Pass } from './pass.ts';
import type { ReadySignal } from './ready-signal.ts';
import type { RunContext } from './run-context.ts';
import type { SharedView } from './shared-view.ts';

/** How often a lock that was lost before anything was created is gone for again. */
const mostLosses = 3;
const settleLimitMs = 10_000;

export class GroupDecision {
  readonly #context: RunContext;
  readonly #fingerprint: string;
  readonly #view: SharedView | undefined;
  /** Fingerprints with a create that never got a definite answer; shared by the run. */
  readonly #doubtful: Set<string>;
  readonly #others: OtherFingerprints;
  readonly #results: GroupResults;
  readonly #access: RequestAccess;
  readonly #objects: ObservedObjects;
  readonly #lock: GroupLock;
  readonly #finder: RequestFinder;
  /** Newer than any list: a request of our own, or one that a failed write showed. */
  #latest: RequestSummary | undefined;
  #losses = 0;

  constructor(
    context: RunContext,
    group: { fingerprint: string; signals: ReadySignal[] },
    shared: { view: SharedView | undefined; doubtful: Set<string>; others: OtherFingerprints },
  ) {
    this.#context = context;
    this.#fingerprint = group.fingerprint;
    this.#view = shared.view;
    this.#doubtful = shared.doubtful;
    this.#others = shared.others;
    this.#results = new GroupResults(group.signals);
    const { send, trace, kind, namespace, breaker, writer } = context;
    const observer = {
      onRequest: (): void => {
        this.#results.noteRequest();
      },
      trace,
      subject: group.fingerprint,
    };
    this.#objects = new ObservedObjects(send, observer);
    this.#lock = new GroupLock(context, group.fingerprint, { view: shared.view, observer, send });
    this.#access = { objects: this.#objects, kind, namespace, breaker, writer };
    const { clock, random, creationPolicy: policy } = context;
    this.#finder = new RequestFinder(this.#access, {
      clock,
      random,
      policy,
      observer: (event) => {
        this.#noteRetry(event);
      },
    });
  }

  #noteRetry({ attempt, error, waitMs }: RetryEvent): void {
    this.#objects.noteWait(waitMs);
    const { creationPolicy, note, waits } = this.#context;
    const tell = waitMs < 1_000 ? note : (waits?.retry ?? note);
    const which = `attempt ${attempt + 1} of ${creationPolicy.maxAttempts}`;
    tell(`${which} failed: ${messageOf(error)}; again in ${formatDuration(Math.round(waitMs))}`);
  }

  get isDone(): boolean {
    return this.#results.remaining === 0;
  }

  get settledCount(): number {
    return this.#results.settledCount;
  }

  items(): IngestItem[] {
    return this.#results.items();
  }

  /** Refuses what the API server would refuse, before a request is spent on it. */
  refuseInvalid(): void {
    this.#results.refuse((ready) => {
      try {
        checkRequestFields(ready.item.signal);
        return undefined;
      } catch (thrown) {
        return failureOf(thrown).reason;
      }
    });
  }

  /** Settles at least one signal, or throws for the one that is next. */
  async pass(pass: Pass): Promise<void> {
    const known = await this.#withoutLock(pass);
    if (known !== undefined && (await this.#count(known, pass))) return;
    await this.#underLock(pass);
  }

  failNext(thrown: unknown): void {
    this.#results.failNext(failureOf(thrown));
  }

  /** What all of them waited for together did not come. */
  failAll(thrown: unknown): void {
    this.#results.failAll(failureOf(thrown));
  }

  notRun(): void {
    this.#results.notRun();
  }

  dryRun(): DryRunFacts {
    return {
      finder: this.#finder,
      access: this.#access,
      results: this.#results,
      view: this.#liveView(),
      mayCreate: (pass) => this.#mayCreate(pass),
      foretellLock: (pass) => this.#foretellLock(pass),
    };
  }

  #liveView(): SharedView | undefined {
    return this.#view?.isLive() === true ? this.#view : undefined;
  }

  #decide(candidates: readonly RequestSummary[]): DeduplicationDecision {
    return decideDeduplication(candidates, this.#context.decisionClock.now());
  }

  /** A decision to count at once, by the index or by the hint; undefined where the lock has to decide. */
  async #withoutLock(pass: Pass): Promise<DeduplicationDecision | undefined> {
    const view = this.#liveView();
    if (view !== undefined) return duplicateOnly(this.#decide(view.index.candidates(this.#fingerprint)));
    if (this.#latest !== undefined) return activeOnly(this.#decide([this.#latest]));
    return activeOnly(this.#decide(await this.#list('hint', pass)));
  }

  async #list(consistency: 'hint' | 'consistent', pass: Pass): Promise<RequestSummary[]> {
    const startedMs = this.#context.clock.monotonicMs();
    try {
      return await this.#objects.step('check_deduplication', () =>
        this.#finder.byFingerprint(this.#fingerprint, { consistency, signal: pass.requests }),
      );
    } catch (underlying) {
      throw new DeduplicationError({
        fingerprint: this.#fingerprint,
        namespace: this.#context.namespace,
        attempts: 1,
        durationMs: this.#context.clock.monotonicMs() - startedMs,
        underlying,
        dedupeStatus: 'unknown',
        ...(isForbidden(underlying) ? { code: 'FORBIDDEN' } : {}),
      });
    }
  }

  /** Counts every signal that remains on the request that was decided on; false when the decision no longer holds. */
  async #count(decision: DeduplicationDecision, pass: Pass): Promise<boolean> {
    const { request } = decision;
    if (request === undefined) return false;
    const { clock, random, decisionClock } = this.#context;
    const occurrences = this.#results.remaining;
    const result = await this.#objects.step(
      'update_status',
      () =>
        recordDuplicateSettling(this.#access, request, {
          occurrences,
          nowMs: decisionClock.now(),
          clock,
          random,
          deadlineMonotonicMs: pass.deadlineMonotonicMs,
          signal: pass.requests,
          onWait: (waitMs) => {
            this.#objects.noteWait(waitMs);
          },
          stillDuplicate: (current) => this.#decide([current]).reason === decision.reason,
        }),
      { failureOf: unwritten, signals: occurrences },
    );
    this.#learn(result);
    if (result.kind === 'stale') return false;
    this.#latest = result.request;
    this.#results.duplicates(decision, result);
    return true;
  }

  /** Every answer to a write of our own goes into the index. */
  #learn(result: OccurrenceResult): void {
    this.#latest = undefined;
    if (result.kind === 'recorded') this.#view?.noteOwnWrite(result.request);
    else if (result.kind === 'stale' && result.current !== undefined) this.#view?.index.put(result.current);
    else if (result.kind === 'stale') this.#view?.index.remove(result.request);
  }

  async #underLock(pass: Pass): Promise<void> {
    const lock = await this.#acquire(pass);
    if (lock === undefined) return;
    try {
      const decision = this.#decide(await this.#candidatesUnderLock(lock, pass));
      if (decision.kind === 'duplicate') {
        await Promise.all([this.#count(decision, pass), this.#release(lock)]);
        return;
      }
      if (!(await this.#mayCreate(pass))) return;
      await this.#lock.assureHold(lock, pass.requests);
      const created = await this.#create(lock, pass);
      if (created !== undefined) await this.#finishCreated(created, lock, pass);
    } catch (thrown) {
      if (!isLost(thrown) || (this.#losses += 1) > mostLosses) throw thrown;
    } finally {
      if (lock.state !== 'abandoned') this.#lock.vouch(lock);
      await this.#release(lock);
    }
  }

  /** False where the next signal was rejected: its resource has an active request under another fingerprint. */
  async #mayCreate(pass: Pass): Promise<boolean> {
    const index = this.#liveView()?.index;
    const { notices, refusal } = await this.#others.look(this.#results.next().item, index, pass.requests);
    this.#results.noteForNext(notices);
    if (refusal !== undefined) this.#results.rejectNext(refusal);
    return refusal === undefined;
  }

  #foretellLock(pass: Pass): Promise<ForetoldLock | undefined> {
    const { leaseNamespace: namespace, clock, skew, lockWaitMs } = this.#context;
    const ground = { objects: this.#objects, namespace, clock, skew, lockWaitMs, signal: pass.waiting };
    return foretellLock(this.#fingerprint, ground);
  }

  /** Undefined where the wait showed that the signals are duplicates, and they have been counted. */
  async #acquire(pass: Pass): Promise<HeldLock | undefined> {
    let seen: DeduplicationDecision | undefined;
    const lock = await this.#lock.acquire(pass.waiting, async () => {
      seen = duplicateOnly(this.#decide(await this.#candidatesWhileWaiting(pass)));
      return seen !== undefined;
    });
    if (lock === undefined && seen !== undefined) await this.#count(seen, pass);
    return lock;
  }

  async #candidatesWhileWaiting(pass: Pass): Promise<RequestSummary[]> {
    const view = this.#liveView();
    return view === undefined ? this.#list('consistent', pass) : view.index.candidates(this.#fingerprint);
  }

  async #candidatesUnderLock(lock: HeldLock, pass: Pass): Promise<RequestSummary[]> {
    const view = this.#doubtful.has(this.#fingerprint) ? undefined : this.#liveView();
    if (view !== undefined && (await this.#lock.provesIndexComplete(lock, view))) {
      return view.index.candidates(this.#fingerprint);
    }
    const found = await this.#list('consistent', pass);
    for (const request of found) this.#view?.index.put(request);
    return found;
  }

  /** Undefined when nobody knows whether it was created; the first signal has failed then. */
  async #create(lock: HeldLock, pass: Pass): Promise<CreatedRequest | undefined> {
    const { clock, random, creationPolicy: policy } = this.#context;
    const { item } = this.#results.next();
    const plan = creationPlan(this.#context, item);
    const result = await this.#objects.step(
      'create_remediation_request',
      () =>
        createRemediationRequest(this.#access, plan, {
          clock,
          random,
          policy,
          signal: pass.waiting,
          requestSignal: pass.requests,
          observer: (event) => {
            this.#noteRetry(event);
          },
        }),
      { failureOf: (creation) => (creation.kind === 'uncertain' ? creation.error : undefined) },
    );
    if (result.kind === 'created') return result;
    return this.#settle(result, lock);
  }

  async #settle(uncertain: UncertainCreation, lock: HeldLock): Promise<CreatedRequest | undefined> {
    const { clock, random, creationPolicy: policy, server } = this.#context;
    const look = (): Promise<SettledCreation> =>
      withinDeadline(clock, settleLimitMs, (signal) =>
        settleUncertainCreate(this.#access, uncertain, { clock, random, policy, signal }),
      );
    let found = await look();
    if (found.kind === 'unknown' && server !== undefined) {
      await server.whenSure();
      found = await look();
    }
    if (found.kind === 'exists') {
      const { request, object } = found;
      return { kind: 'created', request, object, attempts: uncertain.attempts, adopted: true, warnings: [] };
    }
    if (found.kind === 'foreign') throw uncertain.error;
    this.#doubtful.add(this.#fingerprint);
    this.#lock.abandon(lock);
    this.#results.failNext(failureOf(uncertain.error), doubtNotice(uncertain.name));
    return undefined;
  }

  /** The index first, then the first count and the release at once. */
  async #finishCreated(created: CreatedRequest, lock: HeldLock, pass: Pass): Promise<void> {
    const { clock, random, decisionClock } = this.#context;
    this.#view?.noteOwnWrite(created.request);
    this.#others.noteCreated(created.request);
    this.#lock.vouch(lock);
    const [recorded] = await Promise.all([
      this.#objects.step(
        'update_status',
        () =>
          recordFirstOccurrence(this.#access, created, {
            clock,
            random,
            nowMs: decisionClock.now(),
            deadlineMonotonicMs: pass.deadlineMonotonicMs,
            signal: pass.requests,
            onWait: (waitMs) => {
              this.#objects.noteWait(waitMs);
            },
          }),
        // its signal was settled by the creation
        { failureOf: unwritten, signals: 0 },
      ),
      this.#release(lock),
    ]);
    this.#learn(recorded);
    if (recorded.kind !== 'stale') this.#latest = recorded.request;
    this.#results.created(created, recorded);
  }

  async #release(lock: HeldLock): Promise<void> {
    const notice = await this.#lock.release(lock);
    if (notice !== undefined) this.#results.warn(notice);
  }
}

/** A count that could not be written is a failure, though none that stops a run. */
function unwritten(result: OccurrenceResult): Error | undefined {
  return result.kind === 'unrecorded' ? result.error : undefined;
}

function isLost(thrown: unknown): boolean {
  return thrown instanceof RemedyError && thrown.code === 'LOCK_LOST';
}

function isForbidden(thrown: unknown): boolean {
  return thrown instanceof RemedyError && thrown.code === 'FORBIDDEN';
}
