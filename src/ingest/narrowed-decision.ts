import type { DeduplicationDecision } from '../request/deduplication-decision.ts';

/** A decision to count; undefined for one to create. */
export function duplicateOnly(decision: DeduplicationDecision): DeduplicationDecision | undefined {
  return decision.kind === 'duplicate' ? decision : undefined;
}

/** A hint may be old: only an active request in it, whose write its resourceVersion guards, is acted on. */
export function activeOnly(decision: DeduplicationDecision): DeduplicationDecision | undefined {
  return decision.reason === 'active' ? decision : undefined;
}
