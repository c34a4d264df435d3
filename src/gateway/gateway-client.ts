/**
 * A living gateway over HTTP: one body, one answer.
 *
 * Guarantees: a body is sent again only where nothing of it was taken: after a refused connection, and after the 429 that a
 * gateway gives before it looks at a request; and once with another token after a 401. No redirect is followed, and the
 * token goes nowhere but to the URL. Whatever leaves open whether a signal was taken is told as that (`lost`).
 * Non-guarantee: a client that leaves before the answer leaves the gateway's lock behind; the time limit belongs well
 * above what a gateway takes.
 */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { callFailure } from '../http/call-failure.ts';
import { retryAfterSeconds } from '../http/answer-head.ts';
import type { AnswerHead, ExchangeEnd } from '../http/exchange.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import { withoutSecrets, type Secret } from '../http/secret.ts';
import { isCertificateCode } from '../kube/network-failure.ts';
import { RetryError } from '../retry/retry-error.ts';
import type { RetryPolicy } from '../retry/retry-policy.ts';
import { retry, type RetryEvent } from '../retry/retry.ts';
import { classifyFailure } from '../retry/classify.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { gatewayPaths, overloadedText, type GatewayDoor } from './gateway-contract.ts';
import type { GatewayToken } from './gateway-token.ts';

/** An answer as it came. */
export interface GatewayAnswer {
  status: number;
  /** Parsed where it is JSON, else its text; without secrets. */
  body: unknown;
  isJson: boolean;
  /** What the gateway's clock said, milliseconds since the epoch, in whole seconds. */
  dateMs?: number | undefined;
}

/** What came of a body. */
export type Delivered = { attempts: number } & (
  | { kind: 'answered'; answer: GatewayAnswer }
  /** Nothing of it was taken. */
  | { kind: 'notTaken'; error: RemedyError; answer?: GatewayAnswer | undefined }
  /** It has left, and whether it was taken is not known. */
  | { kind: 'lost'; error: RemedyError; answer?: GatewayAnswer | undefined }
);

/** What a client works with. */
export interface GatewayClientOptions {
  http: RemoteHttp;
  /** As `gatewayBase` gives it. */
  base: string;
  token: GatewayToken;
  clock: Clock;
  random: Random;
  /** Sends X-Timestamp, the time of sending; then the gateway does not look at `startsAt`. Default: false. */
  timestamp?: boolean | undefined;
  /** Hears of each attempt that is repeated. */
  onRetry?: ((event: RetryEvent) => void) | undefined;
}

/** What ends a delivery, and how patient it is. */
export interface DeliverOptions {
  signal?: AbortSignal | undefined;
  /** Waits before another attempt end at once. */
  stop?: AbortSignal | undefined;
  /** False: one attempt. Default: true. */
  isPatient?: boolean | undefined;
}

/** For a gateway that is being restarted, or sheds load: some 15 seconds in all. */
const patience: RetryPolicy = Object.freeze({
  maxAttempts: 6,
  initialMs: 500,
  maxMs: 5_000,
  multiplier: 2,
  jitter: 0.1,
});

/** Nothing was taken; `mayPass` where another attempt may be. */
class NotTaken extends RemedyError {
  readonly mayPass: boolean;
  readonly answer: GatewayAnswer | undefined;
  /** For the classification of retries. */
  readonly httpStatus: number | undefined;
  readonly errno: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: RemedyError['code'],
    message: string,
    facts: { mayPass: boolean; hint?: string | undefined; cause?: unknown } & Partial<
      Pick<NotTaken, 'answer' | 'errno' | 'retryAfterSeconds'>
    >,
  ) {
    super(code, message, { hint: facts.hint, cause: facts.cause });
    this.mayPass = facts.mayPass;
    this.answer = facts.answer;
    this.httpStatus = facts.answer?.status;
    this.errno = facts.errno;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** Sends bodies to one gateway. */
export class GatewayClient {
  readonly #options: GatewayClientOptions;

  constructor(options: GatewayClientOptions) {
    this.#options = options;
  }

  /** Where a body goes. */
  urlOf(door: GatewayDoor): string {
    return this.#options.base + gatewayPaths[door];
  }

  /** Rejects only where no token can be had: with what `GatewayToken.get` throws. */
  async deliver(door: GatewayDoor, text: string, options: DeliverOptions = {}): Promise<Delivered> {
    const { clock, random, onRetry } = this.#options;
    let attempts = 0;
    let isRenewed = false;
    const attempt = async (): Promise<Delivered> => {
      attempts += 1;
      const delivered = await this.#attempt(door, text, options);
      const isRefused = delivered.kind === 'answered' && delivered.answer.status === 401;
      if (!isRefused || isRenewed || !this.#options.token.refused()) return delivered;
      isRenewed = true;
      return attempt();
    };
    try {
      const delivered = await retry(attempt, {
        policy: options.isPatient === false ? { ...patience, maxAttempts: 1 } : patience,
        clock,
        random,
        signal: options.stop ?? options.signal,
        observer: onRetry,
        classify: (error) => ({
          ...classifyFailure(error),
          retryable: error instanceof NotTaken && error.mayPass,
        }),
      });
      return { ...delivered, attempts };
    } catch (thrown) {
      return { ...notTaken(thrown, options), attempts };
    }
  }

  /** One request as it is, for whoever examines a gateway; without the token unless it is asked for. */
  async ask(
    method: 'GET' | 'POST',
    url: string,
    { isAuthorized = false, signal }: { isAuthorized?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<{ answer?: GatewayAnswer; failure?: RemedyError }> {
    const token = isAuthorized ? await this.#options.token.get() : undefined;
    const end = await this.#exchange({
      method,
      url,
      token,
      signal,
      body: method === 'POST' ? '' : undefined,
    });
    if (end.head !== undefined) return { answer: answerOf(end, end.head, token) };
    return { failure: unreachable(callFailure(end.failure)) };
  }

  async #attempt(
    door: GatewayDoor,
    body: string,
    { signal }: DeliverOptions,
  ): Promise<Delivered & { kind: 'answered' | 'lost' }> {
    const token = await this.#options.token.get();
    const end = await this.#exchange({ method: 'POST', url: this.urlOf(door), token, signal, body });
    const { head } = end;
    if (head === undefined) return this.#unanswered(end);
    const answer = answerOf(end, head, token);
    if (isOverloaded(answer)) throw this.#overloaded(answer, head);
    const isCut = end.failure !== undefined && !(head.httpStatus >= 300 && head.httpStatus < 500);
    if (!isCut) return { kind: 'answered', answer, attempts: 1 };
    const { text } = callFailure(end.failure);
    return {
      kind: 'lost',
      error: lostError(`HTTP ${head.httpStatus}, and its body was cut off: ${text}`),
      answer,
      attempts: 1,
    };
  }

  #unanswered(end: ExchangeEnd): Delivered & { kind: 'lost' } {
    const failure = callFailure(end.failure);
    const { code, errno, text, cause } = failure;
    // The port was closed: whatever undici had begun with, nobody was there to take it.
    const isRefused = errno === 'ECONNREFUSED';
    if (end.sent && !isRefused) return { kind: 'lost', error: lostError(text, code, cause), attempts: 1 };
    if (cause instanceof RemedyError && !isRefused) {
      // of the tunnel, which says more than a connection does
      throw new NotTaken(cause.code, cause.message, { hint: cause.hint, cause, mayPass: false });
    }
    const { message, hint } = unreachable(failure);
    throw new NotTaken(code, message, { hint, cause, mayPass: isRefused, errno });
  }

  #overloaded(answer: GatewayAnswer, head: AnswerHead): NotTaken {
    return new NotTaken('REMOTE_ERROR', 'the gateway has more to do than it takes on (HTTP 429)', {
      hint: 'Send again later, or fewer at once.',
      answer,
      mayPass: true,
      retryAfterSeconds: retryAfterSeconds(head, this.#options.clock.now()),
    });
  }

  #exchange(request: {
    method: 'GET' | 'POST';
    url: string;
    token: Secret | undefined;
    body: string | undefined;
    signal: AbortSignal | undefined;
  }): Promise<ExchangeEnd> {
    const { http, clock, timestamp } = this.#options;
    const { method, url, token, body, signal } = request;
    const isTimed = timestamp === true && method === 'POST';
    return http.exchange({
      method,
      url: new URL(url),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
        ...(isTimed ? { 'x-timestamp': String(Math.floor(clock.now() / 1_000)) } : {}),
      },
      body,
      title: 'gateway',
      signal,
    });
  }
}

/** Throws what is no end of a delivery. */
function notTaken(thrown: unknown, { signal, stop }: DeliverOptions): Delivered {
  const last = thrown instanceof RetryError ? thrown.originalError : thrown;
  if (last instanceof NotTaken) return { kind: 'notTaken', error: last, answer: last.answer, attempts: 0 };
  if (stop?.aborted !== true && signal?.aborted !== true) throw last;
  const error = new RemedyError('ABORTED', 'the run was stopped before the gateway took it');
  return { kind: 'notTaken', error, attempts: 0 };
}

function answerOf(end: ExchangeEnd, head: AnswerHead, token: Secret | undefined): GatewayAnswer {
  const text = withoutSecrets(end.body.toString('utf8'), token === undefined ? [] : [token]);
  const date = head.headers['date'];
  const dateMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  const dated = Number.isNaN(dateMs) ? {} : { dateMs };
  try {
    return { status: head.httpStatus, body: JSON.parse(text) as unknown, isJson: true, ...dated };
  } catch {
    return { status: head.httpStatus, body: text, isJson: false, ...dated };
  }
}

function isOverloaded({ status, body }: GatewayAnswer): boolean {
  return status === 429 && typeof body === 'string' && body.trim() === overloadedText;
}

function lostError(text: string, code: string = 'REMOTE_ERROR', cause?: unknown): RemedyError {
  const why = code === 'ABORTED' ? 'the run was stopped before the gateway answered' : text;
  return new RemedyError('OUTCOME_UNKNOWN', `whether the gateway took it is not known: ${why}`, { cause });
}

function unreachable({ code, errno = '', text, cause }: ReturnType<typeof callFailure>): RemedyError {
  const message = `the gateway cannot be reached: ${text}`;
  return new RemedyError(code, message, { hint: hintOf(errno), cause });
}

function hintOf(errno: string): string {
  if (errno === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'Give the URL by a name that is in its certificate.';
  }
  return isCertificateCode(errno)
    ? `Give the certificates of the authority that it has its own from: ${optionName('gatewayCaFile')}.`
    : 'Check its URL and the network; where it is not reachable from here, forward a port of it.';
}
