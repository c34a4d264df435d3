/** Takes a lock, runs a command under it while this process hands its signals on, and tells how that ended. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { HeldLock, ReleaseOutcome } from '../lease/held-lock.ts';
import { HeldLocks } from '../lease/held-locks.ts';
import type { Identity } from '../lease/identity.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import { formatMicroTime } from '../lease/micro-time.ts';
import type { SubjectEnd } from '../lease/run-subject.ts';
import type { RunTimes } from '../lease/run-times.ts';
import { RunUnderLock, type RunOutcome } from '../lease/run-under-lock.ts';
import { takeoverText } from '../lease/lock-notes.ts';
import { LockWaitReport } from './lock-wait-report.ts';
import type { Notes } from '../notes/notes.ts';
import { SignalRelay } from '../subprocess/signal-relay.ts';
import { SpawnedCommand } from '../subprocess/spawned-command.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What such a run goes by. */
export interface LockedCommandGround {
  objects: ObjectAccess;
  /** Of the leases. */
  leaseNamespace: string;
  /** The server's clock against `clock`, as far as it has been measured. */
  skew: () => ClockSkew | undefined;
  /** Real time. */
  clock: Clock;
  random: Random;
  identity: Pick<Identity, 'host' | 'pid'>;
  /** The command's environment; REMEDYCTL_LEASE_NAME and its like are added. */
  env: NodeJS.ProcessEnv;
  notes: Pick<Notes, 'say' | 'warn'>;
}

/** Which command is to run under which lock. */
export interface LockedCommandOrder {
  /** What the lock is taken by. */
  key: string;
  /** The program and its arguments; no shell. */
  command: readonly [string, ...string[]];
  times: RunTimes;
  /** How long to wait for somebody else's lock, milliseconds; 0: not at all. */
  waitMs: number;
}

/** How it ended. Whatever it was, the lock is let go and the command runs no more, but where `lost` has no `end`. */
export type LockedCommandOutcome =
  /** The command has ended by itself, or by a signal, with the lock ours to its end. */
  | { kind: 'ended'; end: SubjectEnd }
  /** LOCK_LOST. `end` is absent where even a kill did not end the command in time. */
  | { kind: 'lost'; error: RemedyError; end: SubjectEnd | undefined }
  /** COMMAND_NOT_STARTED, or LOCK_LOST where a pause before the start had used the lease up. */
  | { kind: 'notStarted'; error: unknown }
  /** LOCK_NOT_ACQUIRED: somebody else held the lock for as long as was waited. */
  | { kind: 'notAcquired'; error: RemedyError }
  /** A signal to this process ended the waiting for the lock. */
  | { kind: 'stopped'; by: NodeJS.Signals };

/**
 * From the call to its end, signals to this process are the command's. Throws what keeps the lock from being asked
 * for: LOCK_FAILED, FORBIDDEN, UNREACHABLE, and what the store says.
 */
export async function runLockedCommand(
  ground: LockedCommandGround,
  order: LockedCommandOrder,
): Promise<LockedCommandOutcome> {
  const heldLocks = new HeldLocks();
  const relay = new SignalRelay(ground.clock);
  try {
    const lock = await acquire(ground, order, { heldLocks, relay });
    if (lock instanceof RemedyError) return { kind: 'notAcquired', error: lock };
    return await runHolding(ground, order, { lock, relay });
  } catch (thrown) {
    if (relay.endedBy === undefined) throw thrown;
    ground.notes.say(`stopped by ${relay.endedBy} before the command was started`);
    return { kind: 'stopped', by: relay.endedBy };
  } finally {
    await heldLocks.releaseAll();
    relay.close();
  }
}

/** LOCK_NOT_ACQUIRED where somebody else holds the lock for as long as is waited. */
async function acquire(
  { objects, leaseNamespace: namespace, skew, clock, random, identity, notes }: LockedCommandGround,
  { key, times, waitMs }: LockedCommandOrder,
  { heldLocks, relay }: { heldLocks: HeldLocks; relay: SignalRelay },
): Promise<HeldLock | RemedyError> {
  const durationSeconds = times.durationMs / 1000;
  const options = { objects, namespace, clock, random, identity, durationSeconds, skew, heldLocks };
  try {
    const acquired = await new LeaseLock(options).acquire(key, {
      signal: relay.stopped,
      lockWaitMs: waitMs,
      onWait: new LockWaitReport({ clock, notes }, waitMs).waits,
    });
    relay.stopped.throwIfAborted();
    if (acquired.kind !== 'held') throw new Error('nobody ended the wait');
    if (acquired.takenFrom !== undefined) notes.say(takeoverText(acquired.leaseName, acquired.takenFrom));
    return acquired;
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code !== 'LOCK_TIMEOUT') throw thrown;
    return notAcquired(thrown, waitMs);
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
    {
      hint: `wait for it (longer) with ${optionName('waitMs')}; the command was not started`,
      details: timeout.details,
    },
  );
}

async function runHolding(
  ground: LockedCommandGround,
  { command: words, times }: LockedCommandOrder,
  { lock, relay }: { lock: HeldLock; relay: SignalRelay },
): Promise<LockedCommandOutcome> {
  const { clock, notes } = ground;
  const env = { ...ground.env, ...leaseEnvironment(ground, lock, times) };
  const command = new SpawnedCommand({ command: words, env, graceMs: times.graceMs });
  const note = (text: string): void => {
    notes.say(text);
  };
  const run = new RunUnderLock(lock, command, { clock, times, note });
  relay.handTo({ command, run });
  const outcome = await run.run();
  sayRelease(notes, outcome.release);
  if (outcome.kind === 'lost' && outcome.end === undefined) command.leave();
  return foundLater(lock, outcome);
}

function leaseEnvironment(
  { clock, leaseNamespace }: LockedCommandGround,
  lock: HeldLock,
  times: RunTimes,
): NodeJS.ProcessEnv {
  const sentAtMs = clock.now() - (clock.monotonicMs() - lock.sentAtMonotonicMs);
  return {
    REMEDYCTL_LEASE_NAME: lock.leaseName,
    REMEDYCTL_LEASE_NAMESPACE: leaseNamespace,
    REMEDYCTL_LEASE_HOLDER: lock.holder,
    REMEDYCTL_LEASE_TOKEN: lock.token,
    REMEDYCTL_LEASE_EXPIRES_AT: formatMicroTime(sentAtMs + times.durationMs),
  };
}

function sayRelease(notes: Pick<Notes, 'warn'>, { kind, leaseName, error }: ReleaseOutcome): void {
  if (kind !== 'failed') return;
  notes.warn(`the lock ${leaseName} was not released and expires by itself: ${error?.message ?? ''}`);
}

/** That the lock is lost may be found out only at its release: the command has done its work, perhaps not alone. */
function foundLater({ leaseName }: HeldLock, { release, ...outcome }: RunOutcome): LockedCommandOutcome {
  const isLost = release.kind === 'lost' || release.kind === 'gone';
  if (outcome.kind !== 'ended' || !isLost) return outcome;
  const { end } = outcome;
  const message = `the lock ${leaseName} was lost: at the command's end it was not ours any more`;
  const error = new RemedyError('LOCK_LOST', message, {
    hint: 'The command ended by itself, and may not have been alone; see what it and others have done.',
    details: { lease: leaseName, ...end },
  });
  return { kind: 'lost', error, end };
}
