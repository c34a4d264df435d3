import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Identity } from '../lease/identity.ts';
import { RequestLocator } from '../locks/request-locator.ts';
import type { Notes } from '../notes/notes.ts';
import type { RemediationRequest } from '../request/request-access.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import type { Clock } from '../time/clock.ts';
import { deduplicationState, type DeduplicationState } from './deduplication-state.ts';
import {
  acknowledgedOutcome,
  acknowledgementOf,
  acknowledgeReview,
  lookAgain,
  requireReview,
  type Acknowledgement,
  type AcknowledgementAccess,
} from './review-acknowledgement.ts';
import { requestsOf } from './state-reader.ts';

/** What acknowledging goes by. */
export interface AcknowledgeGround {
  client: Pick<KubeClient, 'objects' | 'discovery'>;
  /** Real time: it stands in the annotation. */
  clock: Clock;
  /** Ends waits and requests. */
  signal: AbortSignal;
  /** Who acknowledges. */
  identity: Pick<Identity, 'user' | 'host'>;
  notes: Pick<Notes, 'say'>;
  /** Where RemediationRequests live. */
  namespace: string;
}

/** Which request is to be acknowledged, and how. */
export interface AcknowledgeOrder {
  /** Of the RemediationRequest. */
  name: string;
  /** `client`: nothing is sent; `server`: both writes are sent with dryRun=All. */
  dryRun?: 'client' | 'server' | undefined;
  /** Why, for the annotation; at most 1024 characters. */
  reason?: string | undefined;
  /** How long to wait before looking whether a controller has written it back, milliseconds; 0: no such look. */
  settleMs: number;
  /** Told what is about to change. */
  onPlan?: ((plan: AcknowledgePlan) => void) | undefined;
  /** Asks before anything is written. Throws what ends the matter. */
  confirm: () => Promise<void>;
}

/** What is about to change. */
export interface AcknowledgePlan {
  facts: RequestFacts;
  /** The state of its fingerprint, as it will be then: other requests may stand in the way as well. */
  next: DeduplicationState;
  /** Of a run before this one that did not last. */
  earlier: Acknowledgement | undefined;
}

/** What was done, or with a dry run would be. */
export interface AcknowledgedReview {
  dryRun?: 'client' | 'server';
  request: { namespace: string; name: string; uid: string };
  fingerprint: string;
  phase: string;
  outcome: { before: string; after: string };
  acknowledgedBy: Acknowledgement;
  /** What becomes of the next signal then. */
  next: Pick<DeduplicationState, 'state' | 'decision'>;
  /** Whether it was still acknowledged after the time to settle; absent where nobody looked. */
  settled?: boolean;
}

const longestReason = 1024;

/** Throws INVALID_OPTION for a reason that the annotation cannot have. */
export function checkReason(reason: string | undefined): void {
  if (reason === undefined || (reason.trim() !== '' && reason.length <= longestReason)) return;
  const message = `${optionName('reason')} must have 1 to ${longestReason} characters`;
  throw new RemedyError('INVALID_OPTION', message);
}

/**
 * Ends the blocking of one request that waits for manual review: looks, asks, writes, looks again.
 * Throws what `checkReason`, `requireReview`, `acknowledgeReview`, `lookAgain` and `confirm` throw.
 */
export async function acknowledge(
  ground: AcknowledgeGround,
  order: AcknowledgeOrder,
): Promise<AcknowledgedReview> {
  const { client, clock, namespace, notes, signal } = ground;
  const { objects } = client;
  const { dryRun, settleMs } = order;
  checkReason(order.reason);
  const kind = await client.discovery.remediationRequests();
  const key = { namespace, name: order.name };
  const seen = await objects.get<RemediationRequest>(kind.resource, key, { signal });
  const facts = requireReview(seen);
  const next = await nextState(ground, facts);
  order.onPlan?.({ facts, next, earlier: acknowledgementOf(seen) });
  const access: AcknowledgementAccess = { objects, kind, signal };
  const acknowledgement = acknowledgementBy(ground, facts, order.reason);
  const result = describe({ facts, next, acknowledgement, dryRun });
  if (dryRun === 'client') return result;
  if (dryRun === undefined) await order.confirm();
  const written = await acknowledgeReview(access, seen, acknowledgement, { dryRun: dryRun === 'server' });
  if (dryRun === 'server' || settleMs === 0) return result;
  notes.say(`written; a controller may write it back, looking again in ${settleMs / 1000} s`);
  await clock.sleep(settleMs, signal);
  await lookAgain(access, written);
  return { ...result, settled: true };
}

async function nextState(
  { client, clock, namespace, signal }: AcknowledgeGround,
  { fingerprint, uid }: RequestFacts,
): Promise<DeduplicationState> {
  const requests = await requestsOf(new RequestLocator(client, signal), namespace, fingerprint);
  const then = requests.map((request) =>
    request.uid === uid ? { ...request, outcome: acknowledgedOutcome } : request,
  );
  return deduplicationState(fingerprint, then, clock.now());
}

function acknowledgementBy(
  { clock, identity: { user, host } }: AcknowledgeGround,
  { outcome = '' }: RequestFacts,
  reason: string | undefined,
): Acknowledgement {
  return {
    by: `${user}@${host}`,
    at: new Date(clock.now()).toISOString(),
    ...(reason === undefined ? {} : { reason }),
    outcome,
  };
}

function describe({
  facts,
  next,
  acknowledgement,
  dryRun,
}: {
  facts: RequestFacts;
  next: DeduplicationState;
  acknowledgement: Acknowledgement;
  dryRun: AcknowledgeOrder['dryRun'];
}): AcknowledgedReview {
  const { namespace, name, uid, fingerprint, phase } = facts;
  return {
    ...(dryRun === undefined ? {} : { dryRun }),
    request: { namespace, name, uid },
    fingerprint,
    phase,
    outcome: { before: acknowledgement.outcome, after: acknowledgedOutcome },
    acknowledgedBy: acknowledgement,
    next: { state: next.state, decision: next.decision },
  };
}
