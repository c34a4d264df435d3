import type { KubeObject } from '../api/objects.ts';
import { readRequestFacts, type RequestFacts } from './request-facts.ts';

/** Which requests are wanted; everything that is given has to hold. */
export interface RequestFilter {
  /** Without regard to case. */
  phases?: readonly string[] | undefined;
  /** What the request is about; the kind without regard to case. */
  resource?: { kind: string; name: string } | undefined;
  resourceNamespace?: string | undefined;
  resourceClusterID?: string | undefined;
  /** Created at this moment or later, milliseconds since the epoch. */
  sinceMs?: number | undefined;
  /** A fingerprint or the beginning of one. */
  fingerprint?: string | undefined;
}

export function matchesRequest(object: KubeObject, filter: RequestFilter): boolean {
  const facts = readRequestFacts(object);
  return checks.every((holds) => holds(facts, filter));
}

const checks: readonly ((facts: RequestFacts, filter: RequestFilter) => boolean)[] = [
  ({ fingerprint }, filter) => fingerprint.startsWith(filter.fingerprint ?? ''),
  ({ phase }, { phases }) => phases?.some((one) => sameWord(one, phase)) ?? true,
  ({ resource }, { resource: wanted }) =>
    wanted === undefined || (resource?.name === wanted.name && sameWord(resource.kind, wanted.kind)),
  ({ resource }, { resourceNamespace: wanted }) =>
    wanted === undefined || (resource?.namespace ?? '') === wanted,
  ({ clusterID = '' }, { resourceClusterID: wanted }) => wanted === undefined || clusterID === wanted,
  ({ creationTimestamp = '' }, { sinceMs }) =>
    sinceMs === undefined || Date.parse(creationTimestamp) >= sinceMs,
];

function sameWord(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
