import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { leaseName } from '../lease/lease-name.ts';
import { expiryOf, isExpired, type Lease, namedHolder } from '../lease/lease-object.ts';
import { formatMicroseconds, parseMicroTime } from '../lease/micro-time.ts';
import type { Clock } from '../time/clock.ts';
import type { StageDetails, StageOf } from './explanation.ts';

export interface LeaseReads {
  objects: Pick<ObjectAccess, 'get'>;
  /** Where the locks are. */
  namespace: string;
  /** Real time: that of leases. */
  clock: Pick<Clock, 'now'>;
  skew?: (() => ClockSkew | undefined) | undefined;
  signal?: AbortSignal | undefined;
}

/** Who holds the lock of a fingerprint, until when. Never stops: a lock only makes an ingest wait. */
export async function readLeaseStage(fingerprint: string, reads: LeaseReads): Promise<StageOf<'lease'>> {
  const { objects, namespace, signal } = reads;
  const name = leaseName(fingerprint);
  const key = { namespace, name };
  try {
    return leaseStage(await objects.get<Lease>(leaseResource, key, { signal }), reads, key);
  } catch (thrown) {
    if (isApiError(thrown) && thrown.httpStatus === 404) {
      return stage('ok', `nobody holds ${name}`, { ...key, state: 'free' });
    }
    if (!(thrown instanceof RemedyError) || signal?.aborted === true) throw thrown;
    return stage('warn', `whether somebody holds ${name} is not known: ${messageOf(thrown)}`, {
      ...key,
      state: 'notRead',
    });
  }
}

function leaseStage(
  lease: Lease,
  { clock, skew }: LeaseReads,
  key: { namespace: string; name: string },
): StageOf<'lease'> {
  const measured = skew?.();
  const expired = isExpired(lease, clock.now(), measured);
  const facts = { ...key, ...leaseFacts(lease, measured) };
  const holder = facts.holder ?? 'nobody it names';
  if (expired === undefined) {
    const reason = `${key.name} is held by ${holder} and names no end: it is taken over after it has not changed for 30 s`;
    return stage('warn', reason, { ...facts, state: 'noExpiry' });
  }
  if (expired) {
    const reason = `${key.name} of ${holder} expired at ${facts.expiresAt ?? ''} and would be taken over`;
    return stage('ok', reason, { ...facts, state: 'expired' });
  }
  const reason = `${key.name} is held by ${holder} until ${facts.expiresAt ?? ''}: an ingest waits for it, and fails with LOCK_TIMEOUT when that takes too long`;
  return stage('warn', reason, { ...facts, state: 'held' });
}

type LeaseFacts = Omit<StageDetails['lease'], 'namespace' | 'name' | 'state'>;

function leaseFacts(lease: Lease, skew: ClockSkew | undefined): LeaseFacts {
  const spec = lease.spec ?? {};
  const holder = namedHolder(lease);
  const expiryUs = expiryOf(lease);
  const acquiredUs = parseMicroTime(spec.acquireTime);
  const { leaseDurationSeconds: duration } = spec;
  return {
    ...(holder === undefined ? {} : { holder }),
    ...(spec.acquireTime === undefined ? {} : { acquiredAt: spec.acquireTime }),
    ...(spec.renewTime === undefined ? {} : { renewedAt: spec.renewTime }),
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    ...(expiryUs === undefined ? {} : { expiresAt: formatMicroseconds(expiryUs) }),
    ...(acquiredUs === undefined || duration === undefined
      ? {}
      : { expiresAtByAcquireTime: formatMicroseconds(acquiredUs + duration * 1_000_000) }),
    ...(skew === undefined
      ? {}
      : { clockSkewSeconds: skew.skewMs / 1000, clockSkewErrorSeconds: skew.errorMs / 1000 }),
  };
}

function stage(outcome: 'ok' | 'warn', reason: string, details: StageDetails['lease']): StageOf<'lease'> {
  return { stage: 'lease', outcome, reason, details };
}
