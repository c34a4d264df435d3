import type { KubeObject } from '../api/objects.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { formatMicroTime, parseMicroTime } from './micro-time.ts';

/** What a Lease says of its holder; times are RFC 3339 with microseconds, on the holder's clock. */
export interface LeaseSpec {
  holderIdentity?: string;
  acquireTime?: string;
  renewTime?: string;
  /** How long it lasts from `renewTime` on. */
  leaseDurationSeconds?: number;
  /** How often it was taken over. */
  leaseTransitions?: number;
  [field: string]: unknown;
}

/** A Lease of coordination.k8s.io/v1, with fields that are not known here as they were read. */
export interface Lease extends KubeObject {
  spec?: LeaseSpec;
}

/** Who holds from when, for how long: what one acquisition or renewal writes. */
export interface Claim {
  holder: string;
  /** Wall clock, milliseconds since the epoch. */
  nowMs: number;
  durationSeconds: number;
}

/** Who holds it; undefined where it names nobody, as a lease that was given up by emptying its holder. */
export function namedHolder(lease: Lease): string | undefined {
  const holder = lease.spec?.holderIdentity;
  return holder === '' ? undefined : holder;
}

/** The Lease of an acquisition where there is none. */
export function newLease(key: { namespace: string; name: string }, claim: Claim): Lease {
  const now = formatMicroTime(claim.nowMs);
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: key.name, namespace: key.namespace },
    spec: {
      holderIdentity: claim.holder,
      leaseDurationSeconds: claim.durationSeconds,
      acquireTime: now,
      renewTime: now,
    },
  };
}

/**
 * The body of a takeover: everything of the lease as it was read (its uid and resourceVersion are the
 * preconditions), with holder, times, duration and transitions set.
 */
export function takenOverLease(lease: Lease, claim: Claim): Lease {
  const now = formatMicroTime(claim.nowMs);
  return {
    ...lease,
    spec: {
      ...lease.spec,
      holderIdentity: claim.holder,
      leaseDurationSeconds: claim.durationSeconds,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1,
    },
  };
}

/** The body of a renewal of a lease as it was read: renewTime and duration, and nothing else, are new. */
export function renewedLease(lease: Lease, claim: Omit<Claim, 'holder'>): Lease {
  const { durationSeconds, nowMs } = claim;
  return {
    ...lease,
    spec: { ...lease.spec, leaseDurationSeconds: durationSeconds, renewTime: formatMicroTime(nowMs) },
  };
}

/** When the lease ends by its own fields, microseconds since the epoch; undefined where they do not tell. */
export function expiryOf(lease: Lease): number | undefined {
  const renewed = parseMicroTime(lease.spec?.renewTime);
  const durationSeconds = lease.spec?.leaseDurationSeconds;
  if (renewed === undefined || durationSeconds === undefined) return undefined;
  return renewed + durationSeconds * 1_000_000;
}

/**
 * Whether the lease has run out: local time + measured skew - its error bound > renewTime + duration. Strictly
 * later, and in doubt not expired. Undefined where the lease does not say (no renewTime or no duration).
 */
export function isExpired(lease: Lease, nowMs: number, skew: ClockSkew | undefined): boolean | undefined {
  const expiry = expiryOf(lease);
  if (expiry === undefined) return undefined;
  const serverNowMs = nowMs + (skew === undefined ? 0 : skew.skewMs - skew.errorMs);
  return serverNowMs * 1000 > expiry;
}
