import { fingerprintOf } from './fingerprint.ts';
import { staleness } from './freshness.ts';
import type { ObservedCluster } from './observed-cluster.ts';
import type { OwnerWalk } from './owner.ts';
import { resolveOwner } from './owner.ts';
import type { ParsedItem, ParsedSignal } from './parsed-signal.ts';
import { formatUtcSeconds } from './rfc3339.ts';
import type {
  NormalizedItem,
  NormalizedSignal,
  Notice,
  Reason,
  RefusedItem,
  SignalItem,
  TargetResource,
} from './signal.ts';
import type { TargetCandidate, TargetChoice } from './target.ts';
import { chooseTarget } from './target.ts';
import type { Clock } from '../time/clock.ts';

export interface SignalResolverOptions {
  /** Shared with the scope check, so that nothing is looked up twice. */
  cluster: ObservedCluster;
  targetKind: 'cluster' | 'embedded';
  /** For received times and freshness. */
  clock: Pick<Clock, 'now'>;
  /** Refuse a signal that the gateway would refuse for its time, instead of warning. */
  enforceFreshness: boolean;
  /** False: the fingerprint is that of the signal's own target. */
  resolveOwners: boolean;
}

/** What a resolution went by, as far as it came: for whoever explains it. */
export interface ResolutionFacts {
  /** Why the gateway would refuse the signal for its time. */
  stale?: string;
  choice?: TargetChoice;
  walk?: OwnerWalk;
}

/** Finds out what a parsed signal is about, and with it its fingerprint. */
export class SignalResolver {
  readonly #options: SignalResolverOptions;

  constructor(options: SignalResolverOptions) {
    this.#options = options;
  }

  /**
   * Every refusal is an item: STALE, NO_TARGET, INVALID_FIELD, OWNER_NOT_FOUND, OWNER_LOOKUP_FAILED. Rejects only
   * where no signal can go on: discovery fails, the store breaks, the run is aborted.
   *
   * @param facts filled on the way, also where it rejects.
   */
  async resolve(parsed: ParsedItem, facts: ResolutionFacts = {}): Promise<SignalItem> {
    if (parsed.outcome !== 'parsed') return parsed;
    const warnings = [...parsed.warnings];
    const stale = staleness(parsed.seen, this.#options.clock.now());
    if (stale !== undefined) {
      facts.stale = stale;
      if (this.#options.enforceFreshness) return refuse(parsed, 'rejected', staleReason(stale));
      warnings.push({ code: 'STALE', message: `the gateway would refuse the signal: ${stale}` });
    }
    const subject = await this.#subjectOf(parsed, facts);
    if (subject.target === undefined) return { ...subject.refused, warnings };
    const walk = await this.#walk(subject.target);
    facts.walk = walk;
    if (walk.state !== 'resolved') return { ...refuse(parsed, walk.state, walk.reason), warnings };
    return this.#normalized(parsed, walk.chain, [...warnings, ...subject.warnings, ...walk.warnings]);
  }

  async #subjectOf(parsed: ParsedSignal, facts: ResolutionFacts): Promise<FoundSubject> {
    const { subject } = parsed;
    if (subject.from === 'object') return { target: subject.resource, warnings: [] };
    const choice = await chooseTarget(subject.labels, this.#options.cluster);
    facts.choice = choice;
    const { target, failure, candidates, warnings } = choice;
    // Before the name: an alert with neither is refused for its target, as it would be first.
    if (target === undefined && failure === undefined) {
      return { refused: refuse(parsed, 'rejected', noTargetReason(candidates)) };
    }
    if (parsed.signalName === '') return { refused: refuse(parsed, 'rejected', namelessReason) };
    if (target !== undefined) return { target, warnings };
    return { refused: refuse(parsed, 'failed', choiceFailure(choice)) };
  }

  async #walk(target: TargetResource): Promise<OwnerWalk> {
    const { cluster, targetKind, resolveOwners } = this.#options;
    if (!resolveOwners) {
      return { state: 'resolved', chain: [target], ended: 'owners were not to be looked up', warnings: [] };
    }
    return resolveOwner(target, { cluster, targetKind });
  }

  #normalized(
    parsed: ParsedSignal,
    chain: [TargetResource, ...TargetResource[]],
    warnings: Notice[],
  ): NormalizedItem {
    const resource = chain.at(-1) ?? chain[0];
    const { clusterID, labels, annotations, firingTime } = parsed;
    const namespace = resource.namespace ?? '';
    const signal: NormalizedSignal = {
      fingerprint: fingerprintOf({ clusterID, namespace, kind: resource.kind, name: resource.name }),
      signalName: parsed.signalName,
      severity: parsed.severity,
      signalType: 'alert',
      signalSource: parsed.signalSource,
      ...(clusterID === undefined ? {} : { clusterID }),
      namespace,
      resource: orderedResource(resource),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(firingTime === undefined ? {} : { firingTime }),
      receivedTime: formatUtcSeconds(this.#options.clock.now()),
    };
    return {
      source: parsed.source,
      outcome: 'normalized',
      resolution: chain.length > 1 ? 'owner' : 'resource',
      ownerChain: chain.map(({ kind, name }) => `${kind}/${name}`),
      signal,
      warnings,
      originalPayload: parsed.originalPayload,
    };
  }
}

type FoundSubject =
  { target: TargetResource; warnings: Notice[] } | { target?: undefined; refused: RefusedItem };

const namelessReason: Reason = {
  code: 'INVALID_FIELD',
  message: 'labels.alertname is missing or empty; an alert needs a name of its own',
};

function refuse(parsed: ParsedSignal, outcome: 'rejected' | 'failed', reason: Reason): RefusedItem {
  return {
    source: parsed.source,
    outcome,
    reason,
    ...(outcome === 'failed' ? { retryable: true } : {}),
    warnings: parsed.warnings,
  };
}

function staleReason(stale: string): Reason {
  const hint = 'Leave out --enforce-freshness to inject it all the same.';
  return { code: 'STALE', message: `the signal is refused for its time: ${stale}`, hint };
}

function noTargetReason(refused: TargetCandidate[]): Reason {
  const near = refused.map(({ labelKey, why }) => `${labelKey}: ${why}`).join('; ');
  return {
    code: 'NO_TARGET',
    message: `no label names a resource${near === '' ? '' : ` (${near})`}`,
    hint:
      'Label the alert with the resource that it is about, for example deployment, statefulset, daemonset, cronjob, ' +
      'pod or node; job, service, instance, endpoint, container, namespace and cluster are never a target.',
  };
}

function choiceFailure(choice: TargetChoice): Reason {
  const { message = '', hint } = choice.failure ?? {};
  return {
    code: 'OWNER_LOOKUP_FAILED',
    message: `which of the alert's labels names an existing resource could not be looked up: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function orderedResource({ kind, name, namespace, apiVersion }: TargetResource): TargetResource {
  return {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}
