import { leaseResource } from '../../kube/well-known-resources.ts';
import type { Lease } from '../../lease/lease-object.ts';
import type { ResolvedLock } from '../../lease/lock-key.ts';
import { describeLock, type LockRecord, type LockRequests } from '../../lease/lock-record.ts';
import { observeLock, type LockObservation } from '../../lease/observe-lock.ts';
import { isApiError } from '../../kube/api-error.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { LockRequestIndex } from './lock-request-index.ts';
import { warnOfMissingRequests } from './lock-survey.ts';
import type { LockGround } from './lock-ground.ts';
import { RequestLocator } from './request-locator.ts';

/** A lock that was looked at closely; `observation` where it was watched. */
export interface ExaminedLock extends LockRecord {
  observation?: { unchangedSeconds: number; neededSeconds: number; holderGone: boolean };
}

/** One lock with its request, watched for a while where that is asked for. Throws NOT_FOUND. */
export async function examineLock(
  ground: LockGround,
  lock: ResolvedLock,
  observeMs: number | undefined,
): Promise<ExaminedLock> {
  const { session, server } = ground;
  const observation = observeMs === undefined ? undefined : await observed(ground, lock, observeMs);
  const lease = observation === undefined ? await readLock(ground, lock) : observation.lease;
  if (lease === undefined) throw released(lock, observation);
  const requests = await requestsOf(ground, lock);
  const record = describeLock(lease, {
    nowMs: session.runtime.clock.now(),
    skew: server.clockSkew(),
    fingerprint: lock.fingerprint,
    requests,
  });
  if (observation === undefined) return record;
  sayWhatItProves(ground, lock, observation);
  return {
    ...record,
    observed: observation.observed,
    observation: {
      unchangedSeconds: Math.round(observation.unchangedMs) / 1000,
      neededSeconds: observation.neededMs / 1000,
      holderGone: observation.proven,
    },
  };
}

function observed(
  { session, client }: LockGround,
  { leaseName }: ResolvedLock,
  observeMs: number,
): Promise<LockObservation> {
  const { runtime, config, progress } = session;
  const { clock, random, signal } = runtime;
  progress.start(`watching ${leaseName}`);
  const ground = { objects: client.objects, namespace: config.values.leaseNamespace, clock, random, signal };
  return observeLock(ground, leaseName, observeMs)
    .catch((thrown: unknown) => {
      throw notFound(session.config.values.leaseNamespace, leaseName, thrown);
    })
    .finally(() => {
      progress.stop();
    });
}

async function readLock({ session, client }: LockGround, { leaseName }: ResolvedLock): Promise<Lease> {
  const namespace = session.config.values.leaseNamespace;
  try {
    const { signal } = session.runtime;
    return await client.objects.get<Lease>(leaseResource, { namespace, name: leaseName }, { signal });
  } catch (thrown) {
    throw notFound(namespace, leaseName, thrown);
  }
}

function notFound(namespace: string, leaseName: string, thrown: unknown): unknown {
  if (!isApiError(thrown) || thrown.httpStatus !== 404) return thrown;
  return new RemedyError('NOT_FOUND', `nobody holds the lock ${leaseName} in namespace ${namespace}`, {
    cause: thrown,
    details: { lease: leaseName, namespace },
    hint: 'lease list shows the locks there are; --lease-namespace looks in another namespace',
  });
}

function released({ leaseName }: ResolvedLock, observation: LockObservation | undefined): RemedyError {
  return new RemedyError('NOT_FOUND', `the lock ${leaseName} was released while it was watched`, {
    details: { lease: leaseName, observed: observation?.observed },
  });
}

async function requestsOf({ session, client }: LockGround, lock: ResolvedLock): Promise<LockRequests> {
  const { runtime, config } = session;
  const index = new LockRequestIndex({ leaseNames: new Set([lock.leaseName]) });
  const scope = { namespace: config.values.namespace, fingerprint: lock.fingerprint };
  try {
    for await (const request of new RequestLocator(client, runtime.signal).list(scope)) index.put(request);
  } catch (thrown) {
    warnOfMissingRequests(session, thrown);
    return {};
  }
  return index.of(lock.leaseName);
}

function sayWhatItProves(
  { session }: LockGround,
  { leaseName }: ResolvedLock,
  { lease, proven, unchangedMs, neededMs }: LockObservation,
): void {
  const needed = `${neededMs / 1000}s`;
  const seen = `${Math.floor(unchangedMs / 1000)}s`;
  const text = proven
    ? `${leaseName} did not change for ${seen}, its whole duration of ${needed} or more: its holder is gone`
    : unchangedMs > 0
      ? `${leaseName} did not change for ${seen}, which proves nothing: its duration is ${needed}`
      : `${leaseName} changed while it was watched: ${lease?.spec?.holderIdentity ?? 'its holder'} is alive`;
  session.notices.say(text);
}
