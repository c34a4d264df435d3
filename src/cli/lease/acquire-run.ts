import { RemedyError } from '../../errors/remedy-error.ts';
import { leaseResource } from '../../kube/well-known-resources.ts';
import { previewAcquire } from '../../lease/acquire-preview.ts';
import type { HeldLock } from '../../lease/held-lock.ts';
import { HeldLocks } from '../../lease/held-locks.ts';
import { LeaseLock } from '../../lease/lease-lock.ts';
import type { Lease } from '../../lease/lease-object.ts';
import type { ResolvedLock } from '../../lease/lock-key.ts';
import { describeLock, type LockRecord } from '../../lease/lock-record.ts';
import { identityOf } from '../identity.ts';
import type { LockGround } from './lock-ground.ts';
import { stoppedOr } from './stopped.ts';

export interface AcquireOrder {
  lock: ResolvedLock;
  durationSeconds: number;
  waitMs: number;
  /** Our identity in place of one made for this acquisition. */
  holder: string | undefined;
}

/** `Lock` as `lease acquire` shows it. */
export interface AcquiredLock extends Partial<LockRecord> {
  name: string;
  acquired: boolean;
  waitedSeconds?: number;
  attempts?: number;
  /** The fencing token: the lease's resourceVersion at acquisition. */
  token?: string;
  dryRun?: 'client' | 'server';
  wouldAcquire?: boolean;
}

type Attempted =
  { held: HeldLock; shown: AcquiredLock } | { held?: undefined; shown: AcquiredLock; failure: RemedyError };

/** One acquisition of a command, and what of it has to be let go. */
export class AcquireRun {
  readonly #ground: LockGround;
  readonly #order: AcquireOrder;
  readonly #heldLocks = new HeldLocks();

  constructor(ground: LockGround, order: AcquireOrder) {
    this.#ground = ground;
    this.#order = order;
  }

  /** A lock that somebody else holds is no exception, but a `failure` with what is known of it. */
  async acquire(): Promise<Attempted> {
    const { progress, runtime } = this.#ground.session;
    const { holder, lock, waitMs } = this.#order;
    progress.start(`waiting for the lock ${lock.leaseName}`);
    try {
      const held = await this.#lock().acquire(this.#key(), {
        signal: runtime.signal,
        lockWaitMs: waitMs,
        ...(holder === undefined ? {} : { holder }),
      });
      if (held.kind !== 'held') throw new Error('nobody ended the wait');
      return { held, shown: this.#acquired(held) };
    } catch (thrown) {
      await this.#heldLocks.releaseAll();
      if (thrown instanceof RemedyError && thrown.code === 'LOCK_TIMEOUT') return await this.#missed(thrown);
      throw stoppedOr(runtime, thrown);
    } finally {
      progress.stop();
    }
  }

  /** What would happen, with nothing written. */
  async preview(dryRun: 'client' | 'server'): Promise<Attempted> {
    const { session, client, server } = this.#ground;
    const { clock, random, signal } = session.runtime;
    const { lock, durationSeconds, holder = random.uuid() } = this.#order;
    this.#key();
    const claim = { holder, durationSeconds, nowMs: clock.now() };
    const { lease, wouldAcquire } = await previewAcquire(
      { objects: client.objects, namespace: this.#namespace(), skew: () => server.clockSkew(), signal },
      lock.leaseName,
      { claim, checkWrite: dryRun === 'server' },
    );
    const shown = { ...this.#describe(lease), acquired: false, dryRun, wouldAcquire };
    return { shown, failure: notAcquired(shown) };
  }

  /**
   * Keeps the lock until the program is stopped, and lets it go then.
   * Throws LOCK_LOST when it is lost before, INTERRUPTED when it was stopped by a signal.
   */
  async hold(held: HeldLock): Promise<void> {
    const { signal } = this.#ground.session.runtime;
    held.keepRenewed();
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

  /** Lets go of what was acquired; says so when that fails. */
  async release(): Promise<void> {
    const { notices } = this.#ground.session;
    for (const { kind, leaseName, error } of await this.#heldLocks.releaseAll()) {
      if (kind === 'failed')
        notices.warn(`the lock ${leaseName} stays until it expires: ${error?.message ?? ''}`);
      else notices.say(`the lock ${leaseName} is released`);
    }
  }

  #lock(): LeaseLock {
    const { session, client, server } = this.#ground;
    const { clock, random } = session.runtime;
    return new LeaseLock({
      objects: client.objects,
      namespace: this.#namespace(),
      clock,
      random,
      identity: identityOf(session.runtime),
      durationSeconds: this.#order.durationSeconds,
      skew: () => server.clockSkew(),
      heldLocks: this.#heldLocks,
    });
  }

  #namespace(): string {
    return this.#ground.session.config.values.leaseNamespace;
  }

  #key(): string {
    const { key, leaseName } = this.#order.lock;
    if (key !== undefined) return key;
    throw new RemedyError('USAGE', `no key has the lease name ${leaseName}`, {
      hint: 'a lock is named gw-lock- and 16 characters; give the fingerprint, or --raw-key',
    });
  }

  #acquired(held: HeldLock): AcquiredLock {
    const { token } = held;
    return {
      ...this.#describe(held.lease),
      acquired: true,
      waitedSeconds: Math.round(held.waitedMs) / 1000,
      attempts: held.attempts,
      ...(token === undefined ? {} : { token }),
    };
  }

  #describe(lease: Lease | undefined): Partial<LockRecord> & { name: string } {
    const { leaseName: name, fingerprint } = this.#order.lock;
    const known = {
      name,
      namespace: this.#namespace(),
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
    if (lease === undefined) return known;
    const { session, server } = this.#ground;
    const view = { nowMs: session.runtime.clock.now(), skew: server.clockSkew(), fingerprint };
    return describeLock(lease, view);
  }

  /** Who has it: read once more, since the refusal tells only what it met. */
  async #missed(timeout: RemedyError): Promise<Attempted> {
    const { session, client } = this.#ground;
    const key = { namespace: this.#namespace(), name: this.#order.lock.leaseName };
    const { signal } = session.runtime;
    const lease = await client.objects.get<Lease>(leaseResource, key, { signal }).catch(() => undefined);
    const { attempts } = timeout.details as { attempts: number };
    const waitedSeconds = Math.round(this.#order.waitMs) / 1000;
    const shown = { ...this.#describe(lease), acquired: false, waitedSeconds, attempts };
    return { shown, failure: notAcquired(shown) };
  }
}

function notAcquired(lock: AcquiredLock): RemedyError {
  const { name, namespace, holder, expiresAt } = lock;
  const until = expiresAt === undefined ? 'and names no end' : `until ${expiresAt}`;
  const who = lock.state === undefined ? 'it was let go just now' : `${holder ?? 'nobody'} holds it ${until}`;
  return new RemedyError('LOCK_NOT_ACQUIRED', `the lock ${name} was not acquired: ${who}`, {
    hint: `wait for it with --wait 1m; lease get ${name} --observe 30s shows whether its holder is alive`,
    details: { lease: name, namespace, holder, until: expiresAt },
  });
}
