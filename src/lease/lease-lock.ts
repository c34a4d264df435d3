/**
 * The lock that makes remedyctl and gateway pods create one RemediationRequest per fingerprint: a Lease whose
 * existence is the lock, deleted on release, taken over once it has expired.
 *
 * Guarantees, among all who follow the same rules over one API server
 * - Of any number of acquisitions at once one succeeds. It succeeds by a POST (the server lets one create it), or
 *   by a PUT with the uid and resourceVersion of the expired lease (the server lets one replace it).
 * - Every acquisition has a holder id of its own, `host/pid/random`: two in one process never mistake each other's
 *   lease for their own, and in one process only one per lease talks to the server at a time.
 * - A free lock costs one request. A lost answer to our own POST or PUT is recognised by the holder id, so that either
 *   may be sent again on another connection.
 * - An acquisition that is stopped or fails takes back what it may have created, as far as the server answers.
 * - A lease is expired when local time + measured skew - its error bound > renewTime + duration; one without
 *   renewTime or duration after it has not changed for a whole duration on our monotonic clock.
 * Non-guarantees
 * - Expiry compares our clock (or the API server's, as far as measured) with a time that the holder wrote: a holder
 *   whose clock is behind loses its lease early. `expiry: 'observation'` trusts no clock but our own monotonic one.
 * - A POST without an answer that lands after we looked for it leaves a lease that blocks others for one duration.
 * - Fairness between processes; within one, first come first served.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { isIndefinite } from '../kube/indefinite-answer.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import type { Contention } from './contention-wait.ts';
import { defaultContention } from './contention-wait.ts';
import { withinDeadline } from './deadline.ts';
import { FingerprintMutex } from './fingerprint-mutex.ts';
import type { Acquired } from './held-lock.ts';
import { HeldLock } from './held-lock.ts';
import type { HeldLocks } from './held-locks.ts';
import { leaseName } from './lease-name.ts';
import type { Claim, Lease } from './lease-object.ts';
import { isExpired, newLease, renewedLease, takenOverLease } from './lease-object.ts';
import { LeaseObservations } from './lease-observation.ts';
import type { LockContention, LockWaitEnded } from './lock-contention.ts';
import { contentionOf } from './lock-contention.ts';
import type { LockStep } from './lock-error.ts';
import { acquisitionError, lockTimeout } from './lock-error.ts';
import { parseMicroTime } from './micro-time.ts';

/** What a LeaseLock goes by. */
export interface LeaseLockOptions {
  objects: ObjectAccess;
  /** Where the leases are: the same namespace for everybody who is to be excluded. */
  namespace: string;
  /** Real time: leases are compared with other machines' times, whatever the clock of decisions says. */
  clock: Clock;
  random: Random;
  identity: { host: string; pid: number };
  /** Whole seconds, default 30, at least 10. */
  durationSeconds?: number | undefined;
  /** The API server's clock against ours, where it has been measured. */
  skew?: (() => ClockSkew | undefined) | undefined;
  /** `clock` (default): by the lease's own times; `observation`: only by watching it stay unchanged. */
  expiry?: 'clock' | 'observation' | undefined;
  /** Default: ten tries, 100 ms doubled up to 1 s. */
  contention?: Contention | undefined;
  heldLocks?: HeldLocks | undefined;
  /** The lease's name of a key; default: the gateway's. */
  nameOf?: ((key: string) => string) | undefined;
}

/** One try to acquire a lock. */
export interface TryOptions {
  signal?: AbortSignal | undefined;
  /**
   * Our identity in place of one made for this acquisition. A lease that has this holder already is renewed and
   * counts as acquired: whoever gives one holder to several acquisitions says that they are one.
   */
  holder?: string | undefined;
  /** Called before the first request with what a watch will show for this acquisition. */
  onHolder?: ((leaseName: string, holder: string) => void) | undefined;
  /** For the requests of this acquisition and of the lock that comes of it; default: those of the LeaseLock. */
  objects?: ObjectAccess | undefined;
}

/** Tries to acquire a lock, until it is had or patience ends. */
export interface AcquireOptions extends TryOptions {
  /** How long to go on trying; absent: ten tries. */
  lockWaitMs?: number | undefined;
  /** Called before each wait with how long it will be, and who is waited for. */
  onWait?: ((waitMs: number, contention: LockContention) => void) | undefined;
  /** Called after each wait, before the next try: true ends the acquisition (the reason for it is gone). */
  afterWait?: ((contention: LockContention) => Promise<boolean>) | undefined;
}

interface Acquisition {
  fingerprint: string;
  name: string;
  holder: string;
  startedMonotonicMs: number;
  /** By the wall clock, for telling a lease that this acquisition wrote from an older one of the same holder. */
  startedMs: number;
  attempts: number;
  /** The holder was given: its lease may be older than this acquisition. */
  renewsOwn: boolean;
  /** When the first write went out; a lease of ours that is found later is at least as old. */
  firstSentMonotonicMs: number | undefined;
  signal: AbortSignal | undefined;
  objects: ObjectAccess;
}

const defaultDurationSeconds = 30;
const shortestDurationSeconds = 10;
const discardLimitMs = 5000;

/** One for each process and namespace: it keeps the order of asking, and what it has observed of other leases. */
export class LeaseLock {
  readonly #options: LeaseLockOptions;
  readonly #durationSeconds: number;
  readonly #mutex = new FingerprintMutex();
  readonly #observations: LeaseObservations;

  /** Throws CONFIG_INVALID for a duration that leaves no room for renewals. */
  constructor(options: LeaseLockOptions) {
    this.#options = options;
    this.#observations = new LeaseObservations(options.clock);
    this.#durationSeconds = checkedDuration(options.durationSeconds ?? defaultDurationSeconds);
  }

  /**
   * One try, after those of this process that asked before. Throws LOCK_FAILED or FORBIDDEN, with the gateway's
   * text, for every answer that is not contention.
   */
  tryAcquire(fingerprint: string, options: TryOptions = {}): Promise<HeldLock | LockContention> {
    return this.#alone(fingerprint, options, (acquisition) => this.#attempt(acquisition));
  }

  /**
   * Tries until the lock is had: ten times, or until `lockWaitMs` is over. Throws LOCK_TIMEOUT then, and what
   * `tryAcquire` throws; rejects with the signal's reason when that aborts during a wait.
   */
  acquire(fingerprint: string, options: AcquireOptions = {}): Promise<HeldLock | LockWaitEnded> {
    return this.#alone(fingerprint, options, (acquisition) => this.#attemptRepeatedly(acquisition, options));
  }

  /** Until when a lease of this key stands that this process has left behind; wall clock, milliseconds. */
  leftUntilMs(fingerprint: string): number | undefined {
    const { clock, heldLocks, nameOf = leaseName } = this.#options;
    const name = nameOf(fingerprint);
    return heldLocks?.left(clock.now()).find((left) => left.leaseName === name)?.untilMs;
  }

  /** Holds the process-wide mutex of the lease for the attempts, and for as long as the lock is held. */
  async #alone<T extends LockContention | LockWaitEnded>(
    fingerprint: string,
    options: TryOptions,
    attempt: (acquisition: Acquisition) => Promise<HeldLock | T>,
  ): Promise<HeldLock | T> {
    const acquisition = this.#begin(fingerprint, options);
    const leave = await this.#mutex.enter(acquisition.name, options.signal);
    try {
      const attempted = attempt(acquisition);
      const result = await (this.#options.heldLocks?.track(attempted) ?? attempted);
      if (result.kind === 'held') result.onEnd(leave);
      else leave();
      return result;
    } catch (thrown) {
      leave();
      throw thrown;
    }
  }

  #begin(fingerprint: string, options: TryOptions): Acquisition {
    const { clock, identity, nameOf = leaseName, random } = this.#options;
    const name = nameOf(fingerprint);
    const holder = options.holder ?? `${identity.host}/${identity.pid}/${random.uuid()}`;
    options.onHolder?.(name, holder);
    return {
      fingerprint,
      name,
      holder,
      startedMonotonicMs: clock.monotonicMs(),
      startedMs: clock.now(),
      attempts: 0,
      renewsOwn: options.holder !== undefined,
      firstSentMonotonicMs: undefined,
      signal: options.signal,
      objects: options.objects ?? this.#options.objects,
    };
  }

  async #attemptRepeatedly(
    acquisition: Acquisition,
    { lockWaitMs, onWait, afterWait, signal }: AcquireOptions,
  ): Promise<HeldLock | LockWaitEnded> {
    const { clock, random, contention = defaultContention } = this.#options;
    const limit = patience(lockWaitMs, contention);
    const deadlineMs = acquisition.startedMonotonicMs + limit.waitMs;
    for (;;) {
      const result = await this.#attempt(acquisition);
      if (result.kind === 'held') return result;
      const { attempts } = acquisition;
      const remainingMs = deadlineMs - clock.monotonicMs();
      if (remainingMs <= 0 || attempts >= limit.tries) {
        throw lockTimeout(acquisition.fingerprint, attempts, result);
      }
      const waitMs = Math.min(contention.waitMs(attempts, random), remainingMs);
      onWait?.(waitMs, result);
      await clock.sleep(waitMs, signal);
      if ((await afterWait?.(result)) === true) return { kind: 'ended', contention: result, attempts };
    }
  }

  #attempt(acquisition: Acquisition): Promise<HeldLock | LockContention> {
    acquisition.attempts += 1;
    // What stood in the way a moment ago probably still does: a look costs one request, a POST would cost two.
    if (acquisition.attempts > 1) return this.#meet(acquisition, 'first');
    return this.#claimFree(acquisition, 'first');
  }

  async #claimFree(acquisition: Acquisition, look: 'first' | 'last'): Promise<HeldLock | LockContention> {
    const sentAtMonotonicMs = this.#sending(acquisition);
    const lease = newLease(this.#key(acquisition), this.#claim(acquisition));
    try {
      const options = { signal: acquisition.signal, recognisable: true };
      const answer = await acquisition.objects.create<Lease>(leaseResource, lease, options);
      return this.#hold(acquisition, { lease: answer.object, sentAtMonotonicMs, takenOver: false });
    } catch (thrown) {
      if (isApiError(thrown, 'AlreadyExists')) return this.#meet(acquisition, look, thrown.resent);
      return this.#settle(acquisition, 'failed to create lease', thrown);
    }
  }

  /** The lease exists: is it ours after all, free to be taken over, or somebody's? */
  async #meet(
    acquisition: Acquisition,
    look: 'first' | 'last',
    mayBeOurs = false,
  ): Promise<HeldLock | LockContention> {
    const { name } = acquisition;
    let lease: Lease | undefined;
    try {
      lease = await this.#read(acquisition, acquisition.signal);
    } catch (thrown) {
      if (mayBeOurs) await this.#discard(acquisition);
      throw acquisitionError('failed to check for existing lease', thrown);
    }
    if (lease === undefined) {
      // Released since: free for whoever asks first, and a wait would let others be that.
      return look === 'last' ? contentionOf(name, undefined) : this.#claimFree(acquisition, 'last');
    }
    if (lease.spec?.holderIdentity === acquisition.holder) {
      if (!acquisition.renewsOwn) return this.#recognise(acquisition, lease, false);
      return this.#replace(acquisition, lease, renewedLease(lease, this.#claim(acquisition)));
    }
    if (!this.#isFree(lease)) return contentionOf(name, lease);
    return this.#replace(acquisition, lease, takenOverLease(lease, this.#claim(acquisition)));
  }

  #isFree(lease: Lease): boolean {
    const { clock, expiry, skew } = this.#options;
    const abandoned = this.#observations.isAbandoned(
      lease,
      lease.spec?.leaseDurationSeconds ?? this.#durationSeconds,
    );
    if (expiry === 'observation') return abandoned;
    return isExpired(lease, clock.now(), skew?.()) ?? abandoned;
  }

  /** Takes over what is free, or renews what has been ours before. */
  async #replace(acquisition: Acquisition, before: Lease, body: Lease): Promise<HeldLock | LockContention> {
    const sentAtMonotonicMs = this.#sending(acquisition);
    const takenOver = before.spec?.holderIdentity !== acquisition.holder;
    const { signal } = acquisition;
    try {
      const answer = await acquisition.objects.replace<Lease>(leaseResource, body, { signal });
      const lease = answer.object;
      if (answer.httpStatus !== 201 && lease.metadata.uid === before.metadata.uid) {
        const takenFrom = takenOver ? contentionOf(acquisition.name, before) : undefined;
        return this.#hold(acquisition, { lease, sentAtMonotonicMs, takenOver, takenFrom });
      }
    } catch (thrown) {
      if (isApiError(thrown, 'Conflict') && !thrown.resent) return contentionOf(acquisition.name, before);
      return this.#settle(acquisition, 'failed to take over expired lease', thrown);
    }
    // The lease that we meant is gone, and the server has made a new one of our PUT: not an acquisition.
    await this.#discard(acquisition);
    return contentionOf(acquisition.name, undefined);
  }

  /** A write that failed: ours if it took effect unseen, else the error, with nothing left behind. */
  async #settle(
    acquisition: Acquisition,
    step: LockStep,
    cause: unknown,
  ): Promise<HeldLock | LockContention> {
    const isResent = isApiError(cause, 'Conflict') && cause.resent;
    if (!isIndefinite(cause) && !isResent) throw acquisitionError(step, cause);
    if (acquisition.signal?.aborted === true) {
      await this.#discard(acquisition);
      throw cause;
    }
    let lease: Lease | undefined;
    try {
      lease = await this.#read(acquisition, acquisition.signal);
    } catch {
      await this.#discard(acquisition);
    }
    if (lease === undefined || !isWrittenBy(acquisition, lease)) {
      // Sent twice, and still somebody else's: the conflict is what it says.
      if (isResent) return contentionOf(acquisition.name, lease);
      throw acquisitionError(step, cause);
    }
    return this.#recognise(acquisition, lease, step === 'failed to take over expired lease');
  }

  #recognise(acquisition: Acquisition, lease: Lease, takenOver: boolean): HeldLock {
    const sentAtMonotonicMs = acquisition.firstSentMonotonicMs ?? acquisition.startedMonotonicMs;
    return this.#hold(acquisition, { lease, sentAtMonotonicMs, takenOver });
  }

  #hold(
    acquisition: Acquisition,
    how: Pick<Acquired, 'lease' | 'sentAtMonotonicMs' | 'takenOver' | 'takenFrom'>,
  ): HeldLock {
    const { clock, heldLocks } = this.#options;
    const { attempts, fingerprint, holder, name, objects } = acquisition;
    this.#observations.forget(name);
    const lock = new HeldLock(
      { objects, clock, durationSeconds: this.#durationSeconds },
      { ...how, fingerprint, holder },
      { attempts, waitedMs: clock.monotonicMs() - acquisition.startedMonotonicMs },
    );
    heldLocks?.add(lock);
    return lock;
  }

  /** Deletes a lease that an unfinished write of ours may have left, on a deadline of its own; never throws. */
  async #discard(acquisition: Acquisition): Promise<void> {
    const { objects } = acquisition;
    await withinDeadline(this.#options.clock, discardLimitMs, async (signal) => {
      const lease = await this.#read(acquisition, signal);
      if (lease === undefined || !isWrittenBy(acquisition, lease)) return;
      const { uid, resourceVersion } = lease.metadata;
      const preconditions = { uid, resourceVersion };
      await objects.delete(leaseResource, this.#key(acquisition), { preconditions, signal });
    }).catch(() => {
      this.#leave(acquisition);
    });
  }

  /** Nobody could tell whether the lease is there, and ours. */
  #leave({ name }: Acquisition): void {
    const untilMs = this.#options.clock.now() + this.#durationSeconds * 1000;
    this.#options.heldLocks?.noteLeft({ leaseName: name, untilMs });
  }

  async #read(acquisition: Acquisition, signal: AbortSignal | undefined): Promise<Lease | undefined> {
    try {
      return await acquisition.objects.get<Lease>(leaseResource, this.#key(acquisition), { signal });
    } catch (thrown) {
      if (isApiError(thrown) && thrown.httpStatus === 404) return undefined;
      throw thrown;
    }
  }

  #sending(acquisition: Acquisition): number {
    const nowMs = this.#options.clock.monotonicMs();
    acquisition.firstSentMonotonicMs ??= nowMs;
    return nowMs;
  }

  #key(acquisition: Acquisition): { namespace: string; name: string } {
    return { namespace: this.#options.namespace, name: acquisition.name };
  }

  #claim(acquisition: Acquisition): Claim {
    return {
      holder: acquisition.holder,
      nowMs: this.#options.clock.now(),
      durationSeconds: this.#durationSeconds,
    };
  }
}

/** A given holder may have a lease from before, which this acquisition has neither renewed nor may take back. */
function isWrittenBy({ holder, renewsOwn, startedMs }: Acquisition, { spec }: Lease): boolean {
  if (spec?.holderIdentity !== holder) return false;
  return !renewsOwn || (parseMicroTime(spec.renewTime) ?? 0) >= Math.floor(startedMs) * 1000;
}

/** A time that is set takes the place of the tries. */
function patience(lockWaitMs: number | undefined, { tries }: Contention): { waitMs: number; tries: number } {
  return lockWaitMs === undefined
    ? { waitMs: Number.POSITIVE_INFINITY, tries }
    : { waitMs: lockWaitMs, tries: Number.POSITIVE_INFINITY };
}

function checkedDuration(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= shortestDurationSeconds) return seconds;
  throw new RemedyError('CONFIG_INVALID', `a lease of ${seconds} seconds cannot be held safely`, {
    hint: `Use whole seconds, ${shortestDurationSeconds} or more.`,
  });
}
