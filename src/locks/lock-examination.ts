import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Lease } from '../lease/lease-object.ts';
import { namedHolder } from '../lease/lease-object.ts';
import type { ResolvedLock } from '../lease/lock-key.ts';
import { shortestToldMs } from '../lease/lock-notes.ts';
import { describeLock, type LockRecord, type LockRequests } from '../lease/lock-record.ts';
import { observeLock, type LockObservation } from '../lease/observe-lock.ts';
import type { LockGround } from './lock-ground.ts';
import { LockRequestIndex } from './lock-request-index.ts';
import { warnOfMissingRequests } from './lock-survey.ts';
import { secondsText } from './lock-wait-report.ts';
import { RequestLocator } from './request-locator.ts';

/** A lock that was looked at closely; `observation` where it was watched. */
export interface ExaminedLock extends LockRecord {
  observation?: { unchangedSeconds: number; neededSeconds: number; holderGone: boolean };
}

/**
 * One lock with its request, watched for a while where that is asked for.
 *
 * @param observeMs how long to watch, milliseconds; absent: not at all.
 * @throws NOT_FOUND, and what ObjectAccess throws.
 */
export async function examineLock(
  ground: LockGround,
  lock: ResolvedLock,
  observeMs: number | undefined,
): Promise<ExaminedLock> {
  const observation = observeMs === undefined ? undefined : await observed(ground, lock, observeMs);
  const lease = observation === undefined ? await readLock(ground, lock) : observation.lease;
  if (lease === undefined) throw released(lock, observation);
  const requests = await requestsOf(ground, lock);
  const record = describeLock(lease, {
    nowMs: ground.clock.now(),
    skew: ground.skew(),
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
  { client, clock, notes, progress, random, settings, signal }: LockGround,
  { leaseName }: ResolvedLock,
  observeMs: number,
): Promise<LockObservation> {
  const namespace = settings.leaseNamespace;
  const untilMs = clock.monotonicMs() + observeMs;
  const left = (): string => secondsText(untilMs - clock.monotonicMs());
  if (observeMs > shortestToldMs) notes.say(`watching ${leaseName} for ${secondsText(observeMs)}`);
  progress.start(`watching ${leaseName}`);
  progress.hold(() => `watching ${leaseName}: ${left()} left`);
  return observeLock({ objects: client.objects, namespace, clock, random, signal }, leaseName, observeMs)
    .catch((thrown: unknown) => {
      throw notFound(namespace, leaseName, thrown);
    })
    .finally(() => {
      progress.stop();
    });
}

async function readLock(
  { client, settings, signal }: LockGround,
  { leaseName }: ResolvedLock,
): Promise<Lease> {
  const namespace = settings.leaseNamespace;
  try {
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
    hint: `lease list shows the locks there are; ${optionName('leaseNamespace')} looks in another namespace`,
  });
}

function released({ leaseName }: ResolvedLock, observation: LockObservation | undefined): RemedyError {
  return new RemedyError('NOT_FOUND', `the lock ${leaseName} was released while it was watched`, {
    details: { lease: leaseName, observed: observation?.observed },
  });
}

async function requestsOf(
  { client, notes, settings, signal }: LockGround,
  lock: ResolvedLock,
): Promise<LockRequests> {
  const index = new LockRequestIndex({ leaseNames: new Set([lock.leaseName]) });
  const scope = { namespace: settings.namespace, fingerprint: lock.fingerprint };
  try {
    for await (const request of new RequestLocator(client, signal).list(scope)) index.put(request);
  } catch (thrown) {
    warnOfMissingRequests(notes, thrown);
    return {};
  }
  return index.of(lock.leaseName);
}

function sayWhatItProves(
  { notes }: LockGround,
  { leaseName }: ResolvedLock,
  { lease, proven, unchangedMs, neededMs }: LockObservation,
): void {
  const needed = `${neededMs / 1000}s`;
  const seen = `${Math.floor(unchangedMs / 1000)}s`;
  const text = proven
    ? `${leaseName} did not change for ${seen}, its whole duration of ${needed} or more: its holder is gone`
    : unchangedMs > 0
      ? `${leaseName} did not change for ${seen}, which proves nothing: its duration is ${needed}`
      : `${leaseName} changed while it was watched: ${(lease && namedHolder(lease)) ?? 'its holder'} is alive`;
  notes.say(text);
}
