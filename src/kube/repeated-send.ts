/**
 * The one rule by which a request is sent again, for whatever it asks and whoever does.
 *
 * - A 429, and a 5xx that carries Retry-After, is repeated up to ten times after the wait that was asked for, as by
 *   client-go and so by kubectl: any verb, since who asks for patience has refused, and what a server that gave up in
 *   the middle may have done all the same is told by `resent`.
 * - A request that cannot take effect twice (a read, a write with a precondition or an identity of its own) is also
 *   repeated where there was no answer, up to three times after 100, 200 and 400 ms: the connection broke, or a 502,
 *   503 or 504 without Retry-After came, which is what stands in front of a server says when nobody answers behind it.
 *   On a connection that had been kept from an earlier request the first repetition goes at once, on a new one: the
 *   other side had closed it while nothing was asked, as balancers do.
 * - A wait that would not end within the request time-out, or before the deadline of the request's own signal
 *   (`deadlineOf`), is not begun: the last answer is the answer. So is one over `longestAskedWaitMs`.
 *
 * Guarantees: an answer that is not handed on has been read to its end. Each attempt passes the Send below, so it is
 * recorded by itself. The request's signal ends a wait at once, or else the client's own.
 * Non-guarantees: a body that breaks off is not asked for again. With `ownRetry` only a kept connection is.
 */
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { longestAskedWaitMs } from '../retry/classify-remote.ts';
import type { Failure } from '../retry/failure.ts';
import { retry } from '../retry/retry.ts';
import { RetryError } from '../retry/retry-error.ts';
import { askedForPatience, unansweredReads } from '../retry/retry-policy.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { deadlineOf } from '../time/signal-deadline.ts';
import { bodyBytes, errorAnswer, maxErrorBodyBytes } from './answer.ts';
import type { ApiError } from './api-error.ts';
import { NetworkError } from './api-error.ts';
import { isIndefinite } from './indefinite-answer.ts';
import { abortedBySignal, isBroken } from './network-failure.ts';

/** What repeating goes by. */
export interface RepeatOptions {
  clock: Clock;
  random: Random;
  /** For a request with all its repetitions, milliseconds; 0 is without limit. */
  requestTimeoutMs: number;
  /** Ends the waits of requests that have no signal of their own. */
  signal?: AbortSignal | undefined;
  /** Told before each wait. */
  onWait?: ((wait: RequestWait) => void) | undefined;
}

/** A wait before a request is sent again. */
export interface RequestWait {
  /** Milliseconds. */
  waitMs: number;
  /** That this request has waited before, milliseconds. */
  waitedMs: number;
  /** What the last attempt came to. */
  error: ApiError | NetworkError;
  /** Whether the server asked for it. */
  isAsked: boolean;
}

/** The same Send, with the rule above. */
export function repeatedSend(send: Send, options: RepeatOptions): Send {
  return (request) => new RepeatedSending(send, request, options).answer();
}

/** An answer that says "not now", read to its end. */
class Refusal extends Error {
  readonly response: ApiResponse;
  readonly error: ApiError;

  constructor(response: ApiResponse, error: ApiError) {
    super(error.message);
    this.response = response;
    this.error = error;
  }
}

/** What the engine is not to try again. */
const final: Failure = { type: 'unknown', retryable: false };

class RepeatedSending {
  readonly #send: Send;
  readonly #request: ApiRequest;
  readonly #options: RepeatOptions;
  readonly #startedMonotonicMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #isResendable: boolean;
  #last: Refusal | NetworkError | undefined;
  #waitedMs = 0;
  /** An attempt before this one may have taken effect. */
  #resent = false;

  constructor(send: Send, request: ApiRequest, options: RepeatOptions) {
    this.#send = send;
    this.#request = request;
    this.#options = options;
    this.#startedMonotonicMs = options.clock.monotonicMs();
    this.#signal = request.signal ?? options.signal;
    this.#isResendable = request.resendable ?? request.method === 'GET';
  }

  async answer(): Promise<ApiResponse> {
    try {
      return this.#marked(await this.#patiently());
    } catch (thrown) {
      const last = this.#ending(thrown);
      if (last instanceof Refusal) return this.#marked(last.response);
      throw last;
    }
  }

  #patiently(): Promise<ApiResponse> {
    if (this.#request.ownRetry === true) return this.#despiteKept();
    return this.#retry(
      askedForPatience,
      (thrown) => this.#asksForPatience(thrown),
      () =>
        this.#retry(
          unansweredReads,
          (thrown) => this.#isUnanswered(thrown),
          () => this.#despiteKept(),
        ),
    );
  }

  #retry(
    policy: RetryPolicy,
    classify: (thrown: unknown) => Failure,
    operation: () => Promise<ApiResponse>,
  ): Promise<ApiResponse> {
    const { clock, random } = this.#options;
    return retry(operation, {
      policy,
      clock,
      random,
      signal: this.#signal,
      classify,
      observer: ({ waitMs }) => {
        this.#again(waitMs);
      },
    }).catch((thrown: unknown) => {
      throw thrown instanceof RetryError ? thrown.originalError : thrown;
    });
  }

  /** Once, and once more where the connection had been closed before the request went out on it. */
  async #despiteKept(): Promise<ApiResponse> {
    try {
      return await this.#attempt();
    } catch (thrown) {
      if (!this.#isResendable || !(thrown instanceof NetworkError && thrown.wasKept)) throw thrown;
      this.#again(0);
      return this.#attempt({ freshConnection: true });
    }
  }

  async #attempt(how: Pick<ApiRequest, 'freshConnection'> = {}): Promise<ApiResponse> {
    const isFirst = this.#last === undefined;
    const request = isFirst ? this.#request : { ...this.#request, ...how, ...this.#timeLeft() };
    let response: ApiResponse;
    try {
      response = await this.#send(request);
    } catch (thrown) {
      if (thrown instanceof NetworkError) this.#last = thrown;
      throw thrown;
    }
    if (!this.#mayPass(response)) return response;
    this.#last = await refusalOf(response, this.#request, this.#options.clock.now());
    throw this.#last;
  }

  /** Whether there is a reason to look into an answer. */
  #mayPass({ status }: ApiResponse): boolean {
    if (this.#request.ownRetry === true) return false;
    return status === 429 || (status >= 500 && status < 600);
  }

  #asksForPatience(thrown: unknown): Failure {
    if (!(thrown instanceof Refusal)) return final;
    const { httpStatus, retryAfterSeconds } = thrown.error;
    if (httpStatus !== 429 && retryAfterSeconds === undefined) return final;
    const retryAfterMs = (retryAfterSeconds ?? 0) * 1_000;
    const fits = retryAfterMs <= longestAskedWaitMs && this.#fits(retryAfterMs || askedForPatience.maxMs);
    return {
      type: httpStatus === 429 ? 'rate_limited' : 'service_unavailable',
      retryable: fits,
      retryAfterMs,
    };
  }

  #isUnanswered(thrown: unknown): Failure {
    if (!this.#isResendable || !this.#fits(unansweredReads.maxMs)) return final;
    if (thrown instanceof Refusal) {
      const { httpStatus, retryAfterSeconds } = thrown.error;
      const isGateway = httpStatus >= 502 && httpStatus <= 504 && retryAfterSeconds === undefined;
      return isGateway ? { type: 'service_unavailable', retryable: true } : final;
    }
    const mayPass = thrown instanceof NetworkError && isBroken(thrown.errno);
    return mayPass ? { type: 'network_error', retryable: true } : final;
  }

  #fits(waitMs: number): boolean {
    return this.#options.clock.monotonicMs() + waitMs <= this.#deadlineMs();
  }

  #deadlineMs(): number {
    const { requestTimeoutMs } = this.#options;
    const own =
      requestTimeoutMs === 0 ? Number.POSITIVE_INFINITY : this.#startedMonotonicMs + requestTimeoutMs;
    return Math.min(own, deadlineOf(this.#signal));
  }

  #timeLeft(): Pick<ApiRequest, 'headersWithinMs'> {
    const { requestTimeoutMs, clock } = this.#options;
    if (requestTimeoutMs === 0) return {};
    const leftMs = this.#startedMonotonicMs + requestTimeoutMs - clock.monotonicMs();
    return { headersWithinMs: Math.max(1, leftMs) };
  }

  #again(waitMs: number): void {
    const last = this.#last;
    if (last === undefined) return;
    const error = last instanceof Refusal ? last.error : last;
    this.#resent ||= isIndefinite(error);
    this.#request.onRepeat?.({ error, waitMs });
    const isAsked = last instanceof Refusal && last.error.retryAfterSeconds !== undefined;
    this.#options.onWait?.({ waitMs, waitedMs: this.#waitedMs, error, isAsked });
    this.#waitedMs += waitMs;
  }

  /** What an ended request ended with: a wait that only its time cut short leaves the last answer standing. */
  #ending(thrown: unknown): unknown {
    const signal = this.#signal;
    const isWaitCut = signal?.aborted === true && thrown === signal.reason;
    if (!isWaitCut) return thrown;
    if (isTimeLimit(signal.reason) && this.#last !== undefined) return this.#last;
    return abortedBySignal(signal, this.#request.path);
  }

  #marked(response: ApiResponse): ApiResponse {
    return this.#resent && this.#request.method !== 'GET' ? { ...response, resent: true } : response;
  }
}

async function refusalOf(response: ApiResponse, request: ApiRequest, now: number): Promise<Refusal> {
  const bytes = await bodyBytes(response, maxErrorBodyBytes).catch(() => Buffer.alloc(0));
  const whole = (): ApiResponse => ({ ...response, body: bodyOf(bytes) });
  const call = { verb: request.method, resource: request.path.replace(/\?.*$/s, '') };
  return new Refusal(whole(), await errorAnswer(whole(), call, now));
}

async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield await Promise.resolve(bytes);
}

function isTimeLimit(reason: unknown): boolean {
  if (reason instanceof RemedyError) return reason.code === 'TIMEOUT';
  return reason instanceof Error && reason.name === 'TimeoutError';
}
