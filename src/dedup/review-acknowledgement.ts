/**
 * Ends the blocking of a request that waits for manual review: its outcome becomes `Inconclusive`, so that its
 * fingerprint is open again, and an annotation keeps who did that, when and why.
 *
 * Two writes are needed: annotations are no part of the status subresource. Their order is annotation first. A
 * process that is killed in between leaves a request that still blocks and says that somebody meant to acknowledge
 * it, and the same command done again completes it; the other order could leave a request that blocks no longer
 * and does not say why. Before both, the status write is tried with dryRun=All, so that a missing permission or a
 * schema that refuses it leaves nothing behind.
 *
 * Guarantees: every write carries uid and resourceVersion of what was looked at; where somebody else changed the
 * request meanwhile, it is read again, and goes on only while it still waits for manual review with the same phase.
 * A status write that fails takes the annotation back; one whose answer is lost is looked for before anything is said.
 * Non-guarantees: a controller may write the outcome back at any time (`lookAgain` sees it if it does so at once);
 * the annotation cannot be taken back where the API server can no longer be reached.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { ApiError } from '../kube/api-error.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import { isIndefinite } from '../kube/indefinite-answer.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { RemediationRequest } from '../request/request-access.ts';
import { isTerminalPhase } from '../request/phase.ts';
import { readRequestFacts, type RequestFacts } from '../request/request-facts.ts';

/** Keeps who acknowledged a review, when and why: JSON of an Acknowledgement. */
export const acknowledgedByAnnotation = 'remedyctl.dev/acknowledged-by';
/** The outcome that stands for a review that was acknowledged by hand. */
export const acknowledgedOutcome = 'Inconclusive';
const waiting = 'ManualReviewRequired';
const attempts = 4;

/** The value of the annotation. */
export interface Acknowledgement {
  by: string;
  /** RFC 3339 in UTC. */
  at: string;
  reason?: string;
  /** The outcome that was replaced. */
  outcome: string;
}

/** What the writes go by. */
export interface AcknowledgementAccess {
  objects: ObjectAccess;
  /** Where requests are served, and in which layout. */
  kind: ServedRequestKind;
  signal: AbortSignal;
}

interface WriteSettings {
  /** Sends both writes with dryRun=All. */
  dryRun: boolean;
}

/** Whether an acknowledgement would find something to end. */
export function waitsForReview({ outcome, phase }: Pick<RequestFacts, 'outcome' | 'phase'>): boolean {
  return outcome === waiting && isTerminalPhase(phase);
}

/** Throws NOT_IN_REVIEW for a request that does not wait for manual review. */
export function requireReview(request: RemediationRequest): RequestFacts {
  const facts = readRequestFacts(request);
  const place = `${facts.namespace}/${facts.name}`;
  if (facts.outcome !== waiting) {
    const outcome = facts.outcome === undefined ? 'no outcome' : `the outcome ${facts.outcome}`;
    const earlier = acknowledgementOf(request);
    const by = earlier === undefined ? '' : `; it was acknowledged by ${earlier.by} at ${earlier.at}`;
    throw notInReview(`${place} has ${outcome}, so it does not wait for manual review${by}`, facts);
  }
  if (!isTerminalPhase(facts.phase)) {
    const phase = facts.phase === '' ? 'no phase yet' : `the phase ${facts.phase}`;
    throw notInReview(`${place} has ${phase}, so it is still active, whatever its outcome says`, facts);
  }
  return facts;
}

/** What the annotation of a request says; undefined where it has none that can be read. */
export function acknowledgementOf(request: RemediationRequest): Acknowledgement | undefined {
  try {
    const value: unknown = JSON.parse(annotationOf(request) ?? '');
    const { by, at, outcome } = value as Partial<Acknowledgement>;
    return typeof by === 'string' && typeof at === 'string' && typeof outcome === 'string'
      ? (value as Acknowledgement)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes. Resolves to the request as it is then. Errors: what ObjectAccess throws; REQUEST_CHANGED where somebody
 * changed it meanwhile in a way that makes it another question; NOT_IN_REVIEW.
 */
export async function acknowledgeReview(
  access: AcknowledgementAccess,
  seen: RemediationRequest,
  acknowledgement: Acknowledgement,
  settings: WriteSettings,
): Promise<RemediationRequest> {
  let current = seen;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeBoth(access, current, acknowledgement, settings);
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      current = await readAgain(access, seen, acknowledgement);
      if (attempt < attempts) continue;
      const reason = changed(seen, 'others keep writing it', thrown);
      await takeBackOwn(access, { seen, now: current, acknowledgement }, reason);
      throw reason;
    }
  }
}

/** The request as it is now. Throws REVIEW_WRITTEN_BACK where it waits for manual review again. */
export async function lookAgain(
  access: AcknowledgementAccess,
  written: RemediationRequest,
): Promise<RemediationRequest> {
  const { namespace, name } = written.metadata;
  const now = await look(access, written);
  if (readRequestFacts(now).outcome !== waiting) return now;
  throw new RemedyError(
    'REVIEW_WRITTEN_BACK',
    `${namespace ?? ''}/${name} waits for manual review again: a controller has written its outcome back`,
    {
      hint: 'find out which controller keeps the outcome and why (its logs, kubectl get --show-managed-fields); the annotation stays',
      details: { resourceVersion: now.metadata.resourceVersion },
    },
  );
}

async function writeBoth(
  access: AcknowledgementAccess,
  current: RemediationRequest,
  acknowledgement: Acknowledgement,
  { dryRun }: WriteSettings,
): Promise<RemediationRequest> {
  requireEnded(await patchStatus(access, current, true));
  const value = JSON.stringify(acknowledgement);
  const noted = await noteDown(access, current, value, dryRun);
  // A dry run has not made the version that the second write would name.
  if (dryRun) return { ...noted, ...(await patchStatus(access, current, true)), metadata: noted.metadata };
  try {
    return await patchStatus(access, noted, false);
  } catch (thrown) {
    if (isIndefinite(thrown)) return settleStatus(access, { current, noted }, thrown);
    if (!isConflict(thrown)) await takeBack(access, { current, noted }, thrown);
    throw thrown;
  }
}

/** The annotation; where its answer is lost and it stands there all the same, as it is now. */
async function noteDown(
  access: AcknowledgementAccess,
  current: RemediationRequest,
  value: string,
  dryRun: boolean,
): Promise<RemediationRequest> {
  try {
    return await annotate(access, current, value, dryRun);
  } catch (thrown) {
    if (dryRun || !isIndefinite(thrown)) throw thrown;
    const now = await look(access, current).catch(() => undefined);
    if (now === undefined || annotationOf(now) !== value || !isSameQuestion(current, now)) throw thrown;
    return now;
  }
}

/**
 * After a status write without an answer. It has taken effect, or never will: taking the annotation back changes the
 * version that it names.
 */
async function settleStatus(
  access: AcknowledgementAccess,
  { current, noted }: { current: RemediationRequest; noted: RemediationRequest },
  cause: unknown,
): Promise<RemediationRequest> {
  let now: RemediationRequest;
  try {
    now = await look(access, noted);
  } catch (thrown) {
    const { namespace, name } = readRequestFacts(noted);
    throw new RemedyError(
      'STATUS_NOT_PERSISTED',
      `whether ${namespace}/${name} was acknowledged is not known: ${messageOf(cause)}; and looking again failed: ${messageOf(thrown)}`,
      { hint: `the same command completes it; how it stands: remedyctl dedup show ${name}`, cause },
    );
  }
  const isOurs = now.metadata.uid === noted.metadata.uid && annotationOf(now) === annotationOf(noted);
  if (isOurs && readRequestFacts(now).outcome === acknowledgedOutcome) return now;
  if (isOurs) await takeBack(access, { current, noted: now }, cause);
  throw cause;
}

async function patchStatus(
  { objects, kind, signal }: AcknowledgementAccess,
  request: RemediationRequest,
  dryRun: boolean,
): Promise<RemediationRequest> {
  const { namespace, name, uid, resourceVersion } = request.metadata;
  const patch = { metadata: { uid, resourceVersion }, status: reviewedStatus(request, kind) };
  const options = { subresource: 'status', dryRun, signal } as const;
  return (await objects.mergePatch<RemediationRequest>(kind.resource, { namespace, name }, patch, options))
    .object;
}

/**
 * In the layout in which the request has its outcome, in both where it has it in both. A flat outcome that the served
 * schema does not know (an object that an older definition left behind) cannot be written there: the server drops it
 * with any write, so that the nested one takes its place.
 */
function reviewedStatus({ status = {} }: RemediationRequest, kind: ServedRequestKind): object {
  const reviewed = { outcome: acknowledgedOutcome, requiresManualReview: false };
  const nested = status['completionStatus'] as { outcome?: unknown } | undefined;
  const isFlat = status['outcome'] === waiting;
  const flatIsServed = kind.hasField('status.outcome');
  return {
    ...(nested?.outcome === waiting || (isFlat && !flatIsServed) ? { completionStatus: reviewed } : {}),
    ...(isFlat && flatIsServed ? reviewed : {}),
  };
}

/** What the server answers to the write tells what it would keep: a schema or a webhook may have another opinion. */
function requireEnded(answer: RemediationRequest): void {
  const { outcome, namespace, name } = readRequestFacts(answer);
  if (outcome === acknowledgedOutcome) return;
  throw new RemedyError(
    'STATUS_NOT_PERSISTED',
    `the server does not take the outcome ${acknowledgedOutcome} for ${namespace}/${name}: it would be ${outcome ?? 'none'}`,
    { hint: 'a webhook or the served definition stands against it; nothing was written' },
  );
}

async function annotate(
  { objects, kind, signal }: AcknowledgementAccess,
  request: RemediationRequest,
  value: string | null,
  dryRun: boolean,
): Promise<RemediationRequest> {
  const { namespace, name, uid, resourceVersion } = request.metadata;
  const annotations = { [acknowledgedByAnnotation]: value };
  const patch = { metadata: { uid, resourceVersion, annotations } };
  const options = { dryRun, signal };
  return (await objects.mergePatch<RemediationRequest>(kind.resource, { namespace, name }, patch, options))
    .object;
}

/** The annotation as it was before, so that it does not tell of what did not happen. */
async function takeBack(
  access: AcknowledgementAccess,
  { current, noted }: { current: RemediationRequest; noted: RemediationRequest },
  cause: unknown,
): Promise<void> {
  const before = annotationOf(current) ?? null;
  try {
    await annotate(access, noted, before, false);
  } catch (thrown) {
    throw new RemedyError(
      'STATUS_NOT_PERSISTED',
      `${noted.metadata.name} was not acknowledged: ${messageOf(cause)}; and the annotation that says so could not be taken back: ${messageOf(thrown)}`,
      { hint: 'where it still waits for manual review, the same command completes it', cause },
    );
  }
}

/** As it is now, if the question is still the one that was answered; else nothing of ours stays on it. */
async function readAgain(
  access: AcknowledgementAccess,
  seen: RemediationRequest,
  acknowledgement: Acknowledgement,
): Promise<RemediationRequest> {
  const now = await look(access, seen);
  if (isSameQuestion(seen, now)) return now;
  const isSame = now.metadata.uid === seen.metadata.uid;
  const { phase, outcome } = readRequestFacts(now);
  const difference = changed(
    seen,
    isSame ? `it is ${phase} with ${outcome ?? 'no outcome'} now` : 'it is another one of that name',
  );
  if (isSame) await takeBackOwn(access, { seen, now, acknowledgement }, difference);
  throw difference;
}

function look(
  { objects, kind, signal }: AcknowledgementAccess,
  { metadata: { namespace, name } }: RemediationRequest,
): Promise<RemediationRequest> {
  return objects.get<RemediationRequest>(kind.resource, { namespace, name }, { signal });
}

/** Still the same object, which still waits for manual review with the same phase. */
function isSameQuestion(seen: RemediationRequest, now: RemediationRequest): boolean {
  const { phase, outcome } = readRequestFacts(now);
  const isSame = now.metadata.uid === seen.metadata.uid;
  return isSame && outcome === waiting && phase === readRequestFacts(seen).phase;
}

/** Somebody else's annotation stays. */
async function takeBackOwn(
  access: AcknowledgementAccess,
  {
    seen,
    now,
    acknowledgement,
  }: { seen: RemediationRequest; now: RemediationRequest; acknowledgement: Acknowledgement },
  cause: unknown,
): Promise<void> {
  if (annotationOf(now) !== JSON.stringify(acknowledgement)) return;
  await takeBack(access, { current: seen, noted: now }, cause);
}

function annotationOf({ metadata }: RemediationRequest): string | undefined {
  return metadata.annotations?.[acknowledgedByAnnotation];
}

function isConflict(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.reason === 'Conflict';
}

function changed({ metadata }: RemediationRequest, how: string, cause?: unknown): RemedyError {
  const place = `${metadata.namespace ?? ''}/${metadata.name}`;
  return new RemedyError('REQUEST_CHANGED', `${place} has changed since it was looked at: ${how}`, {
    hint: 'look at it again and decide anew',
    cause,
  });
}

function notInReview(message: string, { name, phase, outcome }: RequestFacts): RemedyError {
  return new RemedyError('NOT_IN_REVIEW', message, {
    hint: `what stands in the way of the next signal: remedyctl dedup show ${name}`,
    details: { phase, ...(outcome === undefined ? {} : { outcome }) },
  });
}
