import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Identity } from '../lease/identity.ts';
import { changeLock, type LockChange, type LockOrder } from '../lease/lock-change.ts';
import type { LockClaim } from '../lease/lock-claim.ts';
import type { ResolvedLock } from '../lease/lock-key.ts';
import { knownLock, type KnownLock } from './known-lock.ts';
import type { LockGround } from './lock-ground.ts';
import { stoppedOr } from './stopped.ts';

/** What changing goes by; `identity` is named in the Event of a forced change. */
export type ChangeGround = Omit<LockGround, 'progress'> & { identity: Identity };

/** What is to become of a lock that another process took. */
export interface ChangeOrder extends LockOrder {
  lock: ResolvedLock;
}

/** What became of it, or with a dry run would. */
export interface ChangedLock {
  dryRun?: 'client' | 'server';
  outcome: LockChange['outcome'] | 'wouldRelease' | 'wouldRenew';
  /** It was live, and somebody else's. */
  forced: boolean;
  /** Of a forced change. */
  event?: { namespace: string; name: string };
  lock: KnownLock;
}

const longestReason = 512;

const dryOutcomes = {
  released: 'wouldRelease',
  renewed: 'wouldRenew',
  gone: 'gone',
  notHeld: 'notHeld',
} as const;

/** Whether the claim makes sense by itself, before anything is asked. Throws INVALID_OPTION. */
export function checkClaim({ holder, ifHolder, force }: LockClaim, reason: string | undefined): void {
  if (holder === '') throw invalid(`${optionName('holder')} is empty`);
  if (holder !== undefined && ifHolder !== undefined)
    throw invalid(`${optionName('holder')} and ${optionName('ifHolder')} exclude each other`);
  if (reason === undefined) return;
  if (!force) throw invalid(`${optionName('reason')} belongs to ${optionName('force')}`);
  if (reason.trim() === '') throw invalid(`${optionName('reason')} is empty`);
  if (reason.length > longestReason)
    throw invalid(`${optionName('reason')} is longer than ${longestReason} characters`);
}

/**
 * Renews or releases one lock, and says where there was nothing to do.
 * Throws what `changeLock` and `confirmForce` throw, INVALID_OPTION, INTERRUPTED.
 */
export async function changeKnownLock(ground: ChangeGround, order: ChangeOrder): Promise<ChangedLock> {
  const { client, clock, identity, notes, random, settings, signal, skew } = ground;
  const { lock, claim, dryRun } = order;
  checkClaim(claim, order.reason);
  const base = { objects: client.objects, namespace: settings.leaseNamespace, clock, random, skew, signal };
  const change = await changeLock({ ...base, author: identity }, lock.leaseName, order).catch(
    (thrown: unknown) => {
      throw stoppedOr(signal, thrown);
    },
  );
  const { outcome, forced, event, lease } = change;
  if (outcome === 'gone') notes.say(`nobody holds the lock ${lock.leaseName}`);
  if (outcome === 'notHeld')
    notes.say(`the lock ${lock.leaseName} is not held by ${claim.holder ?? 'us'}; it stays`);
  return {
    ...(dryRun === undefined ? {} : { dryRun }),
    outcome: dryRun === undefined ? outcome : dryOutcomes[outcome],
    forced,
    ...(event === undefined ? {} : { event }),
    lock: knownLock(ground, lock, lease),
  };
}

function invalid(message: string): RemedyError {
  return new RemedyError('INVALID_OPTION', message);
}
