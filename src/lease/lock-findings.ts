/** What is wrong with locks: the findings of a doctor, judged from leases alone. */
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { Lease } from './lease-object.ts';
import type { LockRecord } from './lock-record.ts';
import { parseMicroTime } from './micro-time.ts';

/** Kinds of what is wrong with a lock; the first three are its state. */
export type LockFindingKind =
  'expired' | 'orphaned' | 'noExpiry' | 'clockSkew' | 'longHeld' | 'wrongNamespace';

/** One thing that is wrong with a lock. */
export interface LockFinding {
  finding: LockFindingKind;
  /** `clockSkew`: how far the holder's clock is ahead of the server's, milliseconds (negative: behind). */
  skewMs?: number;
}

interface Examination {
  nowMs: number;
  skew: ClockSkew | undefined;
  /** Where locks belong. */
  leaseNamespace: string;
  /** From when on a lock counts as held for unusually long. */
  longHeldMs: number;
}

/**
 * Gateways take a lock for 30 s and let go after milliseconds. One that lasts longer than this after each renewal keeps
 * its signals waiting far beyond what anybody waits for, whatever its age.
 */
export const longestUsualSeconds = 120;

/** More than the times of an unskewed holder can be off: whole seconds of the server, and the way there. */
const tolerableSkewMs = 5000;

/** Everything that is wrong with one lock, the gravest first. */
export function findingsOf(lease: Lease, record: LockRecord, examination: Examination): LockFinding[] {
  const skewMs = holderSkewMs(lease, record, examination);
  const found: (LockFinding | undefined)[] = [
    record.state === 'held' ? undefined : { finding: record.state },
    skewMs === undefined ? undefined : { finding: 'clockSkew', skewMs },
    isLongHeld(record, examination) ? { finding: 'longHeld' } : undefined,
    record.namespace === examination.leaseNamespace ? undefined : { finding: 'wrongNamespace' },
  ];
  return found.filter((finding) => finding !== undefined);
}

/** Whether this machine's own clock is too far from the server's for its leases to be judged rightly by others. */
export function isOwnClockSkewed(skew: ClockSkew | undefined): boolean {
  return skew !== undefined && Math.abs(skew.skewMs) - skew.errorMs > tolerableSkewMs;
}

function isLongHeld(
  { state, acquiredAt, durationSeconds = 0 }: LockRecord,
  { nowMs, skew, longHeldMs }: Examination,
): boolean {
  if (state !== 'held') return false;
  if (durationSeconds > longestUsualSeconds) return true;
  if (acquiredAt === undefined) return false;
  return nowMs + (skew?.skewMs ?? 0) - Date.parse(acquiredAt) > longHeldMs;
}

/**
 * How far the holder's clock is from the server's: the renewTime that it wrote against the time at which the server
 * stored that; where the server does not say (no managed fields), only a renewTime that is still to come tells.
 * Of a lock that has run out only a clock that is ahead is told: an old renewTime is why it has run out.
 */
function holderSkewMs(lease: Lease, record: LockRecord, examination: Examination): number | undefined {
  const renewed = parseMicroTime(lease.spec?.renewTime);
  if (renewed === undefined) return undefined;
  const storedMs = lastStoredMs(lease);
  const skewMs = renewed / 1000 - (storedMs ?? latestServerNowMs(examination));
  if (skewMs > tolerableSkewMs) return skewMs;
  const isBehind = storedMs !== undefined && record.state === 'held' && skewMs < -tolerableSkewMs;
  return isBehind ? skewMs : undefined;
}

function latestServerNowMs({ nowMs, skew }: Examination): number {
  return nowMs + (skew?.skewMs ?? 0) + (skew?.errorMs ?? 0);
}

/** By the server's clock, in whole seconds. */
function lastStoredMs({ metadata }: Lease): number | undefined {
  const { managedFields } = metadata;
  if (!Array.isArray(managedFields)) return undefined;
  const times = (managedFields as unknown[]).map(timeOfEntry).filter((ms) => !Number.isNaN(ms));
  return times.length === 0 ? undefined : Math.max(...times);
}

function timeOfEntry(entry: unknown): number {
  const { time } = (entry ?? {}) as { time?: unknown };
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}
