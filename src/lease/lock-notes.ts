/** What holding a lock gives to say, in one sentence each. */
import { messageOf } from '../errors/remedy-error.ts';
import type { LockContention } from './lock-contention.ts';

/** A shorter wait is over before anybody has read of it, milliseconds. */
export const shortestToldMs = 1_000;

/** Who is waited for until when, and when that is given up: `in 30s`, `after ten tries`. */
export function waitingText(contention: LockContention, givenUp: string): string {
  const { leaseName, holder = 'another writer', until } = contention;
  const end = until === undefined ? '' : ` until ${until} unless it is renewed`;
  return `waiting for ${leaseName}: held by ${holder}${end}; given up ${givenUp}`;
}

/** That a lock was another's before: whoever has the same work in hand may have begun it. */
export function takeoverText(leaseName: string, from: { holder?: string; until?: string }): string {
  const { holder = 'nobody it names', until } = from;
  const end = until === undefined ? '' : `, whose lock ended at ${until}`;
  return `${leaseName} was taken over from ${holder}${end}: see what its work has left`;
}

/** That a renewal failed, while there is still time. */
export function renewalFailedText(leaseName: string, why: unknown, lostInMs: number): string {
  const seconds = Math.ceil(lostInMs / 1_000);
  return `${leaseName} could not be renewed and is tried again: ${messageOf(why)}; it is lost in ${seconds}s unless one succeeds`;
}
