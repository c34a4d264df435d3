import { optionName } from '../errors/option-name.ts';
import { fingerprintOf } from './fingerprint.ts';
import { staleness } from './freshness.ts';
import type { ObservedCluster } from './observed-cluster.ts';
import type { OwnerWalk } from './owner.ts';
import { resolveOwner } from './owner.ts';
import type { ParsedItem, ParsedSignal } from './parsed-signal.ts';
import { formatUtcSeconds, type WrittenTime } from '../time/rfc3339.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { NormalizedItem, NormalizedSignal, RefusedItem, SignalItem, TargetResource } from './signal.ts';
import { nearMissText, relabelWords } from './near-miss.ts';
import type { TargetChoice } from './target.ts';
import { chooseTarget } from './target.ts';
import { targetRules, type TargetOptions, type TargetRules } from './target-options.ts';
import type { Clock } from '../time/clock.ts';

/** Signals that are injected once more, of the payload that a request holds. */
export interface RepeatOptions {
  /** Signals with another fingerprint are skipped (OTHER_ALERT). Default: none is. */
  onlyFingerprint?: string | undefined;
  /** Since when they are said to fire, in place of their own time. */
  start?: WrittenTime | undefined;
  /** Takes alerts whose `endsAt` has passed, as that of a payload has. Default: false. */
  includeEnded?: boolean | undefined;
}

/** What a resolver goes by. */
export interface SignalResolverOptions extends RepeatOptions {
  /** Shared with the scope check, so that nothing is looked up twice. */
  cluster: ObservedCluster;
  targetKind: 'cluster' | 'embedded';
  /** For received times and freshness. */
  clock: Pick<Clock, 'now'>;
  /** Refuse a signal that the gateway would refuse for its time, instead of warning. */
  enforceFreshness: boolean;
  /** False: the fingerprint is that of the signal's own target. */
  resolveOwners: boolean;
  /** How targets are chosen; default: as {@link TargetOptions} has it. */
  targets?: TargetOptions | undefined;
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
  readonly #rules: TargetRules;

  /** @throws INVALID_OPTION for `targets` that cannot be read */
  constructor(options: SignalResolverOptions) {
    this.#options = options;
    this.#rules = targetRules(options.targets);
  }

  /**
   * Every refusal is an item: STALE, NO_TARGET, INVALID_FIELD, OWNER_NOT_FOUND, OWNER_LOOKUP_FAILED. Rejects only
   * where no signal can go on: discovery fails, the store breaks, the run is aborted.
   *
   * @param facts filled on the way, also where it rejects.
   */
  async resolve(given: ParsedItem, facts: ResolutionFacts = {}): Promise<SignalItem> {
    if (given.outcome !== 'parsed') return given;
    const parsed = this.#restarted(given);
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
    if (walk.state !== 'resolved') {
      return { ...refuse(parsed, walk.state, walk.reason, subject.target), warnings };
    }
    const item = this.#normalized(parsed, walk.chain, [...warnings, ...subject.warnings, ...walk.warnings]);
    const { onlyFingerprint = item.signal.fingerprint } = this.#options;
    if (item.signal.fingerprint === onlyFingerprint) return item;
    return { ...refuse(parsed, 'skipped', otherAlert(), item.signal.resource), warnings: [] };
  }

  /** The signal as if it had begun when an operator says. */
  #restarted(parsed: ParsedSignal): ParsedSignal {
    const { start } = this.#options;
    if (start === undefined) return parsed;
    return { ...parsed, firingTime: start.text, seen: { ...parsed.seen, atMs: start.ms } };
  }

  async #subjectOf(parsed: ParsedSignal, facts: ResolutionFacts): Promise<FoundSubject> {
    const { subject } = parsed;
    if (subject.from === 'object') return { target: subject.resource, warnings: [] };
    const choice = await chooseTarget(subject.labels, this.#options.cluster, this.#rules);
    facts.choice = choice;
    const { target, failure, warnings } = choice;
    // Before the name: an alert with neither is refused for its target, as it would be first.
    if (target === undefined && failure === undefined) {
      return { refused: refuse(parsed, 'rejected', noTargetReason(choice, subject.labels)) };
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

function otherAlert(): Reason {
  const hint = `${optionName('allAlerts')} takes every alert of it.`;
  return { code: 'OTHER_ALERT', message: 'the request was made for another alert of this payload', hint };
}

const namelessReason: Reason = {
  code: 'INVALID_FIELD',
  message: 'labels.alertname is missing or empty; an alert needs a name of its own',
};

function refuse(
  parsed: ParsedSignal,
  outcome: RefusedItem['outcome'],
  reason: Reason,
  target?: TargetResource,
): RefusedItem {
  const { source, signalName, subject, warnings } = parsed;
  const resource = target ?? (subject.from === 'object' ? subject.resource : undefined);
  const about = {
    ...(signalName === '' ? {} : { signalName }),
    ...(resource === undefined ? {} : { resource: orderedResource(resource) }),
  };
  return {
    source,
    outcome,
    reason,
    ...(outcome === 'failed' ? { retryable: true } : {}),
    ...(Object.keys(about).length === 0 ? {} : { about }),
    warnings,
  };
}

function staleReason(stale: string): Reason {
  const hint = `Leave out ${optionName('enforceFreshness')} to inject it all the same.`;
  return { code: 'STALE', message: `the signal is refused for its time: ${stale}`, hint };
}

function noTargetReason({ candidates, nearMisses }: TargetChoice, labels: Record<string, string>): Reason {
  const refused = candidates.map(({ labelKey, why }) => `${labelKey}: ${why}`);
  const near = [...nearMisses.map(nearMissText), ...refused].join('; ');
  return {
    code: 'NO_TARGET',
    message: `no label names a resource${near === '' ? '' : ` (${near})`}`,
    hint: nearMisses.length === 0 ? labelHint : relabelWords(nearMisses, labels),
  };
}

const labelHint =
  'Label the alert with the resource that it is about, for example deployment, statefulset, daemonset, cronjob, ' +
  'pod or node; job, service, instance, endpoint, container, namespace and cluster are never a target.';

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
