/**
 * One action, from its first attempt to its outcome.
 *
 * Guarantees: a request is in the journal before its first byte leaves; a write of unknown outcome is looked up
 * before it is sent again, in this process or a later one; nothing is sent once the run is stopped.
 * Non-guarantees: an object with the same content that somebody else made in the minutes around an unknown outcome is
 * taken for ours; an escalation cannot be looked up at all, so the operator is asked.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { UnknownOutcomeError } from '../http/remote-error.ts';
import type { CallOptions, SentRequest } from '../http/remote-request.ts';
import { retry } from '../retry/retry.ts';
import { RetryError } from '../retry/retry-error.ts';
import { planActions, type RetryPolicy } from '../retry/retry-policy.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { classifyAttempt, recordedError, refutedError } from './attempt-failure.ts';
import type { Done, Effect } from './effect.ts';
import type { JournalEntry, RecordedError } from './journal-entry.ts';
import type { ActionProgress, OpenWrite, RunProgress } from './run-progress.ts';

/** Which attempt of how many failed, from 1. */
interface Tries {
  readonly attempt: number;
  readonly most: number;
}

/** What the attempts at every action of a run share. */
export interface RunGround {
  readonly progress: RunProgress;
  /** The ids of what earlier runs of the plan have made. */
  readonly madeBefore: ReadonlySet<string>;
  /** Durable when it resolves. A failure of the journal ends the run: nothing is sent that it does not hold. */
  readonly record: (entry: JournalEntry) => Promise<void>;
  /** What the journal failed with. */
  readonly broken: () => Error | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RetryPolicy;
  /** No attempt begins any more. */
  readonly stop: AbortSignal;
  /** What is under way is given up. */
  readonly abort: AbortSignal;
  /** Asks the operator; undefined: nobody is there, or nobody knows. */
  readonly ask: (question: string) => Promise<boolean | undefined>;
  /** `why`: what failed, or a sentence. */
  /** `tries`: of a failed attempt, which one of how many it was. */
  readonly onWait?: ((index: number, waitMs: number, why: unknown, tries?: Tries) => void) | undefined;
}

/** How the attempts ended: with an outcome, or stopped from outside with the journal as it stands. */
export type AttemptsEnd =
  | { readonly kind: 'done'; readonly done: Done }
  | { readonly kind: 'failed' | 'unknown'; readonly error: RecordedError }
  | { readonly kind: 'stopped' };

const lookUpAttempts = 3;
/** A system that claims to be further behind is not believed: everything that it has would be taken for ours. */
const longestAheadMs = 24 * 3_600_000;
const succeeded: Done = { outcome: 'succeeded' };

/** The attempts at one action. */
export class ActionAttempts {
  readonly #effect: Effect;
  readonly #own: ActionProgress;
  readonly #ground: RunGround;
  /** How far this machine's clock is ahead of that of the system that has answered last. */
  #aheadMs = 0;
  /** What the clock of that system was ahead of this machine's when it answered; negative: behind. */
  #systemAheadMs = 0;

  constructor(effect: Effect, own: ActionProgress, ground: RunGround) {
    this.#effect = effect;
    this.#own = own;
    this.#ground = ground;
  }

  /** Throws what the journal throws, and bugs. */
  async run(): Promise<AttemptsEnd> {
    const { clock, random, policy, stop, onWait } = this.#ground;
    const before = this.#own.attempts;
    try {
      const done = await retry((attempt) => this.#attempt(before + attempt), {
        policy,
        clock,
        random,
        signal: stop,
        classify: classifyAttempt,
        observer: ({ attempt, waitMs, error }) => {
          const tries = { attempt: before + attempt + 1, most: before + policy.maxAttempts };
          // once the run is stopped no attempt follows
          if (!stop.aborted) onWait?.(this.#own.action.index, waitMs, error, tries);
        },
      });
      return { kind: 'done', done };
    } catch (thrown) {
      return await this.#afterFailure(thrown);
    }
  }

  async #attempt(attempt: number): Promise<Done> {
    this.#ground.stop.throwIfAborted();
    const { openWrite } = this.#own;
    const done = await this.#reading(attempt, () =>
      openWrite === undefined
        ? this.#effect.precheck?.(this.#call(attempt, false), { systemNow: () => this.#systemNow() })
        : this.#settleOpen(openWrite, attempt),
    );
    return done ?? (await this.#write(attempt));
  }

  /** Undefined: it has not taken effect and may be sent again. */
  async #settleOpen(open: OpenWrite, attempt: number): Promise<Done | undefined> {
    const { progress, madeBefore } = this.#ground;
    const taken = new Set([...madeBefore, ...progress.madeIds]);
    const search = { firstSentAt: () => this.#sentBy(open), taken };
    const found = await this.#effect.lookUp(search, this.#call(attempt, false));
    if (found !== 'absent' && found !== 'undecidable') return found;
    if (found === 'undecidable' && (await this.#isKnownToHaveHappened(open))) return succeeded;
    await this.#ground.record({
      kind: 'notFound',
      action: this.#own.action.index,
      at: this.#ground.clock.now(),
    });
    return undefined;
  }

  /**
   * When the write left, by the clock of the system that has answered last. A clock of this machine that was ahead when
   * it left, and was set back since, shows by the write lying in the future.
   */
  #sentBy({ firstSentAt }: OpenWrite): number {
    return Math.min(firstSentAt, this.#ground.clock.now()) - this.#aheadMs;
  }

  #systemNow(): number {
    return this.#ground.clock.now() + this.#systemAheadMs;
  }

  async #isKnownToHaveHappened({ accepted }: OpenWrite): Promise<boolean> {
    if (accepted) return true;
    const { question } = this.#effect;
    const answer = question === undefined ? undefined : await this.#ground.ask(question);
    if (answer !== undefined) return answer;
    throw new RemedyError(
      'OUTCOME_UNKNOWN',
      `it is not known whether ${this.#own.action.type} took effect, and it cannot be looked up`,
      { hint: 'look at the incident, then answer plan resume on a terminal' },
    );
  }

  async #write(attempt: number): Promise<Done> {
    try {
      return await this.#effect.send(this.#call(attempt, true));
    } catch (thrown) {
      const accepted = this.#effect.accept?.(thrown);
      if (accepted !== undefined) return accepted;
      await this.#recordFailure(attempt, thrown, thrown instanceof UnknownOutcomeError);
      throw thrown;
    }
  }

  async #reading<T>(attempt: number, read: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await read();
    } catch (thrown) {
      await this.#recordFailure(attempt, thrown, this.#own.openWrite !== undefined);
      throw thrown;
    }
  }

  async #recordFailure(attempt: number, thrown: unknown, unknown: boolean): Promise<void> {
    if (!(thrown instanceof RemedyError) || this.#ground.broken() !== undefined) return;
    const { clock, record } = this.#ground;
    const action = this.#own.action.index;
    await record({ kind: 'failed', action, at: clock.now(), attempt, unknown, error: recordedError(thrown) });
  }

  async #afterFailure(thrown: unknown): Promise<AttemptsEnd> {
    const { broken, stop } = this.#ground;
    const journalFailure = broken();
    if (journalFailure !== undefined) throw journalFailure;
    if (stop.aborted) return { kind: 'stopped' };
    const cause = thrown instanceof RetryError ? thrown.originalError : thrown;
    if (!(cause instanceof RemedyError)) throw cause;
    const isAsked = cause.code === 'OUTCOME_UNKNOWN' && !(cause instanceof UnknownOutcomeError);
    if (this.#own.openWrite === undefined) return { kind: 'failed', error: recordedError(cause) };
    if (isAsked) return { kind: 'unknown', error: recordedError(cause) };
    return this.#lastLook(cause, this.#own.openWrite);
  }

  /** The attempts are used up and the last write is of unknown outcome: one more look, nothing more is sent. */
  async #lastLook(cause: RemedyError, open: OpenWrite): Promise<AttemptsEnd> {
    const { broken, clock, random, stop } = this.#ground;
    try {
      await clock.sleep(planActions.initialMs, stop);
      const { attempts } = this.#own;
      const look = (): Promise<Done | undefined> =>
        this.#reading(attempts, () => this.#settleOpen(open, attempts));
      const done = await retry(look, {
        policy: { ...planActions, maxAttempts: lookUpAttempts },
        clock,
        random,
        signal: stop,
        classify: classifyAttempt,
      });
      return done === undefined ? { kind: 'failed', error: refutedError(cause) } : { kind: 'done', done };
    } catch (thrown) {
      const journalFailure = broken();
      if (journalFailure !== undefined) throw journalFailure;
      if (stop.aborted) return { kind: 'stopped' };
      if (!(thrown instanceof RemedyError)) throw thrown;
      return { kind: 'unknown', error: recordedError(cause) };
    }
  }

  #call(attempt: number, writes: boolean): CallOptions {
    const { abort, stop, clock, progress, record, onWait } = this.#ground;
    const action = this.#own.action.index;
    const numbers = new Map<SentRequest, number>();
    return {
      signal: abort,
      hold: stop,
      onHeld: (waitMs, why) => onWait?.(action, waitMs, why),
      beforeSend: async (sent) => {
        const { method, url, body, system } = sent;
        const write = writes && method !== 'GET' && system !== 'sso';
        const request = progress.nextRequest();
        numbers.set(sent, request);
        // the body of a token grant is a secret
        const kept = write && body !== undefined ? { body } : {};
        await record({
          kind: 'sending',
          action,
          at: clock.now(),
          request,
          attempt,
          method,
          url,
          ...kept,
          write,
        });
      },
      onAnswer: async ({ httpStatus, dateMs }, sent) => {
        const aheadMs = dateMs === undefined ? 0 : clock.now() - dateMs;
        this.#systemAheadMs = -aheadMs;
        this.#aheadMs = aheadMs <= longestAheadMs ? Math.max(0, aheadMs) : 0;
        const request = numbers.get(sent);
        if (request === undefined) return;
        await record({ kind: 'answered', action, at: clock.now(), request, status: httpStatus });
      },
    };
  }
}
