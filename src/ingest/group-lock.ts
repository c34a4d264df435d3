import type { Send } from '../api/wire.ts';
import type { HeldLock } from '../lease/held-lock.ts';
import type { LockContention } from '../lease/lock-contention.ts';
import { shortestToldMs, takeoverText, waitingText } from '../lease/lock-notes.ts';
import { formatDuration } from '../time/duration.ts';
import type { Notice } from '../errors/reason.ts';
import type { RequestObserver } from './observed-objects.ts';
import { ObservedObjects } from './observed-objects.ts';
import type { RunContext } from './run-context.ts';
import type { SharedView } from './shared-view.ts';

/** The lock of one fingerprint as a group takes it, with what the shared view must be told on the way. */
export class GroupLock {
  readonly #context: RunContext;
  readonly #fingerprint: string;
  readonly #view: SharedView | undefined;
  readonly #objects: ObservedObjects;

  constructor(
    context: RunContext,
    fingerprint: string,
    seen: { view: SharedView | undefined; observer: RequestObserver; send: Send },
  ) {
    this.#context = context;
    this.#fingerprint = fingerprint;
    this.#view = seen.view;
    this.#objects = new ObservedObjects(seen.send, seen.observer);
  }

  /** Undefined where `isSettled`, asked after each wait, ended it. Throws what LeaseLock throws. */
  async acquire(waiting: AbortSignal, isSettled: () => Promise<boolean>): Promise<HeldLock | undefined> {
    const { lock, lockWaitMs } = this.#context;
    const objects = this.#objects;
    const issued: string[] = [];
    const startedMs = this.#context.clock.monotonicMs();
    let held: HeldLock | undefined;
    try {
      const acquired = await objects.step('acquire_lock', () =>
        lock.acquire(this.#fingerprint, {
          objects,
          signal: waiting,
          lockWaitMs,
          onWait: (waitMs, contention) => {
            objects.noteWait(waitMs);
            this.#tellWait(startedMs, waitMs, contention);
          },
          afterWait: isSettled,
          onHolder: (leaseName, holder) => {
            issued.push(holder);
            this.#view?.history.begin(leaseName, holder);
          },
        }),
      );
      if (acquired.kind === 'held') held = acquired;
      if (held?.takenFrom !== undefined) this.#context.note(takeoverText(held.leaseName, held.takenFrom));
      return held;
    } finally {
      // Nothing was created under an id that never held the lock.
      for (const holder of held === undefined ? issued : []) this.#view?.history.settle(holder, true);
    }
  }

  #tellWait(startedMs: number, waitMs: number, contention: LockContention): void {
    const { clock, lockWaitMs, note, waits } = this.#context;
    if (clock.monotonicMs() + waitMs - startedMs < shortestToldMs) return;
    const limit = lockWaitMs === undefined ? 'after ten tries' : `after ${formatDuration(lockWaitMs)}`;
    const tell = waits?.lock ?? note;
    tell(waitingText(contention, limit));
  }

  /** Whether the index has every request that a holder of this lock can have created: see LeaseHistory. */
  async provesIndexComplete(lock: HeldLock, view: SharedView): Promise<boolean> {
    if (lock.takenOver || !(await view.sawOwnLease(lock.holder))) return false;
    return view.isLive() && !view.history.othersSeen(lock.leaseName, lock.holder);
  }

  /** Right before the create: ours by our own clock and by what the watch has shown, or renewed. */
  async assureHold(lock: HeldLock, requests: AbortSignal): Promise<void> {
    if (this.#view?.history.isLost(lock.holder) === true) {
      lock.markLost('the lease has changed since it was acquired');
    }
    if (!lock.stillSafe()) await lock.renew({ signal: requests });
  }

  /** The request of a definite create, or its refusal, is in the index: from now on our id vouches for itself. */
  vouch(lock: HeldLock): void {
    this.#view?.history.settle(lock.holder, true);
  }

  /** Left to expire: nobody knows whether a create under it will land. */
  abandon(lock: HeldLock): void {
    lock.abandon();
    this.#view?.history.settle(lock.holder, false);
  }

  /** Does not throw; says where a lease had to be left. */
  async release(lock: HeldLock): Promise<Notice | undefined> {
    if (lock.state !== 'held') return undefined;
    const { kind, error } = await this.#objects.step('release_lock', () => lock.release());
    if (kind !== 'failed') return undefined;
    const why = error === undefined ? '' : `: ${error.message}`;
    return { code: 'LOCK_NOT_RELEASED', message: `${lock.leaseName} stays until it expires${why}` };
  }
}
