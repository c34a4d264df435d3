/**
 * What `signal ingest` would do with a signal, and why: the same resolver, scope check, field check, requests and
 * decision, stage by stage, with no lock taken and nothing written.
 *
 * Guarantees: outcome, fingerprint, decision and reason are those of `signal ingest --dry-run` on the same state;
 * signals of one run are explained in their order, a later one of a fingerprint knowing of those before it.
 * Non-guarantee: the state may be another one when the signal is ingested; a lock that is held makes an ingest wait,
 * and what its holder does in the meantime is not foreseen.
 */
import { optionName } from '../errors/option-name.ts';
import { failureOf } from '../ingest/failure.ts';
import { factsOf, referenceTo } from '../ingest/group-results.ts';
import type { OtherFingerprints, ResourceVerdict } from '../ingest/other-fingerprints.ts';
import { describeReady, type ReadySignal } from '../ingest/ready-signal.ts';
import { decideDeduplication, type DeduplicationDecision } from '../request/deduplication-decision.ts';
import type { RequestFinder } from '../request/find-requests.ts';
import type { RemediationRequest } from '../request/request-access.ts';
import { checkRequestFields } from '../request/request-checks.ts';
import { leaseName } from '../lease/lease-name.ts';
import {
  foretellLock,
  foretoldTimeout,
  type ForecastGround,
  type ForetoldLock,
} from '../lease/lock-forecast.ts';
import type { ParsedItem, ParsedSignal } from '../signal/parsed-signal.ts';
import type { ScopeCheck, ScopeCheckOptions, ScopeLook } from '../signal/scope.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { NormalizedItem, RefusedItem, SignalSource } from '../signal/signal.ts';
import type { ResolutionFacts, SignalResolver } from '../signal/signal-resolver.ts';
import type { UnreadableDocument } from '../documents/source-document.ts';
import type { Clock } from '../time/clock.ts';
import { deduplicationText, lookedAt } from './deduplication-stage.ts';
import type { ExplainedOutcome, Explanation, StageDetails, StageOf } from './explanation.ts';
import { readLeaseStage, type LeaseReads } from './lease-stage.ts';
import { addFingerprint, addResolution } from './resolution-stages.ts';
import { addScope } from './scope-stage.ts';
import { Walk } from './walk.ts';
import {
  changesOfCandidates,
  changesOfChoice,
  changesOfDecision,
  changesOfLease,
  changesOfManaged,
  changesOfRefusal,
  changesOfScope,
} from './would-change.ts';

/** What an explainer goes by. */
export interface ExplainerOptions {
  resolver: SignalResolver;
  /** As `resolver`, but one that never refuses a signal for its time: to see what else stops a stale one. */
  patientResolver: SignalResolver;
  scope: ScopeCheck;
  scopeMode: ScopeCheckOptions['mode'];
  finder: RequestFinder;
  /** The controller namespace, where requests live. */
  namespace: string;
  leases: LeaseReads & ForecastGround;
  /** Tells before a new request which others its resource has; default: nobody looks. */
  others?: OtherFingerprints | undefined;
  /** The clock of decisions. */
  clock: Pick<Clock, 'now'>;
  signal?: AbortSignal | undefined;
  /** Builds the request that would be made of a signal, to be shown with its explanation. */
  buildRequest?: ((item: NormalizedItem) => RemediationRequest) | undefined;
}

const neverAborted = new AbortController().signal;

/** What a listing gave, or why it failed. */
type Found = { decision: DeduplicationDecision } | { failure: Reason };

interface Scoped {
  scope: ReadySignal['scope'];
  reason?: Reason | undefined;
  looks: ScopeLook[];
  warnings: Notice[];
}

/** Walks signals, or one fingerprint, the way of an ingest without writing anything. */
export class SignalExplainer {
  readonly #options: ExplainerOptions;
  /** Fingerprints for which this run would have made a request by now, and the signal that would. */
  readonly #planned = new Map<string, SignalSource>();

  constructor(options: ExplainerOptions) {
    this.#options = options;
  }

  /** A document that could not be read. */
  explainUnreadable({ file, document, reason }: UnreadableDocument): Explanation {
    return this.#refusedAtParse({
      source: { file, document, index: 0 },
      outcome: 'rejected',
      reason,
      warnings: [],
    });
  }

  /** Rejects only for what is a bug, and when the run is stopped. */
  async explain(parsed: ParsedItem): Promise<Explanation> {
    if (parsed.outcome !== 'parsed') return this.#refusedAtParse(parsed);
    const walk = new Walk();
    const facts: ResolutionFacts = {};
    const item = await this.#resolve(parsed, facts);
    if (item.outcome !== 'normalized') {
      addResolution(walk, parsed, facts, item.reason);
      if (item.reason.code === 'STALE') await this.#beyondFreshness(walk, parsed);
      const { candidates = [] } = facts.choice ?? {};
      walk.wouldChangeIf.push(...changesOfRefusal(item.reason), ...changesOfCandidates(candidates));
      return walk.finish(item.outcome, refusedFacts(item));
    }
    addResolution(walk, parsed, facts, undefined);
    addFingerprint(walk, item.signal);
    const explanation = await this.#fromScope(walk, item);
    explanation.wouldChangeIf.push(...changesOfChoice(facts.choice?.candidates ?? []));
    return explanation;
  }

  /** From the fingerprint on: what the next signal of it would meet, as far as its scope allows it. */
  async explainFingerprint(fingerprint: string, input?: string): Promise<Explanation> {
    const walk = new Walk();
    const reason = input === undefined ? 'it was given' : `SHA-256 of ${input}`;
    walk.add('fingerprint', 'ok', reason, { fingerprint, ...(input === undefined ? {} : { input }) });
    const explanation = await this.#decide(walk, fingerprint, undefined);
    return { ...explanation, fingerprint };
  }

  async #resolve(parsed: ParsedSignal, facts: ResolutionFacts): Promise<NormalizedItem | RefusedItem> {
    try {
      return await this.#options.resolver.resolve(parsed, facts);
    } catch (thrown) {
      const { reason } = this.#failure(thrown);
      return { source: parsed.source, outcome: 'failed', reason, warnings: [] };
    }
  }

  #refusedAtParse(item: RefusedItem): Explanation {
    const walk = new Walk();
    walk.stop('parse', item.reason, {
      ...(item.warnings.length > 0 ? { warnings: item.warnings.map(({ message }) => message) } : {}),
    });
    walk.wouldChangeIf.push(...changesOfRefusal(item.reason));
    return walk.finish(item.outcome, refusedFacts(item));
  }

  async #fromScope(walk: Walk, item: NormalizedItem): Promise<Explanation> {
    const { fingerprint } = item.signal;
    let scoped: Scoped;
    try {
      scoped = await this.#checkScope(item);
    } catch (thrown) {
      const { reason } = this.#failure(thrown);
      scoped = { scope: undefined, reason, looks: [], warnings: [] };
    }
    const { scope, reason, looks, warnings } = scoped;
    addScope(walk, { mode: this.#options.scopeMode, looks, scope, reason, warnings });
    const ready = { item, scope };
    if (reason !== undefined) {
      await this.#beyondScope(walk, item);
      walk.wouldChangeIf.push(
        ...(reason.code === 'UNMANAGED' ? changesOfScope(looks, reason) : changesOfRefusal(reason)),
      );
      const outcome = refusalOutcome(reason);
      return walk.finish(outcome, { ...describeReady(ready, warnings), fingerprint, reason });
    }
    const explanation = await this.#decide(walk, fingerprint, item);
    if (scope?.decidedBy !== undefined) explanation.wouldChangeIf.push(...changesOfManaged(scope.decidedBy));
    const described = describeReady(ready, [...warnings, ...(explanation.warnings ?? [])]);
    return { ...explanation, ...described, fingerprint };
  }

  async #checkScope(item: NormalizedItem): Promise<Scoped> {
    const looks: ScopeLook[] = [];
    const { reason, warnings, ...facts } = await this.#options.scope.check(item.signal, looks);
    const scope = facts.managed === undefined && !facts.skipped ? undefined : facts;
    return { scope, reason, looks, warnings };
  }

  /** The lock, the requests and what they come down to. Without an item only a fingerprint is known. */
  async #decide(walk: Walk, fingerprint: string, item: NormalizedItem | undefined): Promise<Explanation> {
    const { namespace } = this.#options;
    const invalid = item === undefined ? undefined : fieldProblem(item);
    const plannedBy = this.#planned.get(fingerprint);
    if (plannedBy !== undefined && invalid === undefined)
      return this.#afterPlanned(walk, fingerprint, plannedBy);
    const [lease, found] = await Promise.all([
      readLeaseStage(fingerprint, this.#options.leases),
      this.#find(fingerprint),
    ]);
    const needsLock = !('decision' in found) || found.decision.reason !== 'active';
    addLease(walk, lease, needsLock);
    if ('failure' in found && invalid === undefined) {
      walk.stop('deduplication', found.failure, { namespace, requests: [] });
      walk.wouldChangeIf.push(...changesOfRefusal(found.failure));
      return walk.finish('failed', { reason: found.failure });
    }
    addDeduplication(walk, namespace, found);
    if (invalid !== undefined) return stopDecision(walk, 'rejected', invalid);
    if ('failure' in found) return walk.finish('failed', { reason: found.failure });
    return this.#conclude(walk, { fingerprint, item, decision: found.decision, lease, needsLock });
  }

  async #conclude(walk: Walk, of: Conclusion): Promise<Explanation> {
    const { fingerprint, item, decision, lease, needsLock } = of;
    walk.wouldChangeIf.push(...changesOfDecision(decision, fingerprint));
    if (needsLock) walk.wouldChangeIf.push(...changesOfLease(lease.details));
    const { request } = decision;
    if (request === undefined) return this.#concludeNew(walk, fingerprint, item);
    const outcome = 'wouldDuplicate' as const;
    walk.add('decision', 'ok', `a duplicate: it is counted on ${request.name}`, { outcome });
    return walk.finish(outcome, { decision: factsOf(decision), request: referenceTo(request) });
  }

  async #concludeNew(
    walk: Walk,
    fingerprint: string,
    item: NormalizedItem | undefined,
  ): Promise<Explanation> {
    const { namespace, buildRequest } = this.#options;
    const lock = await foretellLock(fingerprint, this.#options.leases);
    if (lock !== undefined) return this.#concludeWait(walk, lock);
    const outcome = 'wouldCreate' as const;
    const decision = { reason: 'none' as const };
    const reason = `a new RemediationRequest is made in namespace ${namespace}`;
    if (item === undefined) {
      walk.add('decision', 'ok', reason, { outcome });
      return walk.finish(outcome, { decision });
    }
    const verdict = await this.#othersOf(item);
    if ('failure' in verdict) return stopDecision(walk, 'failed', verdict.failure);
    if (verdict.refusal !== undefined) return stopDecision(walk, 'rejected', verdict.refusal);
    this.#planned.set(fingerprint, item.source);
    const newRequest = buildRequest === undefined ? {} : { newRequest: buildRequest(item) };
    const { warning } = item.originalPayload();
    const warnings = [...verdict.notices, ...(warning === undefined ? [] : [warning])];
    const text = [reason, ...warnings.map(({ message }) => message)].join('; ');
    walk.add('decision', warnings.length === 0 ? 'ok' : 'warn', text, { outcome });
    return walk.finish(outcome, { decision, ...newRequest, ...(warnings.length === 0 ? {} : { warnings }) });
  }

  #concludeWait(walk: Walk, lock: ForetoldLock): Explanation {
    const outcome = 'wouldWait' as const;
    const reason = foretoldTimeout(lock);
    walk.stop('decision', reason, { outcome });
    walk.wouldChangeIf.push(`with a ${optionName('lockWaitMs')} that is longer than that`);
    return walk.finish(outcome, { decision: { reason: 'none' }, lock, reason });
  }

  async #othersOf(item: NormalizedItem): Promise<ResourceVerdict | { failure: Reason }> {
    const { others, signal = neverAborted } = this.#options;
    try {
      return (await others?.look(item, undefined, signal)) ?? { notices: [] };
    } catch (thrown) {
      return { failure: this.#failure(thrown).reason };
    }
  }

  #afterPlanned(walk: Walk, fingerprint: string, plannedBy: SignalSource): Explanation {
    const { namespace, leases } = this.#options;
    const first = `${plannedBy.file}:${plannedBy.document}:${plannedBy.index}`;
    const reason = 'not looked at: an earlier signal of this run has made the request by then';
    walk.add('lease', 'ok', reason, {
      namespace: leases.namespace,
      name: leaseName(fingerprint),
      state: 'notRead',
    });
    walk.add('deduplication', 'ok', `the request that ${first} makes is active by then`, {
      namespace,
      requests: [],
      plannedBy,
    });
    const outcome = 'wouldDuplicate' as const;
    walk.add('decision', 'ok', `a duplicate: it is counted on the request of ${first}`, { outcome });
    walk.wouldChangeIf.push(`without ${first}: the request is made of this signal`);
    return walk.finish(outcome, { decision: { reason: 'active' as const } });
  }

  async #find(fingerprint: string): Promise<Found> {
    const { finder, clock, signal } = this.#options;
    try {
      const candidates = await finder.byFingerprint(fingerprint, { consistency: 'consistent', signal });
      return { decision: decideDeduplication(candidates, clock.now()) };
    } catch (thrown) {
      return { failure: this.#failure(thrown).reason };
    }
  }

  /** What would still stop a signal that is refused for its time. */
  async #beyondFreshness(walk: Walk, parsed: ParsedSignal): Promise<void> {
    try {
      const item = await this.#options.patientResolver.resolve(parsed);
      if (item.outcome !== 'normalized') {
        walk.alsoStops.push(item.reason.message);
        return;
      }
      const { reason } = await this.#checkScope(item);
      if (reason !== undefined) walk.alsoStops.push(reason.message);
      await this.#beyondScope(walk, item);
    } catch (thrown) {
      walk.alsoStops.push(this.#failure(thrown).reason.message);
    }
  }

  /** What would still keep a request from being made of a signal that is out of scope. */
  async #beyondScope(walk: Walk, item: NormalizedItem): Promise<void> {
    const invalid = fieldProblem(item);
    if (invalid !== undefined) walk.alsoStops.push(invalid.message);
    const found = await this.#find(item.signal.fingerprint);
    if ('failure' in found) walk.alsoStops.push(found.failure.message);
    else if (found.decision.request !== undefined) {
      walk.alsoStops.push(`it would be a duplicate: ${deduplicationText(found.decision)}`);
    }
  }

  /** Throws what is a bug, and the reason of a run that was stopped. */
  #failure(thrown: unknown): { reason: Reason } {
    this.#options.signal?.throwIfAborted();
    return failureOf(thrown);
  }
}

interface Conclusion {
  fingerprint: string;
  item: NormalizedItem | undefined;
  decision: DeduplicationDecision;
  lease: StageOf<'lease'>;
  needsLock: boolean;
}

/** What a request of this signal would be refused for by the API server. */
function fieldProblem({ signal }: NormalizedItem): Reason | undefined {
  try {
    checkRequestFields(signal);
    return undefined;
  } catch (thrown) {
    return failureOf(thrown).reason;
  }
}

/** Nothing before has stopped it, and no request is made all the same. */
function stopDecision(walk: Walk, outcome: 'rejected' | 'failed', reason: Reason): Explanation {
  walk.stop('decision', reason, { outcome });
  walk.wouldChangeIf.push(...changesOfRefusal(reason));
  return walk.finish(outcome, { reason });
}

/** A lock that is held does not matter to a signal that is counted on an active request. */
function addLease(walk: Walk, { outcome, reason, details }: StageOf<'lease'>, needed: boolean): void {
  if (needed || outcome === 'ok') walk.add('lease', outcome, reason, details);
  else walk.add('lease', 'ok', `${reason}; not needed to count on an active request`, details);
}

function addDeduplication(walk: Walk, namespace: string, found: Found): void {
  const details: StageDetails['deduplication'] = { namespace, requests: [] };
  if ('failure' in found) {
    walk.add('deduplication', 'warn', found.failure.message, details);
    return;
  }
  details.requests = lookedAt(found.decision);
  walk.add('deduplication', 'ok', deduplicationText(found.decision), details);
}

function refusalOutcome({ code }: Reason): ExplainedOutcome {
  return code === 'UNMANAGED' || code === 'REMOTE_CLUSTER' ? 'rejected' : 'failed';
}

function refusedFacts({ source, reason, about, warnings }: RefusedItem): Partial<Explanation> {
  return {
    source,
    reason,
    ...(about === undefined ? {} : { about }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
