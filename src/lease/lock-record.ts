/** A lock as results show it: `Lock` of the machine-readable output. */
import type { ClockSkew } from '../kube/clock-skew.ts';
import { lockPrefix } from './lease-name.ts';
import { expiryOf, isExpired, type Lease, namedHolder } from './lease-object.ts';
import { formatMicroseconds, parseMicroTime } from './micro-time.ts';

/**
 * They do not overlap: `noExpiry` (no renewTime or no duration), else `held` (not run out, whatever requests exist),
 * else `orphaned` (run out, and no request of its fingerprint is under way), else `expired`.
 */
export const lockStates = ['held', 'expired', 'orphaned', 'noExpiry'] as const;
/** The state of a lock. */
export type LockStanding = (typeof lockStates)[number];

/** What the signals of a lock are about, as far as its request says. */
export interface LockResource {
  kind?: string;
  name?: string;
  namespace?: string;
  apiVersion?: string;
}

/** What is known of the requests of a lock's fingerprint. */
export interface LockRequests {
  /** The one that is under way, the oldest of several; else the latest that has ended. */
  request?: { name: string; phase?: string };
  fingerprint?: string;
  resource?: LockResource;
  /** Whether one is under way. Absent: the requests could not be read. */
  living?: boolean;
}

/** Who held a lock from when to when, as far as somebody looked; RFC 3339, by this machine's clock. */
export interface ObservedHolder {
  holder?: string;
  from: string;
  to: string;
}

/** Times are RFC 3339; what the lease does not say, or says in no readable way, is absent. */
export interface LockRecord {
  name: string;
  namespace?: string;
  fingerprint?: string;
  state: LockStanding;
  holder?: string;
  acquiredAt?: string;
  renewedAt?: string;
  durationSeconds?: number;
  expiresAt?: string;
  /** By the server's clock as far as it is measured; negative once it is over. */
  expiresInSeconds?: number;
  transitions?: number;
  resourceVersion?: string;
  uid?: string;
  resource?: LockResource;
  request?: { name: string; phase?: string };
  /** How far the server's clock is ahead of this machine's. */
  clockSkewSeconds?: number;
  clockSkewErrorSeconds?: number;
  /** The other reading: acquireTime + duration. */
  expiresAtByAcquireTime?: string;
  observed?: ObservedHolder[];
}

/** The moment at which a lock is described, and what is known of it besides its lease. */
export interface LockView {
  /** Wall clock, milliseconds since the epoch. */
  nowMs: number;
  /** The server's clock against ours, where it is measured. */
  skew: ClockSkew | undefined;
  /** The fingerprint that was asked for, where one was. */
  fingerprint?: string | undefined;
  requests?: LockRequests | undefined;
}

/** Whether a lease is a lock at all. */
export function isLock(lease: Lease): boolean {
  return lease.metadata.name.startsWith(lockPrefix);
}

function standingOf(lease: Lease, { nowMs, skew, requests }: LockView): LockStanding {
  const expired = isExpired(lease, nowMs, skew);
  if (expired === undefined) return 'noExpiry';
  if (!expired) return 'held';
  return requests?.living === false ? 'orphaned' : 'expired';
}

/** A lock as results show it. */
export function describeLock(lease: Lease, view: LockView): LockRecord {
  const { metadata, spec = {} } = lease;
  const { requests, skew } = view;
  return present({
    name: metadata.name,
    namespace: metadata.namespace,
    fingerprint: view.fingerprint ?? requests?.fingerprint,
    state: standingOf(lease, view),
    holder: namedHolder(lease),
    acquiredAt: timeText(parseMicroTime(spec.acquireTime)),
    renewedAt: timeText(parseMicroTime(spec.renewTime)),
    durationSeconds: spec.leaseDurationSeconds,
    ...expiry(lease, view),
    transitions: spec.leaseTransitions,
    resourceVersion: metadata.resourceVersion,
    uid: metadata.uid,
    resource: requests?.resource,
    request: requests?.request,
    clockSkewSeconds: skew === undefined ? undefined : seconds(skew.skewMs),
    clockSkewErrorSeconds: skew === undefined ? undefined : seconds(skew.errorMs),
  });
}

function expiry(lease: Lease, { nowMs, skew }: LockView) {
  const ends = expiryOf(lease);
  const acquired = parseMicroTime(lease.spec?.acquireTime);
  const durationSeconds = lease.spec?.leaseDurationSeconds;
  return {
    expiresAt: timeText(ends),
    expiresInSeconds: ends === undefined ? undefined : seconds(ends / 1000 - nowMs - (skew?.skewMs ?? 0)),
    expiresAtByAcquireTime:
      acquired === undefined || durationSeconds === undefined
        ? undefined
        : timeText(acquired + durationSeconds * 1_000_000),
  };
}

function timeText(epochMicroseconds: number | undefined): string | undefined {
  return epochMicroseconds === undefined ? undefined : formatMicroseconds(epochMicroseconds);
}

/** Whole milliseconds. */
function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
