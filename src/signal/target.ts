/**
 * Which resource an alert is about, chosen from its labels (gateway-behaviour.md 1): the first candidate that
 * exists, by tier, then by Kind; when none is seen to exist, the first candidate.
 */
import type { ApiResource } from '../api/objects.ts';
import { apiVersionOf } from '../api/objects.ts';
import type { KeyMatch, KindIndex } from './kind-index.ts';
import { isNamespaceName, isObjectName } from './object-name.ts';
import type { LookupFailure, ObservedCluster } from './observed-cluster.ts';
import type { Notice, TargetResource } from './signal.ts';

/** Labels that Prometheus and its exporters set for themselves: never a target. */
const reservedKeys = new Set(['job', 'service', 'instance', 'endpoint', 'container', 'namespace', 'cluster']);

const firstTier = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'DeploymentConfig']);
const lastTier = new Set(['Pod', 'Node']);

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
}

export interface TargetChoice {
  /** Absent where no label names a resource, or where a look-up failed. */
  target?: TargetResource;
  /** In the order in which they were looked at, refused ones last. */
  candidates: TargetCandidate[];
  warnings: Notice[];
  /** A look-up that failed in a way that may pass: another target could be the right one. */
  failure?: LookupFailure;
}

interface Eligible {
  labelKey: string;
  name: string;
  resource: ApiResource;
  match: KeyMatch;
  tier: 1 | 2 | 3;
}

/** The labels that could name a target, in the order of choice; no request is spent. */
function findCandidates(
  labels: Record<string, string>,
  kinds: KindIndex,
): { eligible: Eligible[]; refused: TargetCandidate[] } {
  const eligible: Eligible[] = [];
  const refused: TargetCandidate[] = [];
  for (const [labelKey, name] of Object.entries(labels)) {
    const found = kinds.labelKind(labelKey);
    if (found === undefined) continue;
    const { resource, match } = found;
    const candidate = { labelKey, name, resource, match, tier: tierOf(resource.kind) };
    const why = refusalOf(labelKey, name, resource);
    if (why === undefined) eligible.push(candidate);
    else refused.push(judged(candidate, 'refused', why));
  }
  eligible.sort(byPrecedence);
  return { eligible, refused };
}

/** Chooses among an alert's labels; the GETs that tell what exists are spent only where there is a choice. */
export async function chooseTarget(
  labels: Record<string, string>,
  cluster: ObservedCluster,
): Promise<TargetChoice> {
  const kinds = await cluster.kinds();
  const { eligible, refused } = findCandidates(labels, kinds);
  const chosen = await firstExisting(eligible, labels, cluster);
  if (chosen.failure !== undefined) {
    const undecided = eligible.map((candidate) => judged(candidate, 'lost', 'a look-up failed'));
    return {
      candidates: [...undecided, ...refused],
      warnings: chosen.warnings,
      failure: chosen.failure,
    };
  }
  const candidates = eligible.map((candidate, index) => {
    if (index === chosen.index) return judged(candidate, 'chosen', chosen.why);
    const why = index < chosen.index ? 'it was not found' : 'another goes before it';
    return judged(candidate, 'lost', why);
  });
  const winner = eligible[chosen.index];
  const all = { candidates: [...candidates, ...refused], warnings: chosen.warnings };
  if (winner === undefined) return all;
  const { resource, name } = winner;
  const namespace = namespaceFor(labels, resource);
  const apiVersion = await apiVersionFor({ kind: resource.kind, name, namespace }, kinds, cluster);
  const target = {
    kind: resource.kind,
    name,
    ...(namespace === '' ? {} : { namespace }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
  return { ...all, target };
}

/** The namespace of a signal: a valid exported_namespace, a valid namespace, else `default` for a namespaced kind. */
function namespaceFor(labels: Record<string, string>, resource: ApiResource): string {
  for (const key of ['exported_namespace', 'namespace']) {
    const value = labels[key];
    if (value !== undefined && isNamespaceName(value)) return value;
  }
  return resource.namespaced ? 'default' : '';
}

async function firstExisting(
  eligible: Eligible[],
  labels: Record<string, string>,
  cluster: ObservedCluster,
): Promise<{ index: number; why: string; warnings: Notice[]; failure?: LookupFailure }> {
  const warnings: Notice[] = [];
  if (eligible.length === 1) return { index: 0, why: 'it is the only candidate', warnings };
  for (const [index, { resource, name }] of eligible.entries()) {
    const seen = await cluster.observe(resource, { namespace: namespaceFor(labels, resource), name });
    if (seen.state === 'found') return { index, why: 'it exists', warnings };
    if (seen.state === 'absent') continue;
    if (!seen.failure.forbidden) return { index, why: '', warnings, failure: seen.failure };
    const message = `whether ${resource.kind}/${name} exists is unknown: ${seen.failure.message}`;
    warnings.push({ code: 'TARGET_NOT_READABLE', message });
  }
  return { index: 0, why: 'no candidate was found, and it goes first', warnings };
}

/** The apiVersion of a Kind that one group serves, or of the one group in which the object exists. */
async function apiVersionFor(
  object: { kind: string; name: string; namespace: string },
  kinds: KindIndex,
  cluster: ObservedCluster,
): Promise<string | undefined> {
  const groups = kinds.groupsOf(object.kind);
  const [only, second] = groups;
  if (only === undefined || second === undefined) return only && apiVersionOf(only);
  const existing: ApiResource[] = [];
  for (const resource of groups) {
    const seen = await cluster.observe(resource, { namespace: object.namespace, name: object.name });
    if (seen.state === 'found') existing.push(resource);
  }
  const [first] = existing;
  return existing.length === 1 && first !== undefined ? apiVersionOf(first) : undefined;
}

function refusalOf(labelKey: string, name: string, resource: ApiResource): string | undefined {
  if (reservedKeys.has(labelKey)) return 'the key is reserved';
  if (!isObjectName(name, resource)) return `the value is no name that a ${resource.kind} can have`;
  return undefined;
}

function tierOf(kind: string): 1 | 2 | 3 {
  if (firstTier.has(kind)) return 1;
  return lastTier.has(kind) ? 3 : 2;
}

const matchOrder: Record<KeyMatch, number> = { singular: 0, kind: 1, alias: 2 };

function byPrecedence(a: Eligible, b: Eligible): number {
  return (
    a.tier - b.tier ||
    compareText(a.resource.kind, b.resource.kind) ||
    matchOrder[a.match] - matchOrder[b.match] ||
    compareText(a.labelKey, b.labelKey)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function judged(
  { labelKey, name, resource, tier }: Eligible,
  verdict: TargetCandidate['verdict'],
  why: string,
): TargetCandidate {
  return { labelKey, name, kind: resource.kind, tier, verdict, why };
}
