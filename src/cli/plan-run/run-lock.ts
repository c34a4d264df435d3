/** Keeps two runs of one plan apart: on this machine by a lock in the store, across machines by a lease. */
import { RemedyError } from '../../errors/remedy-error.ts';
import { HeldLocks } from '../../lease/held-locks.ts';
import { LeaseLock } from '../../lease/lease-lock.ts';
import type { Journal } from '../../plan/run/journal.ts';
import { lockPlan, type RunLock } from '../../plan/run/run-lock.ts';
import { connectTo } from '../composition.ts';
import { identityOf } from '../identity.ts';
import { ServerObservation } from '../server-observation.ts';
import type { Session } from '../session.ts';

const tries = 5;
const betweenMs = 40;
const leaseHashDigits = 16;

export interface PlanLock {
  /** Aborts when another machine may have begun: its reason is LOCK_LOST. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/**
 * Errors: PLAN_RUNNING while another process has it, naming its run where it is known; what connecting to the cluster
 * gives, where one is configured.
 */
export async function lockRun(session: Session, journal: Journal, hash: string): Promise<PlanLock> {
  const local = await lockHere(session, hash);
  if (local === undefined) throw running(journal, hash);
  try {
    const lease = await lockCluster(session, hash);
    return {
      lost: lease?.lost ?? new AbortController().signal,
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
export async function isIdle(session: Session, hash: string): Promise<boolean> {
  const lock = await lockPlan(session.config.values.store, hash);
  lock?.release();
  return lock !== undefined;
}

/** Somebody who only looks has it for a moment: hence a few tries. */
async function lockHere({ config, runtime }: Session, hash: string): Promise<RunLock | undefined> {
  for (let left = tries; left > 0; left -= 1) {
    const lock = await lockPlan(config.values.store, hash);
    if (lock !== undefined) return lock;
    await runtime.clock.sleep(betweenMs);
  }
  return undefined;
}

function running(journal: Journal, hash: string): RemedyError {
  const run = journal.runsOfHash(hash).find(({ state }) => state === 'running');
  const which = run === undefined ? 'another process' : `run ${run.id}`;
  return new RemedyError('PLAN_RUNNING', `${which} is working on this plan`, {
    hint: run === undefined ? 'plan status lists the runs' : `plan status ${run.id} shows how far it is`,
    details: { hash, ...(run === undefined ? {} : { run: run.id }) },
  });
}

async function lockCluster(session: Session, hash: string): Promise<PlanLock | undefined> {
  const { runtime, config, notices } = session;
  if (config.values.target === 'embedded') return undefined;
  const server = new ServerObservation();
  const client = await connectTo(session, server.observers);
  if (client.target.kind !== 'cluster') {
    await client.close();
    return undefined;
  }
  const heldLocks = new HeldLocks();
  const letGo = async (): Promise<void> => {
    for (const { kind, leaseName, error } of await heldLocks.releaseAll()) {
      if (kind === 'failed')
        notices.warn(`the lease ${leaseName} stays until it expires: ${error?.message ?? ''}`);
    }
    await client.close();
  };
  try {
    const lock = new LeaseLock({
      objects: client.objects,
      namespace: config.values.leaseNamespace,
      clock: runtime.clock,
      random: runtime.random,
      identity: identityOf(runtime),
      skew: () => server.clockSkew(),
      heldLocks,
      nameOf: (key) => `remedyctl-plan-${key.slice(0, leaseHashDigits)}`,
    });
    const held = await lock.tryAcquire(hash, { signal: runtime.signal });
    if (held.kind !== 'held') throw runningElsewhere(held);
    held.keepRenewed();
    return { lost: held.lost, release: letGo };
  } catch (thrown) {
    await letGo();
    throw thrown instanceof RemedyError && thrown.code !== 'PLAN_RUNNING' ? withoutLease(thrown) : thrown;
  }
}

/** The cluster of an incident may well be the one that does not answer. */
function withoutLease(cause: RemedyError): RemedyError {
  const hint = '--target embedded does without the lease: only runs on this machine are then kept apart';
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
