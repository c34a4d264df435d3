import type { ConsideredRequest, DeduplicationDecision } from '../request/deduplication-decision.ts';
import type { LookedAtRequest } from './explanation.ts';

/** Every request that was looked at, those that counted first, then by name. */
export function lookedAt({ considered }: DeduplicationDecision): LookedAtRequest[] {
  return considered.map(describe).sort(byWeight);
}

function describe({ request, counted, why }: ConsideredRequest): LookedAtRequest {
  const { namespace, name, phase, outcome, creationTimestamp, deletionTimestamp } = request;
  return {
    namespace,
    name,
    ...(phase === '' ? {} : { phase }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(creationTimestamp === undefined ? {} : { createdAt: creationTimestamp }),
    ...(deletionTimestamp === undefined ? {} : { deletedAt: deletionTimestamp }),
    ...(request.nextAllowedExecution === undefined
      ? {}
      : { nextAllowedExecution: request.nextAllowedExecution }),
    counted,
    considered: why,
  };
}

function byWeight(a: LookedAtRequest, b: LookedAtRequest): number {
  if (a.counted !== b.counted) return a.counted ? -1 : 1;
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

const whyDuplicate = {
  active: 'is active',
  manualReview: 'waits for manual review, and holds the fingerprint back until somebody acknowledges it',
  backoff: 'has ended, and its backoff is not over',
  none: '',
} as const;

/** What the requests come down to, in one sentence. */
export function deduplicationText(decision: DeduplicationDecision): string {
  const count = decision.considered.length;
  const seen = count === 1 ? 'the one request' : `none of the ${count} requests`;
  if (decision.request === undefined) {
    if (count === 0) return 'no request has this fingerprint';
    return count === 1
      ? 'the one request of this fingerprint holds nothing back'
      : `${seen} of this fingerprint holds anything back`;
  }
  const { name, phase } = decision.request;
  const until = decision.until === undefined ? '' : ` until ${decision.until}`;
  const shown = phase === '' ? 'no phase yet' : `phase ${phase}`;
  return `${name} (${shown}) ${whyDuplicate[decision.reason]}${until}`;
}
