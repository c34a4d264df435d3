import { RemedyError } from '../../errors/remedy-error.ts';
import { findingsOf, isOwnClockSkewed, type LockFindingKind } from '../../lease/lock-findings.ts';
import type { LockRecord } from '../../lease/lock-record.ts';
import { neededDurationMs } from '../../lease/observe-lock.ts';
import { releaseProven, type ProvenRelease } from '../../lease/release-proven.ts';
import { confirm } from '../confirmation.ts';
import { blocksText, fixCommand } from './finding-text.ts';
import { surveyLocks, type SurveyedLock, type SurveyScope } from './lock-survey.ts';
import type { LockGround } from './lock-ground.ts';
import { stoppedOr } from './stopped.ts';

/** One item of LeaseFindings. */
export interface ShownFinding {
  /** Absent where it is this machine's own clock. */
  lock?: LockRecord;
  finding: LockFindingKind;
  /** What it keeps from happening. */
  blocks: string;
  /** The command that mends it. */
  fix: string;
  /** With `--fix`: whether the lock is gone now. */
  fixed?: boolean;
}

export interface LockDiagnosis {
  findings: ShownFinding[];
  /** Of locks that look expired; when they were read, monotonic. */
  candidates: SurveyedLock[];
  seenMonotonicMs: number;
}

interface DiagnosisOptions {
  longHeldMs: number;
  scope: readonly string[];
}

/** Nobody waits longer than this for one command. */
const longestProofMs = 10 * 60_000;

/** Looks at the locks of every namespace, or where that is forbidden at those where locks belong. */
export async function diagnoseLocks(ground: LockGround, options: DiagnosisOptions): Promise<LockDiagnosis> {
  const { runtime, config } = ground.session;
  const { leaseNamespace, namespace } = config.values;
  const survey = await surveyEverywhere(ground, { leaseNamespace, requestNamespace: namespace });
  const seenMonotonicMs = runtime.clock.monotonicMs();
  const nowMs = runtime.clock.now();
  const skew = ground.server.clockSkew();
  const words = { nowMs, bin: runtime.bin, leaseNamespace, scope: options.scope };
  const examination = { nowMs, skew, leaseNamespace, longHeldMs: options.longHeldMs };
  const findings: ShownFinding[] = survey.flatMap(({ lease, record }) =>
    findingsOf(lease, record, examination).map((finding) => ({
      lock: record,
      finding: finding.finding,
      blocks: blocksText(record, finding, words),
      fix: fixCommand(record, finding, words),
    })),
  );
  if (isOwnClockSkewed(skew)) findings.unshift(ownClockFinding((skew?.skewMs ?? 0) / 1000));
  return { findings, candidates: survey.filter(({ record }) => record.state !== 'held'), seenMonotonicMs };
}

async function surveyEverywhere(ground: LockGround, scope: SurveyScope): Promise<SurveyedLock[]> {
  const { notices } = ground.session;
  try {
    return await surveyLocks(ground, { ...scope, leaseNamespace: undefined });
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code !== 'FORBIDDEN') throw thrown;
    notices.warn(`locks in other namespaces are not looked for: ${thrown.message}`);
    if (thrown.hint !== undefined) notices.say(`  hint: ${thrown.hint}`);
    return surveyLocks(ground, scope);
  }
}

function ownClockFinding(skewSeconds: number): ShownFinding {
  const direction = skewSeconds > 0 ? 'behind' : 'ahead of';
  return {
    finding: 'clockSkew',
    blocks: `locks that this machine takes are misjudged by others: its clock is ${Math.round(Math.abs(skewSeconds))}s ${direction} the server's`,
    fix: 'timedatectl set-ntp true',
  };
}

/**
 * Releases the candidates whose holders are provably gone, after one question for all of them; takes as long as the
 * longest of their durations. Throws NEEDS_YES, DECLINED, INTERRUPTED.
 */
export async function releaseCandidates(
  { session, client }: LockGround,
  { candidates, seenMonotonicMs }: LockDiagnosis,
  options: { yes: boolean; dryRun: boolean },
): Promise<ProvenRelease[]> {
  const { notices, progress, runtime } = session;
  const tooLong = candidates.filter(({ lease }) => neededDurationMs(lease) > longestProofMs);
  for (const { record } of tooLong) {
    notices.say(
      `${record.name} is left: the proof takes its whole duration of ${record.durationSeconds ?? 0}s`,
    );
  }
  const leases = candidates.filter((candidate) => !tooLong.includes(candidate)).map(({ lease }) => lease);
  if (leases.length === 0) return [];
  const names = leases.map(({ metadata }) => metadata.name).join(', ');
  if (options.dryRun) {
    notices.say(`would release, if they stay unchanged for their whole duration: ${names}`);
    return [];
  }
  await confirm(
    { about: `this releases ${names}, each once it is proven that its holder is gone`, yes: options.yes },
    runtime,
  );
  progress.start('waiting for each lock to stay unchanged for its whole duration');
  const { clock, signal } = runtime;
  try {
    return await releaseProven({ objects: client.objects, clock, signal }, leases, seenMonotonicMs);
  } catch (thrown) {
    throw stoppedOr(runtime, thrown);
  } finally {
    progress.stop();
  }
}
