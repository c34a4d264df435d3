/** Strings `lease run` together: takes the lock, runs the command under it, and tells how that ended. */
import { constants } from 'node:os';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { HeldLock, ReleaseOutcome } from '../../lease/held-lock.ts';
import { HeldLocks } from '../../lease/held-locks.ts';
import { LeaseLock } from '../../lease/lease-lock.ts';
import { formatMicroTime } from '../../lease/micro-time.ts';
import type { SubjectEnd } from '../../lease/run-subject.ts';
import type { RunTimes } from '../../lease/run-times.ts';
import { RunUnderLock, type RunOutcome } from '../../lease/run-under-lock.ts';
import { errorText } from '../error-report.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { identityOf } from '../identity.ts';
import type { ServerObservation } from '../server-observation.ts';
import type { Session } from '../session.ts';
import { SignalRelay } from './signal-relay.ts';
import { SpawnedCommand } from './spawned-command.ts';

export interface LeaseRunPlan {
  client: KubeClient;
  server: ServerObservation;
  /** What the lock is taken by. */
  key: string;
  command: readonly [string, ...string[]];
  times: RunTimes;
  waitMs: number;
  conflictExitCode: number;
}

/** What a signal adds to 128 is its number. */
const signalBase = 128;

/**
 * Returns the exit code: the command's own, 126 or 127 where it cannot start, 128 + signal, and the conflict exit
 * code where the lock was not had or was lost. Throws what keeps the lock from being asked for (LOCK_FAILED,
 * FORBIDDEN, UNREACHABLE).
 */
export async function runLease(session: Session, plan: LeaseRunPlan): Promise<number> {
  const { runtime } = session;
  const heldLocks = new HeldLocks();
  runtime.signal.throwIfAborted();
  runtime.ignoreInterruption();
  const relay = new SignalRelay(runtime.clock);
  try {
    const lock = await acquire(session, plan, { heldLocks, relay });
    if (lock === undefined) return plan.conflictExitCode;
    return await runHolding(session, plan, { lock, relay });
  } catch (thrown) {
    if (relay.endedBy === undefined) throw thrown;
    session.notices.say(`stopped by ${relay.endedBy} before the command was started`);
    return exitCodeOfSignal(relay.endedBy);
  } finally {
    await heldLocks.releaseAll();
    relay.close();
  }
}

/** Undefined where somebody else holds the lock for as long as is waited; that has been said then. */
async function acquire(
  session: Session,
  { client, server, key, times, waitMs }: LeaseRunPlan,
  { heldLocks, relay }: { heldLocks: HeldLocks; relay: SignalRelay },
): Promise<HeldLock | undefined> {
  const { runtime, config } = session;
  const leaseLock = new LeaseLock({
    objects: client.objects,
    namespace: config.values.leaseNamespace,
    clock: runtime.clock,
    random: runtime.random,
    identity: identityOf(runtime),
    durationSeconds: times.durationMs / 1000,
    skew: () => server.clockSkew(),
    heldLocks,
  });
  try {
    const acquired = await leaseLock.acquire(key, { signal: relay.stopped, lockWaitMs: waitMs });
    relay.stopped.throwIfAborted();
    return acquired.kind === 'held' ? acquired : undefined;
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code !== 'LOCK_TIMEOUT') throw thrown;
    sayError(session, notAcquired(thrown, waitMs));
    return undefined;
  }
}

function notAcquired(timeout: RemedyError, waitMs: number): RemedyError {
  const { leaseName, holder, until } = timeout.details as Record<string, string | undefined>;
  const waited = waitMs > 0 ? ` after ${waitMs / 1000} s` : '';
  const whose = holder === undefined ? 'somebody else' : holder;
  const end = until === undefined ? '' : ` until ${until} if it is not renewed`;
  return new RemedyError(
    'LOCK_NOT_ACQUIRED',
    `the lock ${leaseName ?? ''} was not had${waited}: ${whose} holds it${end}`,
    { hint: 'wait for it (longer) with --wait; the command was not started', details: timeout.details },
  );
}

async function runHolding(
  session: Session,
  plan: LeaseRunPlan,
  { lock, relay }: { lock: HeldLock; relay: SignalRelay },
): Promise<number> {
  const { runtime, notices } = session;
  const { command: words, times } = plan;
  const env = { ...runtime.env, ...leaseEnvironment(session, lock, times) };
  const command = new SpawnedCommand({ command: words, env, graceMs: times.graceMs });
  const run = new RunUnderLock(lock, command, {
    clock: runtime.clock,
    times,
    note: (text) => {
      notices.say(text);
    },
  });
  relay.handTo({ command, run });
  const outcome = await run.run();
  sayRelease(session, outcome.release);
  return exitCodeOfOutcome(session, plan, { command, lock, outcome });
}

function leaseEnvironment({ runtime, config }: Session, lock: HeldLock, times: RunTimes): NodeJS.ProcessEnv {
  const { clock } = runtime;
  const sentAtMs = clock.now() - (clock.monotonicMs() - lock.sentAtMonotonicMs);
  return {
    REMEDYCTL_LEASE_NAME: lock.leaseName,
    REMEDYCTL_LEASE_NAMESPACE: config.values.leaseNamespace,
    REMEDYCTL_LEASE_HOLDER: lock.holder,
    REMEDYCTL_LEASE_TOKEN: lock.token,
    REMEDYCTL_LEASE_EXPIRES_AT: formatMicroTime(sentAtMs + times.durationMs),
  };
}

function sayRelease({ notices }: Session, { kind, leaseName, error }: ReleaseOutcome): void {
  if (kind !== 'failed') return;
  notices.warn(`the lock ${leaseName} was not released and expires by itself: ${error?.message ?? ''}`);
}

function exitCodeOfOutcome(
  session: Session,
  { conflictExitCode }: LeaseRunPlan,
  { command, lock, outcome }: { command: SpawnedCommand; lock: HeldLock; outcome: RunOutcome },
): number {
  if (outcome.kind === 'notStarted') {
    sayError(session, outcome.error);
    return exitCodeOfStart(outcome.error, conflictExitCode);
  }
  if (outcome.kind === 'lost') {
    sayError(session, outcome.error);
    if (outcome.end === undefined) {
      session.notices.warn('the command did not end although it was killed; it is left behind');
      command.leave();
    }
    return conflictExitCode;
  }
  const { kind } = outcome.release;
  if (kind !== 'lost' && kind !== 'gone') return exitCodeOfEnd(outcome.end);
  sayError(session, foundLost(lock.leaseName, outcome.end));
  return conflictExitCode;
}

/** Found out only at the release: the command has done its work, perhaps not alone. */
function foundLost(leaseName: string, end: SubjectEnd): RemedyError {
  const message = `the lock ${leaseName} was lost: at the command's end it was not ours any more`;
  return new RemedyError('LOCK_LOST', message, {
    hint: 'The command ended by itself, and may not have been alone; see what it and others have done.',
    details: { lease: leaseName, ...end },
  });
}

function exitCodeOfStart(error: unknown, conflictExitCode: number): number {
  if (!(error instanceof RemedyError)) return exitCodeOf(error);
  if (error.code === 'LOCK_LOST') return conflictExitCode;
  return error.details?.['found'] === true ? exitCodes.notExecutable : exitCodeOf(error);
}

function exitCodeOfEnd(end: SubjectEnd): number {
  return end.signal === undefined ? end.exitCode : exitCodeOfSignal(end.signal);
}

function exitCodeOfSignal(name: string): number {
  return signalBase + ((constants.signals as Partial<Record<string, number>>)[name] ?? 0);
}

function sayError({ runtime }: Session, error: unknown): void {
  runtime.stderr.write(errorText(error, { version: runtime.version, verbose: false }));
}
