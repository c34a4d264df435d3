import type { DeduplicationState, StateName } from './deduplication-state.ts';

/** Which fingerprints are wanted; everything that is given has to hold. */
export interface StateFilter {
  states?: readonly StateName[] | undefined;
  /** Of one of its requests at least, without regard to case. */
  phases?: readonly string[] | undefined;
  /** Of the resource. */
  namespace?: string | undefined;
  /** Without regard to case. */
  kind?: string | undefined;
  /** Last seen at this moment or later, milliseconds since the epoch. */
  sinceMs?: number | undefined;
  /** Last seen before this moment. */
  beforeMs?: number | undefined;
}

/** Whether a state is one of those that are wanted. */
export function matchesFilter(state: DeduplicationState, filter: StateFilter): boolean {
  return (
    (filter.states?.includes(state.state) ?? true) &&
    matchesPhases(state, filter.phases) &&
    matchesResource(state, filter) &&
    matchesAge(state, filter)
  );
}

function matchesResource({ resource }: DeduplicationState, { namespace, kind }: StateFilter): boolean {
  return (
    (namespace === undefined || (resource?.namespace ?? '') === namespace) &&
    (kind === undefined || resource?.kind.toLowerCase() === kind.toLowerCase())
  );
}

function matchesPhases({ history }: DeduplicationState, phases: readonly string[] | undefined): boolean {
  if (phases === undefined) return true;
  const wanted = phases.map((phase) => phase.toLowerCase());
  return history.some(({ phase = '' }) => wanted.includes(phase.toLowerCase()));
}

/** What nobody knows the time of is neither young nor old. */
function matchesAge(state: DeduplicationState, { sinceMs, beforeMs }: StateFilter): boolean {
  if (sinceMs === undefined && beforeMs === undefined) return true;
  const seenMs = lastSeenMs(state);
  if (seenMs === undefined) return false;
  return seenMs >= (sinceMs ?? -Infinity) && seenMs < (beforeMs ?? Infinity);
}

/** When a signal of the fingerprint was last counted, else when its newest request was made. */
export function lastSeenMs({ lastSeenAt, history }: DeduplicationState): number | undefined {
  const atMs = Date.parse(lastSeenAt ?? history[0]?.createdAt ?? '');
  return Number.isNaN(atMs) ? undefined : atMs;
}
