/**
 * Which resource an alert is about, chosen from its labels (docs/gateway-semantics.md 1.4), in two passes. The first is
 * the gateway's own: its candidates, and of those the first that it finds where it looks. Only where it would find none,
 * the second: every candidate of ours, where its kind and the signal's namespace say that it is. A gateway on the same
 * cluster therefore takes the same target wherever it finds one.
 */
import { apiVersionOf } from '../api/objects.ts';
import { optionName } from '../errors/option-name.ts';
import type { Notice } from '../errors/reason.ts';
import { exporterNotices } from './exporter-notices.ts';
import type { KindIndex } from './kind-index.ts';
import { nearMissesIn, type NearMiss } from './near-miss.ts';
import type { LookupFailure, ObservedCluster } from './observed-cluster.ts';
import { describeResource } from './resource-text.ts';
import type { TargetResource } from './signal.ts';
import { candidatesOf, type Candidate, type LabelCandidates } from './target-candidates.ts';
import { targetRules, type TargetRules } from './target-options.ts';

/** What a look-up of one pass came to; `neverFound`: where the gateway asks, the object cannot be. */
export type PassResult = 'found' | 'notFound' | 'neverFound' | 'forbidden' | 'notAsked' | 'noCandidate';

/** A label that names a served kind, with what became of it. */
export interface TargetCandidate {
  labelKey: string;
  name: string;
  kind: string;
  /** 1 goes before 2 before 3. */
  tier: 1 | 2 | 3;
  verdict: 'chosen' | 'lost' | 'refused';
  /** Why, in one clause. */
  why: string;
  /** As the gateway asks for it. */
  firstPass: PassResult;
  /** By the kind's scope, in the namespace that the signal will have. */
  secondPass: PassResult;
}

/** Which resource an alert is about, and what else it could have been. */
export interface TargetChoice {
  /** Absent where no label names a resource, or where a look-up failed. */
  target?: TargetResource;
  /** In the order in which they were looked at, refused ones last. */
  candidates: TargetCandidate[];
  /** Labels that nearly name a resource; only where no label does. */
  nearMisses: NearMiss[];
  /** What the gateway takes, where that is something else because it reads no labels `exported_<key>`. */
  gateways?: TargetResource;
  warnings: Notice[];
  /** A look-up that failed in a way that may pass: another target could be the right one. */
  failure?: LookupFailure;
}

/** Chooses among an alert's labels; the GETs that tell what exists are spent only where there is a choice. */
export async function chooseTarget(
  labels: Record<string, string>,
  cluster: ObservedCluster,
  rules: TargetRules = targetRules(),
): Promise<TargetChoice> {
  const kinds = await cluster.kinds();
  const offer = candidatesOf(labels, kinds, rules);
  const passes = new Passes(offer, cluster);
  const chosen = await passes.choose(preferredOf(offer, kinds, rules));
  const told = passes.tell(chosen);
  if (chosen.failure !== undefined) return { ...told, nearMisses: [], failure: chosen.failure };
  const { winner } = chosen;
  if (winner === undefined) return { ...told, nearMisses: nearMissesIn(labels, kinds) };
  const target = await targetOf(winner, offer, { kinds, cluster });
  const exported = await exportedFacts(target, offer, { labels, cluster });
  const warnings = [
    ...told.warnings,
    ...exported.warnings,
    ...(chosen.isPreferred ? [] : ambiguityNotices(winner, offer)),
    ...exporterNotices(winner, offer, labels),
  ];
  return { ...told, ...exported, target, nearMisses: [], warnings };
}

/** What the gateway takes in place of a target that a label `exported_<key>` names, and the warning of it. */
async function exportedFacts(
  target: TargetResource,
  offer: LabelCandidates,
  { labels, cluster }: { labels: Record<string, string>; cluster: ObservedCluster },
): Promise<{ gateways?: TargetResource; warnings: Notice[] }> {
  if (offer.exported.length === 0) return { warnings: [] };
  const gateways = await gatewaysTarget(labels, cluster);
  if (gateways === undefined) return { warnings: [exportedNotice(offer, gateways)] };
  if (describeResource(gateways) === describeResource(target)) return { warnings: [] };
  return { gateways, warnings: [exportedNotice(offer, gateways)] };
}

/** What the gateway takes, which reads no labels `exported_<key>`; undefined where it finds no name, or cannot look. */
async function gatewaysTarget(
  labels: Record<string, string>,
  cluster: ObservedCluster,
): Promise<TargetResource | undefined> {
  const kinds = await cluster.kinds();
  const offer = candidatesOf(labels, kinds, targetRules({ targetChoice: 'gateway' }));
  const { winner, failure } = await new Passes(offer, cluster).choose([]);
  if (winner === undefined || failure !== undefined) return undefined;
  return targetOf(winner, offer, { kinds, cluster });
}

/** What a gateway takes for the target of an alert. */
export type GatewayTarget =
  | { target: TargetResource }
  /** It takes one of them by chance, and so another one each time. */
  | { byChance: string }
  | { failure: LookupFailure };

/** What it takes where no label names a resource: one target for every such alert. */
const unresolved = { kind: 'Unknown', name: 'unknown' };

/**
 * The target that a gateway takes, with everything in which it differs from us: only its own candidates, looked for where
 * it looks, none of the options of an operator, and a made-up target where it has no candidate.
 */
export async function gatewayTarget(
  labels: Record<string, string>,
  cluster: ObservedCluster,
): Promise<GatewayTarget> {
  const kinds = await cluster.kinds();
  const offer = candidatesOf(labels, kinds, targetRules({ targetChoice: 'gateway' }));
  const { winner, failure, twin } = await new Passes(offer, cluster).chooseAsGateway();
  if (failure !== undefined) return { failure };
  if (winner === undefined) return { target: { ...unresolved, namespace: offer.namespace ?? 'default' } };
  if (twin !== undefined) return { byChance: `${winner.labelKey} or ${twin.labelKey}` };
  return { target: await targetOf(winner, offer, { kinds, cluster }) };
}

interface Chosen {
  winner?: Candidate;
  why: string;
  isPreferred: boolean;
  failure?: LookupFailure;
}

/** The two passes over the candidates of one alert, and what they saw. */
class Passes {
  readonly #offer: LabelCandidates;
  readonly #cluster: ObservedCluster;
  readonly #first = new Map<Candidate, PassResult>();
  readonly #second = new Map<Candidate, PassResult>();
  readonly #warnings = new Map<string, Notice>();
  #failure: LookupFailure | undefined;

  constructor(offer: LabelCandidates, cluster: ObservedCluster) {
    this.#offer = offer;
    this.#cluster = cluster;
  }

  async choose(preferred: readonly Candidate[]): Promise<Chosen> {
    const gateways = this.#offer.candidates.filter(({ isGateways }) => isGateways);
    const own = this.#offer.candidates.filter(({ refusal }) => refusal === undefined);
    const [first, second] = new Set([...gateways, ...own]);
    if (first !== undefined && second === undefined && first.refusal === undefined) {
      return { winner: first, why: 'it is the only candidate', isPreferred: false };
    }
    const found =
      (await this.#firstOf(preferred, 'second', 'it exists, and its kind is preferred')) ??
      (await this.#firstOf(gateways, 'first', 'it exists')) ??
      (await this.#firstOf(own, 'second', 'it exists, where no gateway looks for it'));
    const isPreferred = found !== undefined && preferred.includes(found.winner);
    if (found !== undefined) return { ...found, isPreferred };
    if (this.#failure !== undefined) return { why: '', isPreferred: false, failure: this.#failure };
    return unseen(preferred, own);
  }

  /** `twin`: another label of the same kind, which a gateway may take as well. */
  async chooseAsGateway(): Promise<{ winner?: Candidate; twin?: Candidate; failure?: LookupFailure }> {
    const gateways = this.#offer.candidates.filter(({ isGateways }) => isGateways);
    const [first] = gateways;
    if (first === undefined) return {};
    const found = gateways.length === 1 ? undefined : await this.#firstOf(gateways, 'first', 'it exists');
    if (this.#failure !== undefined) return { failure: this.#failure };
    const winner = found?.winner ?? first;
    const before = gateways.slice(0, gateways.indexOf(winner) + 1).map(({ resource }) => resource.kind);
    const twin = gateways.find(
      (other) =>
        other !== winner &&
        other.name !== winner.name &&
        before.includes(other.resource.kind) &&
        gateways.some((same) => same !== other && same.resource.kind === other.resource.kind),
    );
    return { winner, ...(twin === undefined ? {} : { twin }) };
  }

  async #firstOf(
    candidates: readonly Candidate[],
    pass: 'first' | 'second',
    why: string,
  ): Promise<{ winner: Candidate; why: string } | undefined> {
    const seen = pass === 'first' ? this.#first : this.#second;
    for (const candidate of candidates) {
      if (this.#failure !== undefined) return undefined;
      const result = seen.get(candidate) ?? (await this.#look(candidate, pass));
      seen.set(candidate, result);
      if (result === 'found') return { winner: candidate, why };
    }
    return undefined;
  }

  async #look(candidate: Candidate, pass: 'first' | 'second'): Promise<PassResult> {
    const { resource, name } = candidate;
    const { namespace = '' } = this.#offer;
    const isOwn = pass === 'second';
    // The gateway asks under the label's namespace, whatever the kind's scope: a node is in none, a pod never in "".
    if (!isOwn && resource.namespaced !== (namespace !== '')) return 'neverFound';
    const place = isOwn ? namespaceFor(candidate, this.#offer) : namespace;
    const seen = await this.#cluster.observe(resource, { namespace: place, name });
    if (seen.state === 'found') return 'found';
    if (seen.state === 'absent') return 'notFound';
    if (!seen.failure.forbidden) {
      this.#failure = seen.failure;
      return 'notAsked';
    }
    const what = `${resource.kind}/${name}`;
    const message = `whether ${what} exists is unknown: ${seen.failure.message}`;
    this.#warnings.set(what, { code: 'TARGET_NOT_READABLE', message });
    return 'forbidden';
  }

  /** Every candidate, with what became of it. */
  tell({ winner, why, failure }: Chosen): { candidates: TargetCandidate[]; warnings: Notice[] } {
    const judged = this.#offer.candidates.map((candidate): TargetCandidate => {
      const { labelKey, name, resource, tier, refusal } = candidate;
      const passes = {
        firstPass: this.#passOf(this.#first, candidate, candidate.isGateways),
        secondPass: this.#passOf(this.#second, candidate, refusal === undefined),
      };
      const about = { labelKey, name, kind: resource.kind, tier };
      if (candidate === winner) return { ...about, verdict: 'chosen', why, ...passes };
      if (refusal !== undefined) return { ...about, verdict: 'refused', why: refusal, ...passes };
      const isFound = winner !== undefined && this.#isFound(winner);
      const lost = failure === undefined ? lostBecause(passes, isFound) : 'a look-up failed';
      return { ...about, verdict: 'lost', why: lost, ...passes };
    });
    const refused = judged.filter(({ verdict }) => verdict === 'refused');
    const rest = judged.filter(({ verdict }) => verdict !== 'refused');
    return { candidates: [...rest, ...refused], warnings: [...this.#warnings.values()] };
  }

  #isFound(candidate: Candidate): boolean {
    return [this.#first.get(candidate), this.#second.get(candidate)].includes('found');
  }

  #passOf(seen: Map<Candidate, PassResult>, candidate: Candidate, isCandidate: boolean): PassResult {
    return isCandidate ? (seen.get(candidate) ?? 'notAsked') : 'noCandidate';
  }
}

/** Nothing is known to exist: the order is the gateway's as far as it has a candidate. */
function unseen(preferred: readonly Candidate[], own: readonly Candidate[]): Chosen {
  const isPreferred = preferred.length > 0;
  const winner = preferred[0] ?? own.find(({ isGateways }) => isGateways) ?? own[0];
  if (winner === undefined) return { why: '', isPreferred };
  const order = winner === own[0] ? 'it goes first' : "it goes first in the gateway's order";
  const why = `no candidate was found, and ${isPreferred ? 'its kind is preferred' : order}`;
  return { winner, why, isPreferred };
}

/** Of what one pass or the other could not find, where another was found. */
function lostBecause(
  { firstPass, secondPass }: Pick<TargetCandidate, 'firstPass' | 'secondPass'>,
  isOtherFound: boolean,
): string {
  const missed: readonly PassResult[] = ['notFound', 'forbidden', 'neverFound'];
  const isMissed = missed.includes(firstPass) || missed.includes(secondPass);
  return isOtherFound && isMissed ? 'it was not found' : 'another goes before it';
}

function preferredOf(
  { candidates }: LabelCandidates,
  kinds: KindIndex,
  { prefer }: TargetRules,
): Candidate[] {
  const wanted = new Set(prefer.map((name) => kinds.labelKind(name)?.resource.kind));
  const own = candidates.filter(({ refusal }) => refusal === undefined);
  return [...wanted].flatMap((kind) => own.filter(({ resource }) => resource.kind === kind));
}

interface Ground {
  kinds: KindIndex;
  cluster: ObservedCluster;
}

async function targetOf(winner: Candidate, offer: LabelCandidates, ground: Ground): Promise<TargetResource> {
  const { kind } = winner.resource;
  const namespace = namespaceFor(winner, offer);
  const apiVersion = await apiVersionFor({ kind, name: winner.name, namespace }, ground);
  return {
    kind,
    name: winner.name,
    ...(namespace === '' ? {} : { namespace }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}

/** The namespace of a signal: that of its labels, also for a cluster-scoped kind, else `default` for a namespaced one. */
function namespaceFor({ resource }: Candidate, { namespace }: LabelCandidates): string {
  return namespace ?? (resource.namespaced ? 'default' : '');
}

/** The apiVersion of a Kind that one group serves, or of the one group in which the object exists. */
async function apiVersionFor(
  object: { kind: string; name: string; namespace: string },
  { kinds, cluster }: Ground,
): Promise<string | undefined> {
  const groups = kinds.groupsOf(object.kind);
  const [only, second] = groups;
  if (only === undefined || second === undefined) return only && apiVersionOf(only);
  const existing = [];
  for (const resource of groups) {
    const seen = await cluster.observe(resource, { namespace: object.namespace, name: object.name });
    if (seen.state === 'found') existing.push(resource);
  }
  const [first] = existing;
  return existing.length === 1 && first !== undefined ? apiVersionOf(first) : undefined;
}

function exportedNotice({ exported }: LabelCandidates, gateways: TargetResource | undefined): Notice {
  const labels = exported.join(', ');
  const named = exported.length === 1 ? 'names' : 'name';
  const theirs = gateways === undefined ? 'no target' : describeResource(gateways);
  const message =
    `${labels} ${named} the target; a gateway reads no label exported_<key> but the namespace and takes ${theirs} ` +
    `(${optionName('targetChoice')} gateway does so too)`;
  return { code: 'EXPORTED_LABEL', message };
}

/** Of an alert that names a pod and a node, either may be meant. */
function ambiguityNotices(winner: Candidate, { candidates }: LabelCandidates): Notice[] {
  const kinds = ['Pod', 'Node'];
  if (!kinds.includes(winner.resource.kind)) return [];
  const other = candidates.find(
    ({ resource: { kind }, refusal }) =>
      refusal === undefined && kinds.includes(kind) && kind !== winner.resource.kind,
  );
  if (other === undefined) return [];
  const { labelKey, name, tier, resource } = other;
  const message =
    `the alert names a Pod and a Node; taken is ${winner.resource.kind}/${winner.name} (${winner.labelKey}), the ` +
    `other is ${resource.kind}/${name} (${labelKey}, tier ${tier}): ${optionName('prefer')} ${resource.kind} takes it`;
  return [{ code: 'AMBIGUOUS_TARGET', message }];
}
