import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import { previewAcquire } from '../lease/acquire-preview.ts';
import type { HeldLock } from '../lease/held-lock.ts';
import { HeldLocks } from '../lease/held-locks.ts';
import type { Identity } from '../lease/identity.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import type { Lease } from '../lease/lease-object.ts';
import type { ResolvedLock } from '../lease/lock-key.ts';
import { knownLock, type KnownLock } from './known-lock.ts';
import type { LockGround } from './lock-ground.ts';
import { renewalFailedText, takeoverText } from '../lease/lock-notes.ts';
import { LockWaitReport } from './lock-wait-report.ts';
import { stoppedOr } from './stopped.ts';

/** What acquiring goes by; `identity` is part of the holder's id. */
export type AcquireGround = LockGround & { identity: Pick<Identity, 'host' | 'pid'> };

/** Which lock is wanted, and how. */
export interface AcquireOrder {
  lock: ResolvedLock;
  /** How long the lock lasts without a renewal: whole seconds, 10 or more. */
  durationSeconds: number;
  /** How long to wait for somebody else's lock, milliseconds; 0: not at all. */
  waitMs: number;
  /** Our identity in place of one made for this acquisition. */
  holder?: string | undefined;
}

/** What became of an acquisition: the lock with what it cost, or who has it. */
export interface AcquiredLock extends KnownLock {
  acquired: boolean;
  waitedSeconds?: number;
  attempts?: number;
  /** The fencing token: the lease's resourceVersion at acquisition. */
  token?: string;
  dryRun?: 'client' | 'server';
  wouldAcquire?: boolean;
}

/** `held` where it was had; else LOCK_NOT_ACQUIRED, which nobody has thrown yet. */
export type AcquireAttempt =
  { held: HeldLock; shown: AcquiredLock } | { held?: undefined; shown: AcquiredLock; failure: RemedyError };

/** One acquisition, and what of it has to be let go. */
export class LockAcquisition {
  readonly #ground: AcquireGround;
  readonly #order: AcquireOrder;
  readonly #heldLocks = new HeldLocks();

  constructor(ground: AcquireGround, order: AcquireOrder) {
    this.#ground = ground;
    this.#order = order;
  }

  /**
   * A lock that somebody else holds is no exception, but a `failure` with what is known of it.
   * Throws INVALID_OPTION for a lease name that no key has, INTERRUPTED, and what LeaseLock throws.
   */
  async acquire(): Promise<AcquireAttempt> {
    const { notes, progress, signal } = this.#ground;
    const { holder, lock, waitMs } = this.#order;
    progress.start(`waiting for the lock ${lock.leaseName}`);
    const report = new LockWaitReport(this.#ground, waitMs);
    try {
      const held = await this.#lock().acquire(this.#key(), {
        signal,
        lockWaitMs: waitMs,
        onWait: report.waits,
        ...(holder === undefined ? {} : { holder }),
      });
      if (held.kind !== 'held') throw new Error('nobody ended the wait');
      if (held.takenFrom !== undefined) notes.say(takeoverText(lock.leaseName, held.takenFrom));
      return { held, shown: this.#acquired(held) };
    } catch (thrown) {
      await this.#heldLocks.releaseAll();
      if (thrown instanceof RemedyError && thrown.code === 'LOCK_TIMEOUT') return await this.#missed(thrown);
      throw stoppedOr(signal, thrown);
    } finally {
      progress.stop();
    }
  }

  /** What would happen, with nothing written; with `server` the API server is asked whether it takes the write. */
  async preview(dryRun: 'client' | 'server'): Promise<AcquireAttempt> {
    const { client, clock, random, settings, signal, skew } = this.#ground;
    const { lock, durationSeconds, holder = random.uuid() } = this.#order;
    this.#key();
    const claim = { holder, durationSeconds, nowMs: clock.now() };
    const { lease, wouldAcquire } = await previewAcquire(
      { objects: client.objects, namespace: settings.leaseNamespace, skew, signal },
      lock.leaseName,
      { claim, checkWrite: dryRun === 'server' },
    );
    const shown = { ...this.#known(lease), acquired: false, dryRun, wouldAcquire };
    return { shown, failure: notAcquired(shown) };
  }

  /** Keeps the lock until the signal aborts, and lets it go then. Throws LOCK_LOST when it is lost before. */
  async hold(held: HeldLock): Promise<void> {
    const { notes, signal } = this.#ground;
    held.keepRenewed((why, lostInMs) => {
      notes.warn(renewalFailedText(held.leaseName, why, lostInMs));
    });
    await new Promise<void>((resolve) => {
      held.onEnd(() => {
        resolve();
      });
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    if (held.lost.aborted) throw held.lost.reason;
    await this.release();
  }

  /** Lets go of what was acquired; says how that went. */
  async release(): Promise<void> {
    const { notes } = this.#ground;
    for (const { kind, leaseName, error } of await this.#heldLocks.releaseAll()) {
      if (kind === 'failed')
        notes.warn(`the lock ${leaseName} stays until it expires: ${error?.message ?? ''}`);
      else notes.say(`the lock ${leaseName} is released`);
    }
  }

  #lock(): LeaseLock {
    const { client, clock, identity, random, settings, skew } = this.#ground;
    return new LeaseLock({
      objects: client.objects,
      namespace: settings.leaseNamespace,
      clock,
      random,
      identity,
      durationSeconds: this.#order.durationSeconds,
      skew,
      heldLocks: this.#heldLocks,
    });
  }

  #key(): string {
    const { key, leaseName } = this.#order.lock;
    if (key !== undefined) return key;
    throw new RemedyError('INVALID_OPTION', `no key has the lease name ${leaseName}`, {
      hint: `a lock is named gw-lock- and 16 characters; give the fingerprint, or ${optionName('rawKey')}`,
    });
  }

  #acquired(held: HeldLock): AcquiredLock {
    const { token } = held;
    return {
      ...this.#known(held.lease),
      acquired: true,
      waitedSeconds: Math.round(held.waitedMs) / 1000,
      attempts: held.attempts,
      ...(token === undefined ? {} : { token }),
    };
  }

  #known(lease: Lease | undefined): KnownLock {
    return knownLock(this.#ground, this.#order.lock, lease);
  }

  /** Who has it: read once more, since the refusal tells only what it met. */
  async #missed(timeout: RemedyError): Promise<AcquireAttempt> {
    const { client, settings, signal } = this.#ground;
    const key = { namespace: settings.leaseNamespace, name: this.#order.lock.leaseName };
    const lease = await client.objects.get<Lease>(leaseResource, key, { signal }).catch(() => undefined);
    const { attempts } = timeout.details as { attempts: number };
    const waitedSeconds = Math.round(this.#order.waitMs) / 1000;
    const shown = { ...this.#known(lease), acquired: false, waitedSeconds, attempts };
    return { shown, failure: notAcquired(shown) };
  }
}

function notAcquired(lock: AcquiredLock): RemedyError {
  const { name, namespace, holder, expiresAt } = lock;
  const until = expiresAt === undefined ? 'and names no end' : `until ${expiresAt}`;
  const who =
    lock.state === undefined
      ? 'it was let go just now'
      : `${holder ?? 'somebody whom it does not name'} holds it ${until}`;
  return new RemedyError('LOCK_NOT_ACQUIRED', `the lock ${name} was not acquired: ${who}`, {
    hint: `wait for it with ${optionName('waitMs')} 1m; whether its holder is alive: remedyctl lease get ${name} ${optionName('observeMs')} 30s`,
    details: { lease: name, namespace, holder, until: expiresAt },
  });
}
