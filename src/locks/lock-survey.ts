import { RemedyError } from '../errors/remedy-error.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Lease } from '../lease/lease-object.ts';
import { describeLock, isLock, type LockRecord, type LockRequests } from '../lease/lock-record.ts';
import type { LockGround } from './lock-ground.ts';
import { LockRequestIndex } from './lock-request-index.ts';
import { RequestLocator } from './request-locator.ts';

/** Which locks. */
export interface SurveyScope {
  /** Absent: every namespace. */
  leaseNamespace: string | undefined;
  /** Where the requests are; absent: in every namespace. */
  requestNamespace: string | undefined;
  /** Of the leases, as the API server understands it. */
  labelSelector?: string | undefined;
}

/** What a survey goes by. */
export type SurveyGround = Omit<LockGround, 'random' | 'progress'>;

/** One lock as it was found. */
export interface SurveyedLock {
  lease: Lease;
  record: LockRecord;
  requests: LockRequests;
}

/**
 * Every lock of the scope with its request: one LIST of leases, one of requests. Where requests may not be read it
 * says so and goes without. Throws what ObjectAccess throws.
 */
export async function surveyLocks(ground: SurveyGround, scope: SurveyScope): Promise<SurveyedLock[]> {
  const leases = await listLocks(ground, scope);
  const join = leases.length === 0 ? () => ({}) : await joinRequests(ground, scope, leases);
  const nowMs = ground.clock.now();
  const skew = ground.skew();
  return leases.map((lease) => {
    const requests = join(lease);
    return { lease, requests, record: describeLock(lease, { nowMs, skew, requests }) };
  });
}

async function listLocks({ client, signal }: SurveyGround, scope: SurveyScope): Promise<Lease[]> {
  const { leaseNamespace: namespace, labelSelector } = scope;
  const locks: Lease[] = [];
  const pages = client.objects.listPages<Lease>(leaseResource, { namespace, labelSelector }, { signal });
  for await (const page of pages) locks.push(...page.items.filter(isLock));
  return locks;
}

async function joinRequests(
  { client, notes, signal }: SurveyGround,
  { requestNamespace }: SurveyScope,
  leases: readonly Lease[],
): Promise<(lease: Lease) => LockRequests> {
  const index = new LockRequestIndex({ leaseNames: new Set(leases.map(({ metadata }) => metadata.name)) });
  const requests = new RequestLocator(client, signal);
  try {
    for await (const request of requests.list({ namespace: requestNamespace })) index.put(request);
  } catch (thrown) {
    warnOfMissingRequests(notes, thrown);
    return () => ({});
  }
  return ({ metadata }) => index.of(metadata.name);
}

/** Locks are worth seeing without their requests too; anything but a refusal is thrown again. */
export function warnOfMissingRequests(notes: LockGround['notes'], thrown: unknown): void {
  const refused = thrown instanceof RemedyError && ['FORBIDDEN', 'GROUP_NOT_SERVED'].includes(thrown.code);
  if (!refused) throw thrown;
  notes.warn(`locks are shown without their requests: ${thrown.message}`);
  if (thrown.hint !== undefined) notes.say(`  hint: ${thrown.hint}`);
}
