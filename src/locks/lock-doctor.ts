import { RemedyError } from '../errors/remedy-error.ts';
import { findingsOf, isOwnClockSkewed, type LockFinding } from '../lease/lock-findings.ts';
import { shortestToldMs } from '../lease/lock-notes.ts';
import type { LockRecord } from '../lease/lock-record.ts';
import { neededDurationMs } from '../lease/observe-lock.ts';
import { releaseProven, type ProvenRelease } from '../lease/release-proven.ts';
import { lookUpHolderPods, type HolderPod } from './holder-pods.ts';
import type { LockGround } from './lock-ground.ts';
import { surveyLocks, type SurveyedLock, type SurveyGround, type SurveyScope } from './lock-survey.ts';
import { secondsText } from './lock-wait-report.ts';
import { counted } from '../text/count.ts';
import { stoppedOr } from './stopped.ts';

/** What is wrong with one lock. */
export interface FoundFault {
  lock: LockRecord;
  finding: LockFinding;
  /** A request of the lock's fingerprint is under way: signals are counted on it, without the lock. */
  living: boolean;
  /** Of the holder, where it can be a pod. */
  holderPod?: HolderPod;
}

/** What is wrong with the locks of a target. */
export interface LockDiagnosis {
  /** This machine's clock against the server's, where that is too far for its locks: milliseconds, ahead is negative. */
  ownSkewMs?: number;
  faults: FoundFault[];
  /** Held, with nothing wrong about them but that new signals of theirs would wait in vain at this moment. */
  waitedFor: LockRecord[];
  /** Of locks that look expired. */
  candidates: SurveyedLock[];
  /** When they were read, monotonic milliseconds. */
  seenMonotonicMs: number;
  /** The moment that the findings are judged by, wall clock, milliseconds. */
  nowMs: number;
}

interface ReleaseOptions {
  /** Says what would be released, and releases nothing. */
  dryRun: boolean;
  /** Asks before anything is released. Throws what ends the matter. */
  confirm: (about: string) => Promise<void>;
}

/** Nobody waits longer than this for one command. */
const longestProofMs = 10 * 60_000;

/**
 * Looks at the locks of every namespace, or where that is forbidden at those where locks belong.
 *
 * @param longHeldMs from when on a lock counts as held for unusually long, milliseconds.
 * @throws what listing leases throws, such as FORBIDDEN.
 */
export async function diagnoseLocks(ground: SurveyGround, longHeldMs: number): Promise<LockDiagnosis> {
  const { clock, settings } = ground;
  const { leaseNamespace, namespace } = settings;
  const survey = await surveyEverywhere(ground, { leaseNamespace, requestNamespace: namespace });
  const seenMonotonicMs = clock.monotonicMs();
  const nowMs = clock.now();
  const skew = ground.skew();
  const examination = { nowMs, skew, leaseNamespace, longHeldMs };
  const faults = survey.flatMap(({ lease, record, requests }) =>
    findingsOf(lease, record, examination).map((finding) => ({
      lock: record,
      finding,
      living: requests.living === true,
    })),
  );
  return {
    ...(isOwnClockSkewed(skew) ? { ownSkewMs: skew?.skewMs ?? 0 } : {}),
    faults: await withHolderPods(ground, faults),
    waitedFor: waitedFor(survey, faults, nowMs + (skew?.skewMs ?? 0)),
    candidates: survey.filter(({ record }) => record.state !== 'held'),
    seenMonotonicMs,
    nowMs,
  };
}

async function withHolderPods(ground: SurveyGround, faults: readonly FoundFault[]): Promise<FoundFault[]> {
  const pods = await lookUpHolderPods(
    ground,
    faults.map(({ lock }) => lock),
  );
  return faults.map((fault) => {
    const holderPod = pods.get(fault.lock.holder ?? '');
    return holderPod === undefined ? fault : { ...fault, holderPod };
  });
}

/** Longer than a signal tries for its lock, so no gateway at work on one signal. */
const signalsTryMs = 7_000;

function waitedFor(
  survey: readonly SurveyedLock[],
  faults: readonly FoundFault[],
  serverNowMs: number,
): LockRecord[] {
  const faulty = new Set(faults.map(({ lock }) => lock));
  return survey
    .filter(({ record, requests }) => {
      if (record.state !== 'held' || requests.living === true || faulty.has(record)) return false;
      return record.acquiredAt !== undefined && serverNowMs - Date.parse(record.acquiredAt) > signalsTryMs;
    })
    .map(({ record }) => record);
}

async function surveyEverywhere(ground: SurveyGround, scope: SurveyScope): Promise<SurveyedLock[]> {
  const { notes } = ground;
  try {
    return await surveyLocks(ground, { ...scope, leaseNamespace: undefined });
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code !== 'FORBIDDEN') throw thrown;
    notes.warn(`locks in other namespaces are not looked for: ${thrown.message}`);
    if (thrown.hint !== undefined) notes.say(`  hint: ${thrown.hint}`);
    return surveyLocks(ground, scope);
  }
}

/**
 * Releases the candidates whose holders are provably gone, after one question for all of them; takes as long as the
 * longest of their durations, and leaves those of more than ten minutes. Throws what `confirm` throws, INTERRUPTED.
 */
export async function releaseCandidates(
  { client, clock, signal, notes, progress }: LockGround,
  { candidates, seenMonotonicMs }: Pick<LockDiagnosis, 'candidates' | 'seenMonotonicMs'>,
  { dryRun, confirm }: ReleaseOptions,
): Promise<ProvenRelease[]> {
  const tooLong = candidates.filter(({ lease }) => neededDurationMs(lease) > longestProofMs);
  for (const { record } of tooLong) {
    notes.say(
      `${record.name} is left: the proof takes its whole duration of ${record.durationSeconds ?? 0}s`,
    );
  }
  const leases = candidates.filter((candidate) => !tooLong.includes(candidate)).map(({ lease }) => lease);
  if (leases.length === 0) return [];
  const names = leases.map(({ metadata }) => metadata.name).join(', ');
  if (dryRun) {
    notes.say(`would release, if they stay unchanged for their whole duration: ${names}`);
    return [];
  }
  await confirm(`this releases ${names}, each once it is proven that its holder is gone`);
  const longestMs = Math.max(...leases.map(neededDurationMs)) + seenMonotonicMs - clock.monotonicMs();
  const untilMs = clock.monotonicMs() + longestMs;
  const what = `for ${counted(leases.length, 'lock')} to stay unchanged for the whole duration`;
  if (longestMs > shortestToldMs) notes.say(`waiting ${what}: ${secondsText(longestMs)} at most`);
  progress.start(`waiting ${what}`);
  progress.hold(() => `waiting ${what}: ${secondsText(untilMs - clock.monotonicMs())} left`);
  try {
    return await releaseProven({ objects: client.objects, clock, signal }, leases, seenMonotonicMs);
  } catch (thrown) {
    throw stoppedOr(signal, thrown);
  } finally {
    progress.stop();
  }
}

/** The uids of the leases that are gone after these releases, whoever released them. */
export function goneUids(releases: readonly ProvenRelease[]): ReadonlySet<string | undefined> {
  const gone = releases.filter(({ outcome }) => outcome === 'released' || outcome === 'gone');
  return new Set(gone.map(({ lease }) => lease.metadata.uid));
}
