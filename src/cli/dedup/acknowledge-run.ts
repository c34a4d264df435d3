import { deduplicationState, type DeduplicationState } from '../../dedup/deduplication-state.ts';
import type { RequestFacts } from '../../dedup/request-facts.ts';
import {
  acknowledgedOutcome,
  acknowledgementOf,
  acknowledgeReview,
  lookAgain,
  requireReview,
  type Acknowledgement,
  type AcknowledgementAccess,
} from '../../dedup/review-acknowledgement.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { RemediationRequest } from '../../request/request-access.ts';
import { confirm } from '../confirmation.ts';
import { identityOf } from '../identity.ts';
import { ackPreview, ackText, type AcknowledgedRequest } from '../render/request-ack-text.ts';
import { printDocument } from '../render/document.ts';
import { ServerObservation } from '../server-observation.ts';
import type { Session } from '../session.ts';
import { confirmWrite } from '../write-guard.ts';
import type { AckWish } from './ack-flags.ts';
import { StateReader } from './state-reader.ts';

/**
 * Looks, asks, writes, looks again. Errors: those of `requireReview`, `acknowledgeReview` and `lookAgain`;
 * NEEDS_YES, DECLINED.
 */
export async function acknowledge(
  session: Session,
  client: KubeClient,
  wish: AckWish & { name: string },
): Promise<void> {
  const { runtime, config, notices } = session;
  const { signal, clock } = runtime;
  const { objects } = client;
  const kind = await client.discovery.remediationRequests();
  const key = { namespace: config.values.namespace, name: wish.name };
  const seen = await objects.get<RemediationRequest>(kind.resource, key, { signal });
  const facts = requireReview(seen);
  const next = await nextState(session, client, facts);
  const plan = { facts, next, earlier: acknowledgementOf(seen) };
  notices.say(ackPreview(plan, clock.now()));
  const access: AcknowledgementAccess = { objects, kind, signal };
  const acknowledgement = acknowledgementBy(session, facts, wish.reason);
  const result = describe({ client, facts, next, acknowledgement, dryRun: wish.dryRun });
  if (wish.dryRun === 'client') return print(session, result);
  const dryRun = wish.dryRun === 'server';
  if (!dryRun) await ask(session, client, wish);
  const written = await acknowledgeReview(access, seen, acknowledgement, { dryRun });
  if (dryRun || wish.settleMs === 0) return print(session, result);
  notices.say(`written; a controller may write it back, looking again in ${wish.settleMs / 1000} s`);
  await clock.sleep(wish.settleMs, signal);
  await lookAgain(access, written);
  return print(session, { ...result, settled: true });
}

/** A profile that wants the cluster's name typed asks for that in place of y. */
async function ask(session: Session, { target }: KubeClient, { name, yes }: AckWish & { name: string }) {
  if (session.config.values.confirm === 'typed' && target.kind === 'cluster') {
    await confirmWrite(session, { target, dryRun: false, yes });
    return;
  }
  await confirm({ about: `acknowledge the manual review of ${name}`, yes }, session.runtime);
}

/** What the fingerprint will be like: other requests may stand in the way as well. */
async function nextState(
  session: Session,
  client: KubeClient,
  facts: RequestFacts,
): Promise<DeduplicationState> {
  const { clock } = session.runtime;
  const reader = new StateReader({ session, client, server: new ServerObservation(), decisionClock: clock });
  const requests = await reader.requests(facts.fingerprint);
  const then = requests.map((request) =>
    request.uid === facts.uid ? { ...request, outcome: acknowledgedOutcome } : request,
  );
  return deduplicationState(facts.fingerprint, then, clock.now());
}

function acknowledgementBy(
  { runtime }: Session,
  { outcome = '' }: RequestFacts,
  reason: string | undefined,
): Acknowledgement {
  const { user, host } = identityOf(runtime);
  return {
    by: `${user}@${host}`,
    at: new Date(runtime.clock.now()).toISOString(),
    ...(reason === undefined ? {} : { reason }),
    outcome,
  };
}

function describe({
  client,
  facts,
  next,
  acknowledgement,
  dryRun,
}: {
  client: KubeClient;
  facts: RequestFacts;
  next: DeduplicationState;
  acknowledgement: Acknowledgement;
  dryRun: AckWish['dryRun'];
}): AcknowledgedRequest {
  const { namespace, name, uid, fingerprint, phase } = facts;
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'RequestAcknowledgement',
    target: client.target,
    ...(dryRun === undefined ? {} : { dryRun }),
    request: { namespace, name, uid },
    fingerprint,
    phase,
    outcome: { before: acknowledgement.outcome, after: acknowledgedOutcome },
    acknowledgedBy: acknowledgement,
    next: { state: next.state, decision: next.decision },
  };
}

async function print({ output, render }: Session, result: AcknowledgedRequest): Promise<void> {
  if (render.format.kind === 'table' || render.format.kind === 'wide') {
    await output.write(`${ackText(result)}\n`);
    return;
  }
  const name = (): string => `remediationrequest/${result.request.name}`;
  await printDocument(output, { document: result, rows: [result], columns: [], name }, render);
}
