/**
 * Runs a command while a lock is held: renews the lease, and stops the command before the lease can expire.
 *
 * Guarantees, while this process runs and its monotonic clock is no slower than the peers' clocks
 * - The lease is renewed every third of its duration. A renewal that fails is repeated until the renew deadline,
 *   which is the duration without the grace period and a tenth in reserve.
 * - Past that deadline, and as soon as the lease is found to be somebody else's, the command is asked to end, and
 *   after the grace period killed. Counted from the moment when the last acknowledged write was *sent*, the kill
 *   comes a tenth of the duration before the lease expires by its own fields.
 * - After a pause of this process or of the machine (both clocks are asked, since the monotonic one may stand
 *   still in sleep) that was longer than the deadline, the command is held still first. It goes on only if a
 *   renewal then shows by uid and resourceVersion that nobody has written the lease in between.
 * - The lock is released on every way out, after the command has ended; also when the command cannot start.
 * Non-guarantees
 * - No lease can stop a process that is paused together with whoever watches over it. A holder that was suspended
 *   for longer than its lease runs on for a moment at its return, and while this process alone is paused its
 *   command runs on: two may be inside at once. Hence the fencing token: it grows with every acquisition, and what
 *   the lock protects must refuse a token lower than one it has seen.
 * - Clocks that run at different speeds, and peers whose clock is ahead by more than a tenth of the duration.
 * - What the command leaves running when it ends by itself runs on without the lock. What hides from its process
 *   group and its process tree is not reached by signals, and a process in an uninterruptible wait by none.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import { withinDeadline } from './deadline.ts';
import type { HeldLock, ReleaseOutcome } from './held-lock.ts';
import type { Subject, SubjectEnd } from './run-subject.ts';
import type { RunTimes } from './run-times.ts';

/** How the command ended, and how letting the lock go went. */
export type RunOutcome = { release: ReleaseOutcome } & (
  | { kind: 'ended'; end: SubjectEnd }
  /** LOCK_LOST. `end` is absent where even a kill did not end the command in time. */
  | { kind: 'lost'; error: RemedyError; end: SubjectEnd | undefined }
  /** What `start` rejected with, or LOCK_LOST where a pause before it had used the lease up. */
  | { kind: 'notStarted'; error: unknown }
);

interface RunOptions {
  clock: Clock;
  times: RunTimes;
  /** Told what is worth saying while the command runs. */
  note?: ((text: string) => void) | undefined;
}

type Verdict =
  { kind: 'ended'; end: SubjectEnd } | { kind: 'lost'; error: RemedyError; end: SubjectEnd | undefined };

/** One moment on both clocks. */
interface Moment {
  monotonicMs: number;
  wallMs: number;
}

/** How long the clocks are left unread: a machine that slept is noticed this soon after it wakes. */
const lookMs = 1000;
/** A wait that ends this much too late was none: the process or the machine stood still. */
const oversleptMs = 1000;
const pollMs = 50;
/** For the kernel to end what was killed. */
const killedWithinMs = 5000;

/** One run of one subject under one lock. */
export class RunUnderLock {
  readonly #lock: HeldLock;
  readonly #subject: Subject;
  readonly #clock: Clock;
  readonly #times: RunTimes;
  readonly #note: (text: string) => void;
  readonly #over = new AbortController();
  /** When the last acknowledged write was sent. */
  #sent: Moment;
  #nudge = new AbortController();
  #overslept = false;
  #frozen = false;
  #lastFailure: unknown;

  constructor(lock: HeldLock, subject: Subject, { clock, times, note }: RunOptions) {
    this.#lock = lock;
    this.#subject = subject;
    this.#clock = clock;
    this.#times = times;
    this.#note = note ?? (() => undefined);
    const sinceMs = clock.monotonicMs() - lock.sentAtMonotonicMs;
    this.#sent = { monotonicMs: lock.sentAtMonotonicMs, wallMs: clock.now() - sinceMs };
  }

  /** Runs the command to its end and lets the lock go. To be called once. */
  async run(): Promise<RunOutcome> {
    try {
      await this.#start();
    } catch (error) {
      return { kind: 'notStarted', error, release: await this.#lock.release() };
    }
    try {
      const verdict = await this.#runToEnd();
      return { ...verdict, release: await this.#lock.release() };
    } finally {
      await this.#lock.release();
    }
  }

  /**
   * To be called once it runs, when the process may have been paused (SIGCONT): looks at the clocks at once.
   * False: the command is held still until it is known whose the lock is.
   */
  wake(): boolean {
    if (this.#isOver()) return true;
    if (this.#isLate()) {
      this.#overslept = true;
      this.#freeze();
    }
    this.#nudge.abort();
    return !this.#frozen;
  }

  async #start(): Promise<void> {
    if (this.#isLate() && !(await this.#renew(this.#times.tryMs))) {
      throw this.#loss('The command was not started; run it again.');
    }
    await this.#subject.start();
  }

  async #runToEnd(): Promise<Verdict> {
    const ended = this.#subject.ended.then((end) => ({ kind: 'ended' as const, end }));
    try {
      const first = await Promise.race([ended, this.#keepHeld()]);
      if (first instanceof RemedyError) {
        this.#over.abort();
        this.#note('the lock is lost; the command is being stopped');
        return { kind: 'lost', error: first, end: await this.#stop() };
      }
      return first;
    } catch (bug) {
      await this.#stop();
      throw bug;
    } finally {
      this.#over.abort();
    }
  }

  /** Resolves with LOCK_LOST when the lock cannot be kept. */
  async #keepHeld(): Promise<RemedyError> {
    const { heartbeatMs, pauseMs, renewDeadlineMs, tryMs } = this.#times;
    let dueMs = heartbeatMs;
    while (!this.#isOver()) {
      await this.#sleepUntil(Math.min(dueMs, renewDeadlineMs));
      if (this.#isOver()) break;
      if (this.#isLate()) {
        if (!(await this.#regain())) break;
        dueMs = heartbeatMs;
      } else if (this.#since(this.#sent) >= dueMs) {
        const leftMs = renewDeadlineMs - this.#since(this.#sent);
        const renewed = await this.#renew(Math.min(tryMs, leftMs));
        dueMs = renewed ? heartbeatMs : this.#since(this.#sent) + pauseMs;
      }
    }
    return this.#loss();
  }

  #isOver(): boolean {
    return this.#over.signal.aborted || this.#lock.lost.aborted;
  }

  #ending(): AbortSignal {
    return AbortSignal.any([this.#over.signal, this.#lock.lost]);
  }

  #isLate(): boolean {
    return this.#since(this.#sent) >= this.#times.renewDeadlineMs;
  }

  #now(): Moment {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.now() };
  }

  /** By the clock that moved further: the monotonic one may stand still while the machine sleeps. */
  #since(moment: Moment): number {
    const now = this.#now();
    return Math.max(now.monotonicMs - moment.monotonicMs, now.wallMs - moment.wallMs);
  }

  /** Until so long after the last acknowledged write; earlier when nudged, lost or over. */
  async #sleepUntil(sinceSentMs: number): Promise<void> {
    this.#nudge = new AbortController();
    const signal = AbortSignal.any([this.#nudge.signal, this.#ending()]);
    for (;;) {
      const leftMs = sinceSentMs - this.#since(this.#sent);
      if (leftMs <= 0) return;
      const waitMs = Math.min(leftMs, lookMs);
      const began = this.#now();
      try {
        await this.#clock.sleep(waitMs, signal);
      } catch {
        return;
      }
      this.#noteOversleep(began, waitMs);
    }
  }

  #noteOversleep(began: Moment, plannedMs: number): void {
    if (this.#since(began) > plannedMs + oversleptMs) this.#overslept = true;
  }

  /** One renewal. A lost lock says so itself; any other failure may pass. */
  async #renew(limitMs: number): Promise<boolean> {
    const began = this.#now();
    try {
      await withinDeadline(this.#clock, limitMs, (signal) => this.#lock.renew({ signal }));
      this.#sent = began;
      if (this.#lastFailure !== undefined) this.#note('the lock is renewed again');
      this.#lastFailure = undefined;
      return true;
    } catch (thrown) {
      if (this.#lastFailure === undefined && !this.#isOver()) {
        this.#note(`a renewal failed and is tried again: ${messageOf(thrown)}`);
      }
      this.#lastFailure = thrown;
      return false;
    } finally {
      this.#noteOversleep(began, limitMs);
    }
  }

  /**
   * The deadline is past. Where renewals had failed until then, that is the end. After a pause nobody has asked
   * yet: the command is held still, and goes on when a renewal succeeds within another deadline.
   */
  async #regain(): Promise<boolean> {
    if (!this.#overslept) return false;
    this.#freeze();
    this.#note(
      'remedyctl was paused for too long; the command is held still until the lock is known to be ours',
    );
    const began = this.#now();
    while (!this.#isOver() && this.#since(began) < this.#times.renewDeadlineMs) {
      this.#overslept = false;
      if ((await this.#renew(this.#times.tryMs)) && !this.#isLate()) {
        this.#thaw();
        return true;
      }
      await this.#clock.sleep(this.#times.pauseMs, this.#ending()).catch(() => undefined);
    }
    return false;
  }

  #freeze(): void {
    if (this.#frozen) return;
    this.#frozen = true;
    this.#subject.ask('freeze');
  }

  #thaw(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#subject.ask('thaw');
  }

  /** Asks, waits, kills. Undefined where even that does not end it. */
  async #stop(): Promise<SubjectEnd | undefined> {
    const { graceMs, killMs } = this.#times;
    const began = this.#now();
    const graceLeftMs = (): number =>
      Math.min(graceMs - this.#since(began), killMs - this.#since(this.#sent));
    if (graceLeftMs() > 0) {
      this.#subject.ask('terminate');
      this.#thaw();
    }
    await this.#waitUntilGone(graceLeftMs);
    if (!this.#subject.isGone()) {
      this.#subject.ask('kill');
      const killed = this.#now();
      await this.#waitUntilGone(() => killedWithinMs - this.#since(killed));
    }
    return this.#endWithin(killedWithinMs);
  }

  async #waitUntilGone(leftMs: () => number): Promise<void> {
    while (!this.#subject.isGone() && leftMs() > 0) {
      await this.#clock.sleep(Math.min(pollMs, leftMs()));
    }
  }

  async #endWithin(limitMs: number): Promise<SubjectEnd | undefined> {
    return withinDeadline(this.#clock, limitMs, (signal) => {
      const late = new Promise<undefined>((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(undefined);
        });
      });
      return Promise.race([this.#subject.ended, late]);
    });
  }

  #loss(hint = 'The command was stopped; see what it has done before it is run again.'): RemedyError {
    const { leaseName, lost } = this.#lock;
    const { durationMs, renewDeadlineMs } = this.#times;
    const why = lost.aborted
      ? "its lease was deleted, or is somebody else's by now"
      : `no renewal was acknowledged for ${renewDeadlineMs / 1000} s of its ${durationMs / 1000} s`;
    const message = `the lock ${leaseName} was lost: ${why}`;
    return new RemedyError('LOCK_LOST', message, {
      hint,
      details: { lease: leaseName },
      cause: lost.aborted ? lost.reason : this.#lastFailure,
    });
  }
}
