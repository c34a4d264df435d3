/** Keeps two runs of one plan apart: on this machine by a lock in the store, across machines by a lease. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { HeldLocks } from '../lease/held-locks.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import { renewalFailedText, takeoverText } from '../lease/lock-notes.ts';
import type { Journal } from './journal.ts';
import { lockPlan, type RunLock } from './machine-lock.ts';
import { ServerObservation } from '../kube/server-observation.ts';
import type { RunGround } from './run-ground.ts';
import type { RunOptions } from './run-options.ts';

const tries = 5;
const betweenMs = 40;
const leaseHashDigits = 16;

/** The lock of one plan, of this machine and of the cluster where there is one. */
export interface PlanLock {
  /** Aborts when another machine may have begun: its reason is LOCK_LOST. */
  readonly lost: AbortSignal;
  /** To be asked before each write. Errors: STORE_LOST, where the lock of this machine is gone. */
  requireHeld(): void;
  release(): Promise<void>;
}

/**
 * Errors: PLAN_RUNNING while another process has it, naming its run where it is known; what connecting to the cluster
 * gives, where one is configured.
 */
export async function lockRun(hash: string, { options, journal }: RunGround): Promise<PlanLock> {
  const local = await lockHere(hash, options);
  if (local === undefined) throw running(journal, hash);
  try {
    const lease = await lockCluster(hash, options);
    return {
      lost: lease?.lost ?? new AbortController().signal,
      requireHeld: () => {
        local.requireHeld();
      },
      release: async () => {
        await lease?.release();
        local.release();
      },
    };
  } catch (thrown) {
    local.release();
    throw thrown;
  }
}

/** Whether nobody works on the plan on this machine at this moment. */
export async function isIdle(hash: string, store: string): Promise<boolean> {
  const lock = await lockPlan(store, hash);
  lock?.release();
  return lock !== undefined;
}

/** Somebody who only looks has it for a moment: hence a few tries. */
async function lockHere(hash: string, { settings, clock }: RunOptions): Promise<RunLock | undefined> {
  for (let left = tries; left > 0; left -= 1) {
    const lock = await lockPlan(settings.store, hash);
    if (lock !== undefined) return lock;
    await clock.sleep(betweenMs);
  }
  return undefined;
}

function running(journal: Journal, hash: string): RemedyError {
  const run = journal.runsOfHash(hash).find(({ state }) => state === 'running');
  const which = run === undefined ? 'another process' : `run ${run.id}`;
  return new RemedyError('PLAN_RUNNING', `${which} is working on this plan`, {
    hint:
      run === undefined
        ? 'the runs: remedyctl plan status'
        : `how far it is: remedyctl plan status ${run.id}`,
    details: { hash, ...(run === undefined ? {} : { run: run.id }) },
  });
}

async function lockCluster(
  hash: string,
  options: RunOptions,
): Promise<Pick<PlanLock, 'lost' | 'release'> | undefined> {
  if (options.connect === undefined) return undefined;
  const server = new ServerObservation();
  const client = await options.connect(server.observers);
  if (client.target.kind !== 'cluster') {
    await client.close();
    return undefined;
  }
  const heldLocks = new HeldLocks();
  const letGo = async (): Promise<void> => {
    for (const { kind, leaseName, error } of await heldLocks.releaseAll()) {
      if (kind === 'failed')
        options.notes.warn(`the lease ${leaseName} stays until it expires: ${error?.message ?? ''}`);
    }
    await client.close();
  };
  try {
    const lock = new LeaseLock({
      objects: client.objects,
      namespace: options.settings.leaseNamespace,
      clock: options.clock,
      random: options.random,
      identity: options.identity,
      skew: () => server.clockSkew(),
      heldLocks,
      nameOf: (key) => `remedyctl-plan-${key.slice(0, leaseHashDigits)}`,
    });
    const held = await lock.tryAcquire(hash, { signal: options.signal });
    if (held.kind !== 'held') throw runningElsewhere(held);
    if (held.takenFrom !== undefined) options.notes.say(takeoverText(held.leaseName, held.takenFrom));
    held.keepRenewed((why, lostInMs) => {
      options.notes.warn(renewalFailedText(held.leaseName, why, lostInMs));
    });
    return { lost: held.lost, release: letGo };
  } catch (thrown) {
    await letGo();
    throw thrown instanceof RemedyError && thrown.code !== 'PLAN_RUNNING' ? withoutLease(thrown) : thrown;
  }
}

/** The cluster of an incident may well be the one that does not answer. */
function withoutLease(cause: RemedyError): RemedyError {
  const hint = `${optionName('target')} embedded does without the lease: only runs on this machine are then kept apart`;
  return new RemedyError(cause.code, cause.message, {
    details: cause.details,
    hint: cause.hint === undefined ? hint : `${cause.hint} ${hint}`,
    cause,
  });
}

function runningElsewhere({
  leaseName,
  holder,
}: {
  leaseName: string;
  holder?: string | undefined;
}): RemedyError {
  const who = holder === undefined ? 'somebody' : holder;
  return new RemedyError('PLAN_RUNNING', `${who} is working on this plan: the lease ${leaseName} is held`, {
    hint: 'wait for it to end; a lease whose holder has died expires by itself',
    details: { lease: leaseName, ...(holder === undefined ? {} : { holder }) },
  });
}
