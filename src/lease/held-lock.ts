/**
 * A lock that this process holds, from the answer that gave it until it is released, lost or abandoned.
 *
 * Guarantees
 * - `stillSafe()` is true only while nobody who follows the rules can have taken the lease over: less than the
 *   duration minus 5 s has passed, on our monotonic clock, since the last acknowledged write was *sent*.
 * - Every write names the uid and resourceVersion of the lease as we last knew it. A conflict, a 201, a 404 or
 *   another uid means that it is no longer ours: the state is `lost`, and nothing is written any more. Only after
 *   a renewal without an answer, or one that was sent twice, is a conflict looked into: it may be that renewal, which
 *   took effect unseen.
 * - A renewal that the server refuses for the moment is not repeated below: `keepRenewed` comes again in 2 s.
 * - `release` never deletes a lease that is somebody else's, has its own 5 s however the caller was stopped, asks once
 *   more beside a first request that hangs for 2 s, and does not throw.
 * Non-guarantees
 * - A process that is paused past its lease does not know it until it looks; check `stillSafe` right before
 *   the write that the lock protects, and renew first when it says no.
 * - Peers whose clock is ahead by more than 5 s can take the lease over while `stillSafe` is true.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { isIndefinite } from '../kube/indefinite-answer.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Clock } from '../time/clock.ts';
import { firstOf } from '../time/signal-deadline.ts';
import { withinDeadline } from './deadline.ts';
import type { Lease } from './lease-object.ts';
import type { LockContention } from './lock-contention.ts';
import { lockLost, releaseError, renewalError } from './lock-error.ts';
import { formatMicroTime } from './micro-time.ts';

/** Where a lock of this process is: `lost` to somebody else, `abandoned` to expire by itself. */
export type LockState = 'held' | 'lost' | 'released' | 'abandoned';

/** How letting go went. `gone`: the lease was there no more; `lost`: it is somebody else's and was left alone. */
export interface ReleaseOutcome {
  kind: 'released' | 'gone' | 'lost' | 'abandoned' | 'failed';
  leaseName: string;
  /** `failed` only: LOCK_FAILED or FORBIDDEN; the lease stays until it expires. */
  error?: RemedyError;
}

/** What the lock stands on. */
interface LockGround {
  objects: ObjectAccess;
  clock: Clock;
  durationSeconds: number;
}

/** How a lock was had. */
export interface Acquired {
  /** The lease as the server answered it. */
  lease: Lease;
  holder: string;
  /** The key that it was taken by. */
  fingerprint: string;
  /** When the request that acquired was sent, monotonic. */
  sentAtMonotonicMs: number;
  /** Another holder's expired lease was taken over: it may have created without leaving a further event. */
  takenOver: boolean;
  /** Whose it was, where that was read. */
  takenFrom?: Pick<LockContention, 'holder' | 'until'> | undefined;
}

const safetyMarginMs = 5000;
const releaseLimitMs = 5000;
/** A release without an answer for so long goes out once more, on another connection: one may be half dead. */
const releaseAgainMs = 2000;
/** What a DELETE has shown; `lost`: somebody has taken the lease over; `replaced`: it was made anew. */
type Deletion = 'released' | 'gone' | 'replaced' | 'lost';
type RenewalFailed = (why: unknown, lostInMs: number) => void;

/** After a renewal without an answer, as client-go's leader election. */
const renewalRetryMs = 2000;

/** A lock of this process, from `LeaseLock`: to be renewed, released or abandoned. */
export class HeldLock {
  readonly kind = 'held';
  readonly fingerprint: string;
  readonly leaseName: string;
  readonly holder: string;
  readonly takenOver: boolean;
  /** Of a takeover: who held it before, and until when. */
  readonly takenFrom: Pick<LockContention, 'holder' | 'until'> | undefined;
  /** Tries and time that the acquisition took. */
  readonly attempts: number;
  readonly waitedMs: number;
  readonly #ground: LockGround;
  readonly #stopped = new AbortController();
  readonly #lost = new AbortController();
  readonly #listeners: ((state: LockState) => void)[] = [];
  #lease: Lease;
  #sentAtMonotonicMs: number;
  #state: LockState = 'held';
  #renewing: Promise<void> | undefined;
  /** A renewal had no answer and may have taken effect all the same. */
  #unanswered = false;
  #releasing: Promise<ReleaseOutcome> | undefined;
  #leftStanding = false;

  constructor(ground: LockGround, acquired: Acquired, effort: { attempts: number; waitedMs: number }) {
    this.#ground = ground;
    this.#lease = acquired.lease;
    this.#sentAtMonotonicMs = acquired.sentAtMonotonicMs;
    this.fingerprint = acquired.fingerprint;
    this.leaseName = acquired.lease.metadata.name;
    this.holder = acquired.holder;
    this.takenOver = acquired.takenOver;
    this.takenFrom = acquired.takenFrom;
    this.attempts = effort.attempts;
    this.waitedMs = effort.waitedMs;
  }

  get state(): LockState {
    return this.#state;
  }

  /** The lease as the server last answered it. */
  get lease(): Readonly<Lease> {
    return this.#lease;
  }

  get uid(): string | undefined {
    return this.#lease.metadata.uid;
  }

  /** The fencing token: the lease's resourceVersion at its last acknowledged write. */
  get token(): string | undefined {
    return this.#lease.metadata.resourceVersion;
  }

  /** Wall clock, milliseconds: until when a lease that was abandoned, or could not be released, stands. */
  get standsUntilMs(): number | undefined {
    if (!this.#leftStanding) return undefined;
    const { clock, durationSeconds } = this.#ground;
    return clock.now() - this.#sinceSentMs() + durationSeconds * 1000;
  }

  /** When the last acknowledged acquire or renewal was sent, monotonic milliseconds. */
  get sentAtMonotonicMs(): number {
    return this.#sentAtMonotonicMs;
  }

  /** Aborts, with a LOCK_LOST error as its reason, when the lock is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether the protected write may still be sent. */
  stillSafe(): boolean {
    return (
      this.#state === 'held' &&
      this.#releasing === undefined &&
      this.#sinceSentMs() < this.#durationMs() - safetyMarginMs
    );
  }

  /**
   * Writes a new renewTime. Throws LOCK_LOST when the lease is no longer ours; LOCK_FAILED or FORBIDDEN when
   * there was no such answer, with the lock neither renewed nor lost. Concurrent calls share one request.
   */
  renew(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#state !== 'held' || this.#releasing !== undefined) {
      return Promise.reject(lockLost(this.leaseName, `it is ${this.#state}`));
    }
    this.#renewing ??= this.#renewOnce(options.signal).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /**
   * Renews every third of the duration from now on, until the lock ends. `onFailure` hears of each renewal that failed
   * while the lock is not lost yet, and in how many milliseconds it would be.
   */
  keepRenewed(onFailure?: RenewalFailed): void {
    void this.#renewalLoop(onFailure);
  }

  /** Gives the lease back. Repeated calls share one outcome. */
  release(): Promise<ReleaseOutcome> {
    this.#releasing ??= this.#release();
    return this.#releasing;
  }

  /** Stops renewing and leaves the lease to expire: a create under it got no definite answer. */
  abandon(): void {
    if (this.#state === 'held') this.#leftStanding = true;
    this.#end('abandoned');
  }

  /** For whoever learns it elsewhere, such as a watch that shows another holder. */
  markLost(why: string): void {
    this.#lose(lockLost(this.leaseName, why));
  }

  /** Called once with the state that ended the lock; at once when it has ended already. */
  onEnd(listener: (state: LockState) => void): void {
    if (this.#state === 'held') this.#listeners.push(listener);
    else listener(this.#state);
  }

  #durationMs(): number {
    return this.#ground.durationSeconds * 1000;
  }

  #sinceSentMs(): number {
    return this.#ground.clock.monotonicMs() - this.#sentAtMonotonicMs;
  }

  async #renewOnce(signal: AbortSignal | undefined): Promise<void> {
    const either = AbortSignal.any([this.#stopped.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      await this.#writeRenewal(either);
    } catch (thrown) {
      const mayBeOurs = isApiError(thrown, 'Conflict') && (this.#unanswered || thrown.resent);
      if (!mayBeOurs) throw this.#renewalFailure(thrown);
      await this.#renewAgain(either);
    }
    this.#unanswered = false;
  }

  /** After a conflict that our own renewal may have made, unanswered or sent twice: once more, if the lease is still ours. */
  async #renewAgain(signal: AbortSignal): Promise<void> {
    const whose = await this.#look(signal).catch((thrown: unknown) => {
      throw renewalError(this.leaseName, thrown);
    });
    if (whose !== 'ours') throw this.#lose(lockLost(this.leaseName, 'somebody else has written the lease'));
    await this.#writeRenewal(signal).catch((thrown: unknown) => {
      throw this.#renewalFailure(thrown);
    });
  }

  async #writeRenewal(signal: AbortSignal): Promise<void> {
    const { clock, objects } = this.#ground;
    const sentAtMonotonicMs = clock.monotonicMs();
    const body = {
      ...this.#lease,
      spec: { ...this.#lease.spec, renewTime: formatMicroTime(clock.now()) },
    };
    // Whoever renews comes again with a new time, and must not wait past the lease's end for a server that is busy.
    const answer = await objects.replace<Lease>(leaseResource, body, { signal, ownRetry: true });
    if (answer.httpStatus === 201 || answer.object.metadata.uid !== this.uid) {
      throw this.#lose(lockLost(this.leaseName, 'it had been deleted in between'));
    }
    this.#lease = answer.object;
    this.#sentAtMonotonicMs = sentAtMonotonicMs;
  }

  #renewalFailure(thrown: unknown): RemedyError {
    if (thrown instanceof RemedyError && thrown.code === 'LOCK_LOST') return thrown;
    if (isApiError(thrown) && (thrown.httpStatus === 409 || thrown.httpStatus === 404)) {
      return this.#lose(lockLost(this.leaseName, thrown.serverMessage));
    }
    if (isIndefinite(thrown) || !(thrown instanceof RemedyError)) this.#unanswered = true;
    return renewalError(this.leaseName, thrown);
  }

  /** How long the lock lasts without a renewal, milliseconds. */
  #leftMs(): number {
    return Math.max(0, this.#durationMs() - this.#sinceSentMs());
  }

  async #renewalLoop(onFailure?: RenewalFailed): Promise<void> {
    const { clock } = this.#ground;
    const intervalMs = this.#durationMs() / 3;
    let waitMs = intervalMs;
    while (this.#state === 'held') {
      try {
        await clock.sleep(waitMs, this.#stopped.signal);
        await withinDeadline(clock, intervalMs, (signal) => this.renew({ signal }));
        waitMs = intervalMs;
      } catch (thrown) {
        // A lost lock has said so itself; without an answer the next try may get one, while there is time.
        waitMs = renewalRetryMs;
        if (!this.#lost.signal.aborted && !this.#stopped.signal.aborted) onFailure?.(thrown, this.#leftMs());
        if (this.#sinceSentMs() >= this.#durationMs()) this.markLost('no renewal was acknowledged in time');
      }
      if (this.#stopped.signal.aborted) return;
    }
  }

  async #release(): Promise<ReleaseOutcome> {
    this.#stopped.abort();
    await this.#renewing?.catch(() => undefined);
    const { leaseName } = this;
    if (this.#state === 'lost' || this.#state === 'abandoned') return { kind: this.#state, leaseName };
    try {
      const deletion = await withinDeadline(this.#ground.clock, releaseLimitMs, (signal) =>
        this.#deleteTwice(signal),
      );
      return { kind: deletion === 'replaced' ? 'lost' : deletion, leaseName };
    } catch (thrown) {
      this.#leftStanding = true;
      return { kind: 'failed', leaseName, error: thrown as RemedyError };
    } finally {
      this.#end('released');
    }
  }

  /** Once, and once more beside it where that hangs; what comes first counts, and a failure where both fail. */
  async #deleteTwice(limit: AbortSignal): Promise<Deletion> {
    const { clock } = this.#ground;
    const done = new AbortController();
    const signal = firstOf(limit, done.signal);
    const answered = new AbortController();
    const first = this.#delete(signal).finally(() => {
      answered.abort();
    });
    const second = clock.sleep(releaseAgainMs, AbortSignal.any([limit, answered.signal])).then(
      () => this.#deleteAgain(signal),
      () => first,
    );
    try {
      return await Promise.any([first, second]).catch(() => first);
    } finally {
      done.abort();
    }
  }

  /** Where the lease is there no more, the DELETE before this one has done it. */
  async #deleteAgain(signal: AbortSignal): Promise<Deletion> {
    const deletion = await this.#delete(signal);
    return deletion === 'gone' || deletion === 'replaced' ? 'released' : deletion;
  }

  async #delete(signal: AbortSignal): Promise<Deletion> {
    const { namespace, name } = this.#lease.metadata;
    for (let last = false; ; last = true) {
      const preconditions = { uid: this.uid, resourceVersion: this.token };
      try {
        await this.#ground.objects.delete(leaseResource, { namespace, name }, { preconditions, signal });
        return 'released';
      } catch (thrown) {
        if (isApiError(thrown) && thrown.httpStatus === 404) return 'gone';
        if (!isApiError(thrown, 'Conflict')) throw releaseError('failed to delete lease', thrown);
        const whose = last ? 'lost' : await this.#look(signal);
        if (whose !== 'ours') return whose;
      }
    }
  }

  /** A renewal whose answer was lost moves the resourceVersion on; the holder id tells it from a takeover. */
  async #look(signal: AbortSignal): Promise<'ours' | Exclude<Deletion, 'released'>> {
    const { namespace, name } = this.#lease.metadata;
    let lease: Lease;
    try {
      lease = await this.#ground.objects.get<Lease>(leaseResource, { namespace, name }, { signal });
    } catch (thrown) {
      if (isApiError(thrown) && thrown.httpStatus === 404) return 'gone';
      throw releaseError('failed to get lease for release', thrown);
    }
    if (lease.metadata.uid !== this.uid) return 'replaced';
    if (lease.spec?.holderIdentity !== this.holder) return 'lost';
    this.#lease = lease;
    return 'ours';
  }

  #lose(error: RemedyError): RemedyError {
    if (this.#state === 'held') {
      this.#lost.abort(error);
      this.#end('lost');
    }
    return error;
  }

  #end(state: Exclude<LockState, 'held'>): void {
    if (this.#state !== 'held') return;
    this.#state = state;
    this.#stopped.abort();
    for (const listener of this.#listeners.splice(0)) listener(state);
  }
}
