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

/** Whether a request, of either layout, is one of those that are wanted. */
/** Whether anything is asked for. */
export function hasRequestFilter(filter: RequestFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

const wholeLength = 64;

/** The field selector by which the server itself selects; by a beginning of a fingerprint it cannot. */
export function fingerprintSelector({ fingerprint }: RequestFilter): string | undefined {
  return fingerprint?.length === wholeLength ? `spec.signalFingerprint=${fingerprint}` : undefined;
}

/** Whether everything holds that the filter asks for. Fields of a wrong type count as absent. */
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
