/**
 * Renews or releases a lock that another process took.
 *
 * Guarantees
 * - Every write names the uid and resourceVersion of the lease as it was when the claim was found good: a lease that
 *   changed since is looked at again, and never changed on the strength of an old look.
 * - A live lock of somebody else is changed only after an Event that says who does it and why has been stored, and
 *   only while it is still the same lock of the same holder that was confirmed.
 * - Without force it costs two requests.
 * Non-guarantee: an Event may stand although the change failed after it.
 */
import type { KubeObject } from '../api/objects.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import type { Answer, ObjectAccess } from '../kube/object-access.ts';
import { eventResource, leaseResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { forcedChangeEvent } from './force-event.ts';
import type { Identity } from './identity.ts';
import { renewedLease, type Lease } from './lease-object.ts';
import { lockHeld, permitChange, type LockClaim } from './lock-claim.ts';
import { lockLost, releaseError, renewalError } from './lock-error.ts';

/** What changing a lock goes by. */
export interface LockGround {
  objects: ObjectAccess;
  /** Of the leases. */
  namespace: string;
  clock: Clock;
  random: Random;
  skew: () => ClockSkew | undefined;
  /** Who does it, for the Event of a forced change. */
  author: Identity;
  signal: AbortSignal;
}

/** What is to become of the lock, and by what right. */
export interface LockOrder {
  verb: 'renew' | 'release';
  claim: LockClaim;
  /** Why a live lock is overruled; `force` needs one. */
  reason?: string | undefined;
  /** Asks before a live lock is overruled; true when that took time. Throws what ends the matter. */
  confirmForce: (lease: Lease) => Promise<boolean>;
  /** Renewal: the new duration, whole seconds; default the lease's own. */
  durationSeconds?: number | undefined;
  /** For a lease that names no duration. */
  defaultDurationSeconds: number;
  /** `client`: nothing is written; `server`: writes are sent with dryRun=All. */
  dryRun?: 'client' | 'server' | undefined;
}

/** What became of it; `notHeld`: it is not ours, and stays. */
export interface LockChange {
  outcome: 'released' | 'renewed' | 'gone' | 'notHeld';
  /** Before a release, after a renewal; absent where there was none. */
  lease?: Lease;
  forced: boolean;
  /** Of a forced change. */
  event?: { namespace: string; name: string };
}

const mostLooks = 3;

/** Throws LOCK_HELD, LOCK_LOST (renewal of a lock that is gone), LOCK_FAILED, FORBIDDEN. */
export async function changeLock(ground: LockGround, name: string, order: LockOrder): Promise<LockChange> {
  return new LockChanging(ground, name, order).run();
}

class LockChanging {
  readonly #ground: LockGround;
  readonly #name: string;
  readonly #order: LockOrder;
  #confirmed: Lease | undefined;
  #event: KubeObject | undefined;
  #forced = false;

  constructor(ground: LockGround, name: string, order: LockOrder) {
    this.#ground = ground;
    this.#name = name;
    this.#order = order;
  }

  async run(): Promise<LockChange> {
    for (let looks = 1; ; looks += 1) {
      const lease = await this.#permitted();
      if (lease === undefined) return this.#gone();
      if (lease === 'notHeld') return { outcome: 'notHeld', forced: false };
      const changed = await this.#write(lease);
      if (changed !== 'conflict') return changed;
      if (looks >= mostLooks) throw lockHeld(lease, 'it changes all the time');
    }
  }

  /** The lease as it is, once the claim on it is good. */
  async #permitted(): Promise<Lease | 'notHeld' | undefined> {
    for (;;) {
      const lease = await this.#read();
      if (lease === undefined) return undefined;
      const { clock, skew } = this.#ground;
      const moment = { nowMs: clock.now(), skew: skew() };
      const permission = permitChange(this.#order.verb, lease, this.#order.claim, moment);
      if (permission === 'notHeld') return 'notHeld';
      if (permission !== 'forced' || (await this.#mayForce(lease))) return lease;
    }
  }

  /** False when the lease has to be read again: the question took time. */
  async #mayForce(lease: Lease): Promise<boolean> {
    if (this.#confirmed === undefined) {
      const tookTime = this.#order.dryRun === undefined && (await this.#order.confirmForce(lease));
      this.#confirmed = lease;
      if (tookTime) return false;
    }
    if (!isSameHold(this.#confirmed, lease)) throw lockHeld(lease, 'it has changed hands meanwhile');
    await this.#rehearse(lease);
    await this.#report(lease);
    this.#forced = true;
    return true;
  }

  /** The Event comes before the write; where that is refused, no Event may say that it was done. */
  async #rehearse(lease: Lease): Promise<void> {
    if (this.#event !== undefined || this.#order.dryRun !== undefined) return;
    try {
      if (this.#order.verb === 'release') await this.#delete(lease, { dryRun: true });
      else await this.#replace(this.#renewed(lease), { dryRun: true });
    } catch (thrown) {
      const isOutdated = isApiError(thrown) && [404, 409].includes(thrown.httpStatus);
      if (!isOutdated) throw this.#failed(thrown);
    }
  }

  async #report(lease: Lease): Promise<void> {
    if (this.#event !== undefined || this.#order.dryRun === 'client') return;
    const { author, clock, objects, random, signal } = this.#ground;
    const { verb, reason = '' } = this.#order;
    const event = forcedChangeEvent(lease, { verb, reason, author, nowMs: clock.now() }, random);
    const dryRun = this.#order.dryRun === 'server';
    this.#event = (await objects.create(eventResource, event, { signal, dryRun })).object;
  }

  async #write(lease: Lease): Promise<LockChange | 'conflict'> {
    try {
      const { verb } = this.#order;
      return verb === 'release' ? await this.#release(lease) : await this.#renew(lease);
    } catch (thrown) {
      if (isApiError(thrown) && thrown.httpStatus === 404) return this.#gone();
      if (isApiError(thrown, 'Conflict')) return 'conflict';
      throw this.#failed(thrown);
    }
  }

  async #release(lease: Lease): Promise<LockChange> {
    const { dryRun } = this.#order;
    if (dryRun !== 'client') await this.#delete(lease, { dryRun: dryRun === 'server' });
    return this.#changed('released', lease);
  }

  async #delete(lease: Lease, { dryRun }: { dryRun: boolean }): Promise<void> {
    const { objects, namespace, signal } = this.#ground;
    const { uid, resourceVersion } = lease.metadata;
    const options = { preconditions: { uid, resourceVersion }, signal, dryRun };
    await objects.delete(leaseResource, { namespace, name: this.#name }, options);
  }

  async #renew(lease: Lease): Promise<LockChange> {
    const { dryRun } = this.#order;
    const body = this.#renewed(lease);
    if (dryRun === 'client') return this.#changed('renewed', body);
    const answer = await this.#replace(body, { dryRun: dryRun === 'server' });
    if (answer.httpStatus === 201) return this.#gone();
    return this.#changed('renewed', answer.object);
  }

  #renewed(lease: Lease): Lease {
    const nowMs = this.#ground.clock.now();
    return renewedLease(lease, { nowMs, durationSeconds: this.#renewedDuration(lease) });
  }

  #replace(body: Lease, { dryRun }: { dryRun: boolean }): Promise<Answer<Lease>> {
    const { objects, signal } = this.#ground;
    return objects.replace<Lease>(leaseResource, body, { signal, dryRun });
  }

  #renewedDuration(lease: Lease): number {
    const { durationSeconds, defaultDurationSeconds } = this.#order;
    const own = lease.spec?.leaseDurationSeconds;
    return durationSeconds ?? (own === undefined || own <= 0 ? defaultDurationSeconds : own);
  }

  #changed(outcome: 'released' | 'renewed', lease: Lease): LockChange {
    const event = this.#event?.metadata;
    return {
      outcome,
      lease,
      forced: this.#forced,
      ...(event === undefined ? {} : { event: { namespace: event.namespace ?? '', name: event.name } }),
    };
  }

  #gone(): LockChange {
    if (this.#order.verb === 'renew') throw lockLost(this.#name, 'there is no such lease any more');
    return { outcome: 'gone', forced: false };
  }

  async #read(): Promise<Lease | undefined> {
    const { objects, namespace, signal } = this.#ground;
    try {
      return await objects.get<Lease>(leaseResource, { namespace, name: this.#name }, { signal });
    } catch (thrown) {
      if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
      throw this.#order.verb === 'release'
        ? releaseError('failed to get lease for release', thrown)
        : renewalError(this.#name, thrown);
    }
  }

  #failed(thrown: unknown): RemedyError {
    return this.#order.verb === 'release'
      ? releaseError('failed to delete lease', thrown)
      : renewalError(this.#name, thrown);
  }
}

/** The same lock in the same hands, renewed or not. */
function isSameHold(before: Lease, now: Lease): boolean {
  return before.metadata.uid === now.metadata.uid && before.spec?.holderIdentity === now.spec?.holderIdentity;
}
