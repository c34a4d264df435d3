import type { LockFindingKind } from '../../lease/lock-findings.ts';
import type { LockRecord } from '../../lease/lock-record.ts';
import type { ProvenRelease } from '../../lease/release-proven.ts';
import type { HolderPod } from '../../locks/holder-pods.ts';
import { goneUids, type LockDiagnosis } from '../../locks/lock-doctor.ts';
import { blocksText, fixCommand } from './finding-text.ts';
import type { ConnectedLocks } from './lock-ground.ts';

/** One item of LeaseFindings. */
export interface ShownFinding {
  /** Absent where it is this machine's own clock. */
  lock?: LockRecord;
  finding: LockFindingKind;
  /** What it keeps from happening. */
  blocks: string;
  holderPod?: HolderPod;
  /** The command that mends it. */
  fix: string;
  /** With `--fix`: whether the lock is gone now. */
  fixed?: boolean;
}

/** The findings in words; `scope`: the flags by which a command works on the same. */
export function shownFindings(
  { session, settings }: ConnectedLocks,
  { ownSkewMs, faults, nowMs }: LockDiagnosis,
  scope: readonly string[],
): ShownFinding[] {
  const { leaseNamespace } = settings;
  const words = { nowMs, bin: session.runtime.bin, leaseNamespace, scope };
  const findings: ShownFinding[] = faults.map((fault) => ({
    lock: fault.lock,
    finding: fault.finding.finding,
    blocks: blocksText(fault, words),
    ...(fault.holderPod === undefined ? {} : { holderPod: fault.holderPod }),
    fix: fixCommand(fault, words),
  }));
  if (ownSkewMs !== undefined) findings.unshift(ownClockFinding(ownSkewMs / 1000));
  return findings;
}

function ownClockFinding(skewSeconds: number): ShownFinding {
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return {
    finding: 'clockSkew',
    blocks: `locks that this machine takes are misjudged by others: its clock is ${Math.round(Math.abs(skewSeconds))}s ${direction} the server's`,
    fix: 'timedatectl set-ntp true',
  };
}

/** Says of each finding whether its lock is gone now. */
export function withOutcomes(
  findings: readonly ShownFinding[],
  releases: readonly ProvenRelease[],
): ShownFinding[] {
  const gone = goneUids(releases);
  return findings.map((finding) => ({
    ...finding,
    fixed: finding.lock?.uid !== undefined && gone.has(finding.lock.uid),
  }));
}
