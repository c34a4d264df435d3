import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { expiryOf, isExpired, type Lease, namedHolder } from './lease-object.ts';
import { formatMicroseconds } from './micro-time.ts';

/** By what right somebody wants to change a lock that was taken by another process. */
export interface LockClaim {
  /** The lock is to be this holder's; whoever knows the holder's id speaks for it. Empty: nobody's. */
  ifHolder?: string | undefined;
  /** Who we are. A lock of anybody else is none of ours, which is no error. */
  holder?: string | undefined;
  /** Only if it has run out. */
  ifExpired: boolean;
  /** Also if it is live and somebody else's. */
  force: boolean;
}

/** `notHeld`: not ours, so there is nothing to let go. */
export type LockPermission = 'own' | 'expired' | 'forced' | 'notHeld';

interface Moment {
  nowMs: number;
  skew: ClockSkew | undefined;
}

/**
 * Decides whether a claim is good for a lease as it is. An expired lock may be released by anybody, as anybody may
 * take it over; renewed it may be by its holder, else it would block again in the name of somebody who has gone.
 * Throws LOCK_HELD.
 */
export function permitChange(
  verb: 'renew' | 'release',
  lease: Lease,
  claim: LockClaim,
  moment: Moment,
): LockPermission {
  const expired = isExpired(lease, moment.nowMs, moment.skew) === true;
  checkConditions(lease, claim, expired);
  if (isOwn(lease, claim)) return 'own';
  if (expired && (claim.ifExpired || (verb === 'release' && claim.holder === undefined))) return 'expired';
  if (claim.force) return 'forced';
  if (claim.holder !== undefined) return 'notHeld';
  const holder = shown(holderOf(lease));
  throw lockHeld(lease, expired ? `it was held by ${holder} and has expired` : heldBy(lease));
}

function checkConditions(lease: Lease, { ifHolder, ifExpired }: LockClaim, expired: boolean): void {
  const holder = holderOf(lease);
  if (ifHolder !== undefined && ifHolder !== holder) {
    throw lockHeld(lease, `it is held by ${shown(holder)}, not by ${shown(ifHolder)}`);
  }
  if (ifExpired && !expired) throw lockHeld(lease, notExpired(lease));
}

/** Whoever names the holder that a lease has speaks for it. */
function isOwn(lease: Lease, { ifHolder, holder }: LockClaim): boolean {
  return ifHolder !== undefined || holder === holderOf(lease);
}

function holderOf(lease: Lease): string {
  return lease.spec?.holderIdentity ?? '';
}

/** LOCK_HELD: the lock stays with whom it is. */
export function lockHeld(lease: Lease, why: string): RemedyError {
  const { name, namespace } = lease.metadata;
  const ends = expiryOf(lease);
  return new RemedyError('LOCK_HELD', `the lock ${name} stays as it is: ${why}`, {
    hint: [
      `${optionName('ifHolder')} HOLDER acts for its holder`,
      `${optionName('force')} ${optionName('reason')} TEXT overrules one that is alive`,
      `whether it is: remedyctl lease get ${name} ${optionName('observeMs')} 30s`,
    ].join('; '),
    details: {
      lease: name,
      namespace,
      holder: namedHolder(lease),
      until: ends === undefined ? undefined : formatMicroseconds(ends),
    },
  });
}

function heldBy(lease: Lease): string {
  const holder = shown(holderOf(lease));
  const ends = expiryOf(lease);
  return ends === undefined
    ? `it is held by ${holder} and names no end`
    : `it is held by ${holder} until ${formatMicroseconds(ends)}`;
}

function notExpired(lease: Lease): string {
  const ends = expiryOf(lease);
  return ends === undefined
    ? 'it names no end'
    : `it has not expired; it ends at ${formatMicroseconds(ends)}`;
}

function shown(holder: string): string {
  return holder === '' ? 'nobody' : holder;
}
