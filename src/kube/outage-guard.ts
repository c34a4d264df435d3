/**
 * Notices that an API server has stopped answering, whatever the request is that meets it, and waits for it.
 *
 * What counts: a request that got no answer (refused, reset, timed out, given up by its own limit after a second or
 * more). Any answer of the server takes the count back to nothing, a refusal or a 5xx too (`isAnswer` says what is
 * one). One unanswered request is no outage: it only makes us look, by a probe. We look when three requests in a row
 * went unanswered, when something failed after the last request went unanswered, and when nothing at all was heard
 * for 10 s while requests are under way; three is little, however many are under way at once, since the probe decides.
 * It is an outage when the first probe fails, or has no answer for 3 s. It ends with the first probe that is answered.
 *
 * Guarantees: while we look, `whenAnswering` holds back who asks; after `giveUpAfterMs` of outage, and when the run is
 * stopped in the middle of one, who waits for a request is told that it was given up, and no other is sent.
 * Non-guarantees: what was under way when the server fell silent fails by its own limits. A watch counts until its headers.
 */
import type { ApiResponse, Send } from '../api/wire.ts';
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { retry } from '../retry/retry.ts';
import { outageProbes } from '../retry/retry-policy.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { bodyText } from './answer.ts';
import { NetworkError } from './api-error.ts';
import { isAnswer } from './is-answer.ts';

/** What a guard goes by. */
export interface OutageGuardOptions {
  /** The server as it is, without this guard. */
  send: Send;
  clock: Clock;
  random: Random;
  /** What a probe gets: something small that the server has to ask its storage for; 403 and 404 are answers. */
  probePath: string;
  /** How long an outage is waited for, milliseconds; 0: not at all; Infinity: however long it is. */
  giveUpAfterMs: number;
  /** Stops the run. */
  stop: AbortSignal;
  /** Told when an outage is certain. */
  onOutage?: ((outage: Outage) => void) | undefined;
  /** Told when the server answers again. */
  onReturn?: ((outage: Outage) => void) | undefined;
}

/** A time in which the server does not answer. */
export interface Outage {
  /** Wall clock, milliseconds: when the first request without an answer was sent. */
  sinceMs: number;
  /** Wall clock, milliseconds; Infinity: never. */
  givesUpAtMs: number;
  /** What the last request came to, where that is known. */
  lastFailure?: string;
}

interface SentRequest {
  sentMonotonicMs: number;
  sentMs: number;
  /** Ends the wait for it; the request itself ends with its connection. */
  giveUp: (why: NetworkError) => void;
}

const unansweredInARow = 3;
/** A request that was given up earlier than this says nothing of the server. */
const shortestSilenceMs = 1_000;
const silenceLimitMs = 10_000;
const doubtLimitMs = 3_000;
const probeLimitMs = 10_000;

/** Stands before the requests of a run, and tells when their server has stopped answering. */
export class OutageGuard {
  readonly #options: OutageGuardOptions;
  readonly #underWay = new Set<SentRequest>();
  /** Ends waits and looks: given up, stopped, or closed. */
  readonly #ended = new AbortController();
  readonly #gaveUp = new AbortController();
  /** No more is sent. */
  #isCut = false;
  #lastAnswerMonotonicMs = Number.NEGATIVE_INFINITY;
  #unanswered = 0;
  #firstUnanswered: SentRequest | undefined;
  #lastFailure: string | undefined;
  #looking: Promise<void> | undefined;
  #outage: Outage | undefined;
  #outages = 0;
  #isWatching = false;

  constructor(options: OutageGuardOptions) {
    this.#options = options;
    options.stop.addEventListener('abort', this.#onStop, { once: true });
    if (options.stop.aborted) this.#onStop();
  }

  /** How many outages there have been, the present one included: who sees another number has met one. */
  get outages(): number {
    return this.#outages;
  }

  /** Aborts, with a SERVER_LOST error as its reason, when the server has been waited for in vain. */
  get gaveUp(): AbortSignal {
    return this.#gaveUp.signal;
  }

  /** Resolves when we are not looking for the server any more: it answers, was given up, or the run was stopped. */
  async whenAnswering(): Promise<void> {
    while (this.#looking !== undefined && !this.#ended.signal.aborted) await this.#looking;
  }

  /** As `whenAnswering`, and looks first where the last request went unanswered. For after a failure. */
  async whenSure(): Promise<void> {
    if (this.#unanswered > 0) void this.#look();
    await this.whenAnswering();
  }

  /** Every request of the run goes through it. */
  readonly send: Send = async (request) => {
    if (this.#isCut) throw notSent();
    const { clock, send } = this.#options;
    let giveUp!: SentRequest['giveUp'];
    // Raced by hand: signals joined to one that lives as long as the run would never be let go.
    const answer = new Promise<ApiResponse>((resolve, reject) => {
      giveUp = reject;
      send(request).then(resolve, reject);
    });
    const sent = { sentMonotonicMs: clock.monotonicMs(), sentMs: clock.now(), giveUp };
    this.#underWay.add(sent);
    void this.#watchForSilence();
    try {
      const response = await answer;
      if (isAnswer(response)) this.#noteAnswer();
      else this.#noteUnanswered(sent, spokenFor(response));
      return response;
    } catch (thrown) {
      if (this.#isSilence(thrown, sent)) this.#noteUnanswered(sent, reasonOf(thrown));
      throw thrown;
    } finally {
      this.#underWay.delete(sent);
    }
  };

  /** Ends every wait of its own. Requests are left alone. */
  close(): void {
    this.#options.stop.removeEventListener('abort', this.#onStop);
    this.#ended.abort();
  }

  readonly #onStop = (): void => {
    const { reason } = this.#options.stop as { reason: unknown };
    if (this.#outage !== undefined) this.#cut(reason);
    this.#ended.abort(reason);
  };

  #cut(reason: unknown): void {
    this.#isCut = true;
    for (const { giveUp } of this.#underWay) {
      giveUp(
        new NetworkError('ABORTED', 'given up, since the API server does not answer', { cause: reason }),
      );
    }
  }

  #isSilence(thrown: unknown, { sentMonotonicMs }: SentRequest): boolean {
    if (!(thrown instanceof NetworkError) || this.#isCut) return false;
    if (thrown.code !== 'ABORTED') return true;
    return this.#options.clock.monotonicMs() - sentMonotonicMs >= shortestSilenceMs;
  }

  #noteAnswer(): void {
    this.#lastAnswerMonotonicMs = this.#options.clock.monotonicMs();
    this.#unanswered = 0;
    this.#firstUnanswered = undefined;
  }

  #noteUnanswered(sent: SentRequest, failure: string): void {
    this.#unanswered += 1;
    this.#firstUnanswered ??= sent;
    this.#lastFailure = failure;
    if (this.#unanswered >= unansweredInARow) void this.#look();
  }

  /** One timer for all requests under way, as long as there are any. */
  async #watchForSilence(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { clock } = this.#options;
    try {
      for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
        const heardMs = Math.max(oldest.sentMonotonicMs, this.#lastAnswerMonotonicMs);
        const leftMs = heardMs + silenceLimitMs - clock.monotonicMs();
        if (leftMs > 0) await clock.sleep(leftMs, this.#ended.signal);
        else await this.#look();
        this.#ended.signal.throwIfAborted();
      }
    } catch {
      // The run is over.
    } finally {
      this.#isWatching = false;
    }
  }

  #oldest(): SentRequest | undefined {
    return this.#underWay.values().next().value;
  }

  #look(): Promise<void> {
    if (this.#ended.signal.aborted) return Promise.resolve();
    this.#looking ??= this.#lookUntilAnswered().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Never rejects. */
  async #lookUntilAnswered(): Promise<void> {
    const { clock, random, onReturn } = this.#options;
    const over = new AbortController();
    this.#after(doubtLimitMs, over.signal, () => {
      this.#declare(over.signal);
    });
    try {
      await retry(() => this.#probe(), {
        policy: outageProbes,
        clock,
        random,
        signal: this.#ended.signal,
        classify: () => ({ type: 'network_error', retryable: true }),
        observer: () => {
          this.#declare(over.signal);
        },
      });
      this.#noteAnswer();
      const outage = this.#outage;
      this.#outage = undefined;
      if (outage !== undefined) onReturn?.(outage);
    } catch {
      // Given up or stopped: `#ended` says so.
    } finally {
      over.abort();
    }
  }

  async #probe(): Promise<void> {
    const { send, probePath } = this.#options;
    const answered = new AbortController();
    const late = new AbortController();
    this.#after(probeLimitMs, answered.signal, () => {
      late.abort(new DOMException('no answer to a probe', 'TimeoutError'));
    });
    try {
      const signal = AbortSignal.any([late.signal, this.#ended.signal]);
      const response = await send({ method: 'GET', path: probePath, signal });
      await bodyText(response);
      if (!isAnswer(response)) throw new Error(spokenFor(response));
    } catch (thrown) {
      this.#ended.signal.throwIfAborted();
      this.#lastFailure = reasonOf(thrown);
      throw thrown;
    } finally {
      answered.abort();
    }
  }

  #declare(over: AbortSignal): void {
    if (this.#outage !== undefined || this.#ended.signal.aborted) return;
    const { clock, giveUpAfterMs, onOutage } = this.#options;
    const first = this.#firstUnanswered ?? this.#oldest();
    const nowMs = clock.now();
    this.#outages += 1;
    this.#outage = {
      sinceMs: first?.sentMs ?? nowMs,
      givesUpAtMs: nowMs + giveUpAfterMs,
      ...(this.#lastFailure === undefined ? {} : { lastFailure: this.#lastFailure }),
    };
    onOutage?.(this.#outage);
    if (giveUpAfterMs === Number.POSITIVE_INFINITY) return;
    this.#after(giveUpAfterMs, over, () => {
      this.#giveUp();
    });
  }

  #giveUp(): void {
    if (this.#ended.signal.aborted) return;
    const { giveUpAfterMs } = this.#options;
    const why = this.#lastFailure === undefined ? '' : `: ${this.#lastFailure}`;
    const reason = new RemedyError('SERVER_LOST', `the API server stopped answering${why}`, {
      details: { sinceMs: this.#outage?.sinceMs, gaveUpAfterSeconds: giveUpAfterMs / 1000 },
    });
    this.#gaveUp.abort(reason);
    this.#cut(reason);
    this.#ended.abort(reason);
  }

  /** Unless `cancel` or the end comes first. */
  #after(ms: number, cancel: AbortSignal, act: () => void): void {
    const { clock } = this.#options;
    clock.sleep(ms, AbortSignal.any([cancel, this.#ended.signal])).then(act, () => undefined);
  }
}

/** As definite as a refused connection: nothing has left. */
function notSent(): NetworkError {
  return new NetworkError('UNREACHABLE', 'not sent, since the API server does not answer', {
    errno: 'EHOSTUNREACH',
  });
}

function spokenFor({ status }: ApiResponse): string {
  return `HTTP ${status} from something in front of the API server`;
}

/** That a request was given up says nothing of the server but that. */
function reasonOf(thrown: unknown): string {
  const isGivenUp = thrown instanceof NetworkError && thrown.code === 'ABORTED';
  return isGivenUp ? 'no answer in time' : messageOf(thrown);
}
