/** What would give a signal another outcome: concrete texts, each of which stands for itself. */
import { optionName } from '../errors/option-name.ts';
import type { DeduplicationDecision } from '../request/deduplication-decision.ts';
import { isTerminalPhase } from '../request/phase.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import { managedLabel } from '../signal/observed-cluster.ts';
import type { ScopeLook } from '../signal/scope.ts';
import type { Reason } from '../errors/reason.ts';
import type { TargetCandidate } from '../signal/target.ts';
import type { StageDetails } from './explanation.ts';
import { withArticle } from '../text/article.ts';

const byCode: Readonly<Record<string, () => string[]>> = {
  RESOLVED_ALERT: () => ['when the alert fires again (status firing)'],
  NORMAL_EVENT: () => ['an event of type Warning or Error'],
  DELETED_EVENT: () => ['an event that is not being deleted'],
  STALE: () => [`without ${optionName('enforceFreshness')}`],
  NO_TARGET: () => [
    'a label that names a resource, such as deployment, statefulset, daemonset, cronjob, pod or node',
  ],
  OWNER_NOT_FOUND: () => [
    'when the object that the signal names exists',
    'a label that names the owner itself, such as deployment',
  ],
  REMOTE_CLUSTER: () => [`with ${optionName('clusterIdScope')} local`],
  OWNER_LOOKUP_FAILED: () => ['when the objects on the way to the owner can be read'],
  SCOPE_LOOKUP_FAILED: () => ['when the objects with the label can be read', withoutScopeCheck()],
  DEDUPLICATION_FAILED: () => ['when the RemediationRequests can be listed'],
  FORBIDDEN: () => ['when RBAC allows it'],
  QUOTA_EXCEEDED: () => ['when the ResourceQuota of the namespace allows another one'],
  ADMISSION_DENIED: () => ['when the webhook or policy that refuses it allows it'],
  NAMESPACE_TERMINATING: () => ['in a namespace that is not being deleted'],
  INVALID_FIELD: () => ['a value that the API server accepts in that field'],
};

/** After a stage that stopped. */
export function changesOfRefusal({ code, hint }: Reason): string[] {
  const known = byCode[code];
  if (known !== undefined) return known();
  return hint === undefined ? [] : [hint];
}

/** Candidates that were refused for their value would be a target with a better one. */
export function changesOfCandidates(candidates: readonly TargetCandidate[]): string[] {
  return candidates
    .filter(({ verdict, why }) => verdict === 'refused' && why.startsWith('the value'))
    .map(
      ({ labelKey, kind }) =>
        `a value of the label ${labelKey} that ${withArticle(kind)} can have as its name`,
    );
}

/** Without the label that was chosen the next candidate would be the target, with another fingerprint. */
export function changesOfChoice(candidates: readonly TargetCandidate[]): string[] {
  const chosen = candidates.find(({ verdict }) => verdict === 'chosen');
  const next = candidates.find(({ verdict, why }) => verdict === 'lost' && why === 'another goes before it');
  if (chosen === undefined || next === undefined) return [];
  return [
    `without the label ${chosen.labelKey}: ${next.labelKey}=${next.name} would be looked at next, with another fingerprint`,
  ];
}

/** Of an unmanaged resource, `hint` being the command that labels it. */
export function changesOfScope(looked: readonly ScopeLook[], reason: Reason): string[] {
  const command = reason.hint === undefined ? '' : `: ${reason.hint}`;
  const [own, namespace] = looked;
  const changes = own === undefined ? [] : [`the label ${managedLabel}=true on ${own.object}${command}`];
  if (namespace !== undefined) changes.push(`the label ${managedLabel}=true on ${namespace.object}`);
  return [...changes, withoutScopeCheck()];
}

function withoutScopeCheck(): string {
  return `with ${optionName('skipScopeCheck')}`;
}

/** Of a managed resource. */
export function changesOfManaged(decidedBy: string): string[] {
  return [`without the label ${managedLabel}=true on ${decidedBy} the signal is rejected (UNMANAGED)`];
}

/** Each request that makes the signal a duplicate has to let go of it; a new one needs a request to appear. */
export function changesOfDecision(decision: DeduplicationDecision, fingerprint: string): string[] {
  const holding = decision.considered.filter(({ counted }) => counted);
  if (holding.length === 0) {
    return [
      `when a request with the fingerprint ${fingerprint.slice(0, 12)}… becomes active: the signal is counted on it`,
    ];
  }
  const texts = holding.map(({ request }) => releaseOf(request)).sort();
  if (texts.length === 1) return texts;
  return [
    ...texts,
    `only together: each of these ${texts.length} requests alone makes the signal a duplicate`,
  ];
}

function releaseOf({ name, phase, outcome, nextAllowedExecution }: RequestSummary): string {
  if (!isTerminalPhase(phase)) {
    return phase === ''
      ? `when ${name}, which has no phase yet, has ended`
      : `when ${name} leaves phase ${phase} for one in which it has ended`;
  }
  if (outcome === 'ManualReviewRequired') {
    return `when the manual review of ${name} is acknowledged: remedyctl request ack ${name}`;
  }
  return `after ${nextAllowedExecution ?? ''}, when the backoff of ${name} ends`;
}

/** While somebody holds the lock and it is needed. */
export function changesOfLease({ state, name, expiresAt = '' }: StageDetails['lease']): string[] {
  if (state !== 'held') return [];
  return [`at ${expiresAt}, when ${name} expires, or once its holder releases it: the ingest waits no more`];
}
