import type { ErrorCode } from '../errors/error-codes.ts';
import { receivedAnswer, retryAfterSeconds } from './answer-head.ts';
import { callFailure } from './call-failure.ts';
import type { AnswerHead, ExchangeEnd } from './exchange.ts';
import { parseJson } from './json-fields.ts';
import type { RemoteErrorOptions } from './remote-error.ts';
import { RemoteError, UnknownOutcomeError } from './remote-error.ts';
import type { RemoteHttp } from './remote-http.ts';
import type { CallOptions, RemoteRequest, SentRequest } from './remote-request.ts';
import type { Secret } from './secret.ts';
import { withoutSecrets } from './secret.ts';

/** What a system says in the body of a refusal. */
export interface Refusal {
  readonly code?: string;
  readonly messages: readonly string[];
  readonly requestId?: string;
}

/** The credentials of a system, as headers. */
export interface Authority {
  /** `write`: the request changes something. Errors: RemoteError where a token cannot be had. */
  headers(request: { write: boolean; signal: AbortSignal | undefined }): Promise<Record<string, string>>;
  /** A request with these credentials was refused with 401. */
  refused(): void;
  /** Everything secret that its headers may hold, for redaction. */
  secrets(): readonly Secret[];
}

/** What a system is, and how its refusals are read. */
export interface RemoteEndpointOptions {
  readonly http: RemoteHttp;
  /** As `baseUrl` gives it. */
  readonly base: string;
  /** `PagerDuty`, for sentences. */
  readonly title: string;
  readonly authority: Authority;
  readonly refusalIn: (body: unknown) => Refusal;
  /** What to do about a 401 and a 403. */
  readonly credentialsHint: string;
  /** What to do where nothing or something else is under the URL; default: about ids and accounts. */
  readonly urlHint?: string | undefined;
}

/** What an answer has to be. */
export interface Expected<T> {
  /** The only status that means done. */
  readonly status: number;
  /** Undefined where the body is not what the contract promises. */
  readonly read: (body: unknown) => T | undefined;
}

const longestMessage = 500;

/**
 * One remote system at one base URL. A call is one attempt; the status decides. Of a write, everything that
 * leaves open whether it took effect is an UnknownOutcomeError: no answer once bytes have left, a 2xx that is not
 * the expected one or cannot be read, a 5xx other than 501 and 503.
 */
export class RemoteEndpoint {
  readonly #options: RemoteEndpointOptions;

  constructor(options: RemoteEndpointOptions) {
    this.#options = options;
  }

  async call<T>(request: RemoteRequest, expected: Expected<T>, options: CallOptions = {}): Promise<T> {
    const sent = this.#sentRequest(request);
    const end = await this.#exchange(request, sent, options);
    const { head } = end;
    if (head === undefined) throw this.#unanswered(request, end);
    if (head.httpStatus === expected.status) return this.#read(request, end, expected);
    throw this.#refused(request, head, end);
  }

  #sentRequest({ system, method, path, body }: RemoteRequest): SentRequest {
    const url = this.#options.base + path;
    return { system, method, url, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  }

  async #exchange(request: RemoteRequest, sent: SentRequest, options: CallOptions): Promise<ExchangeEnd> {
    const { authority, http } = this.#options;
    const { signal } = options;
    await this.#turn(request, sent, options);
    const headers = await authority.headers({ write: isWrite(request), signal });
    if (signal?.aborted !== true) await options.beforeSend?.(sent);
    let told: Promise<void> | undefined;
    const end = await http.exchange({
      method: sent.method,
      url: new URL(sent.url),
      headers: { ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: sent.body,
      title: this.#options.title,
      signal,
      onHead: (head) => {
        told = (async () => options.onAnswer?.(receivedAnswer(head), sent))();
        // heard below, once the body has come
        told.catch(() => undefined);
      },
    });
    await told;
    return end;
  }

  /** Before the token is asked for, which may end during the wait, and before anybody writes down that it was sent. */
  async #turn(request: RemoteRequest, { url }: SentRequest, options: CallOptions): Promise<void> {
    const { http, title } = this.#options;
    const { signal, hold, onHeld } = options;
    const ends = [signal, hold].filter((one) => one !== undefined);
    try {
      await http.turn(new URL(url), {
        signal: ends.length === 0 ? undefined : AbortSignal.any(ends),
        onWait: (waitMs) => onHeld?.(waitMs, `the rate limit of ${title} is used up`),
      });
    } catch (thrown) {
      throw this.#unanswered(request, { sent: false, body: Buffer.alloc(0), failure: thrown });
    }
  }

  #read<T>(request: RemoteRequest, end: ExchangeEnd, expected: Expected<T>): T {
    if (end.failure !== undefined) throw this.#unanswered(request, end);
    const value = expected.read(parseJson(end.body.toString('utf8')));
    if (value !== undefined) return value;
    const facts = this.#facts(request, end.head);
    const text = `the answer is HTTP ${expected.status} and cannot be read: ${describeBody(end)}`;
    if (isWrite(request)) throw this.#unknown(request, text, facts);
    const hint = this.#options.urlHint;
    throw new RemoteError('REMOTE_ERROR', this.#sentence(request, text, facts), { ...facts, hint });
  }

  /** No whole answer, in time. */
  #unanswered(request: RemoteRequest, end: ExchangeEnd): RemoteError {
    const { code, errno, text, hint, cause } = callFailure(end.failure);
    const facts = { ...this.#facts(request, end.head), errno, hint, cause };
    if (isWrite(request) && end.sent) return this.#unknown(request, text, facts);
    return new RemoteError(code, this.#sentence(request, text, facts), facts);
  }

  #refused(request: RemoteRequest, head: AnswerHead, end: ExchangeEnd): RemoteError {
    const { authority, refusalIn, http } = this.#options;
    const { httpStatus } = head;
    if (httpStatus === 401) authority.refused();
    const refusal = refusalIn(end.failure === undefined ? parseJson(end.body.toString('utf8')) : undefined);
    const remoteMessages = refusal.messages
      .map((message) => this.#clean(message))
      .filter((text) => text !== '');
    const remoteCode = refusal.code === undefined ? undefined : this.#clean(refusal.code);
    const facts = { ...this.#facts(request, head, refusal), remoteCode, remoteMessages };
    const said = remoteMessages.length > 0 ? remoteMessages.join('; ') : describeBody(end);
    const text = `HTTP ${httpStatus}${remoteCode === undefined ? '' : `, ${remoteCode}`}: ${said}`;
    if (isWrite(request) && leavesOutcomeOpen(httpStatus)) return this.#unknown(request, text, facts);
    const waitSeconds = retryAfterSeconds(head, http.clock.now());
    return new RemoteError(codeOf(httpStatus), this.#sentence(request, text, facts), {
      ...facts,
      retryAfterSeconds: waitSeconds,
      hint: hintOf(httpStatus, { ...this.#options, waitSeconds }),
    });
  }

  #unknown(request: RemoteRequest, text: string, facts: RemoteErrorOptions): UnknownOutcomeError {
    return new UnknownOutcomeError(this.#sentence(request, text, facts), {
      ...facts,
      hint: 'Look whether it is there before sending it again.',
    });
  }

  #facts(request: RemoteRequest, head: AnswerHead | undefined, refusal?: Refusal): RemoteErrorOptions {
    const answer = head === undefined ? undefined : receivedAnswer(head);
    const requestId = answer?.requestId ?? refusal?.requestId;
    return {
      system: request.system,
      httpStatus: answer?.httpStatus,
      rateLimit: answer?.rateLimit,
      requestId: requestId === undefined ? undefined : this.#clean(requestId),
    };
  }

  #sentence(request: RemoteRequest, text: string, { requestId }: RemoteErrorOptions): string {
    const path = request.path.replace(/\?.*$/s, '');
    const id = requestId === undefined ? '' : ` (request id ${requestId})`;
    return `${this.#options.title}, ${request.method} ${path}: ${this.#clean(text)}${id}`;
  }

  /** Texts of the other side: without secrets, in one line, not endless. */
  #clean(text: string): string {
    // The cut comes after the redaction, which needs whole secrets.
    const bounded = text.slice(0, 64 * longestMessage);
    const redacted = withoutSecrets(bounded, this.#options.authority.secrets());
    const line = redacted.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
    return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line;
  }
}

function hintOf(
  httpStatus: number,
  {
    credentialsHint,
    urlHint = 'Check the id, and that the configured URL and account are the right ones.',
    waitSeconds,
  }: Pick<RemoteEndpointOptions, 'credentialsHint' | 'urlHint'> & { waitSeconds: number | undefined },
): string | undefined {
  if (httpStatus === 401 || httpStatus === 403) return credentialsHint;
  if (httpStatus >= 300 && httpStatus < 400) return 'Check the configured URL: it leads to another place.';
  if (httpStatus === 404) return urlHint;
  return waitSeconds === undefined ? undefined : `It asks to be left alone for ${waitSeconds} s.`;
}

function isWrite({ method, isQuestion }: RemoteRequest): boolean {
  return method !== 'GET' && isQuestion !== true;
}

function leavesOutcomeOpen(httpStatus: number): boolean {
  return (
    (httpStatus >= 200 && httpStatus < 300) || (httpStatus >= 500 && httpStatus !== 501 && httpStatus !== 503)
  );
}

function codeOf(httpStatus: number): ErrorCode {
  if (httpStatus === 401) return 'CREDENTIALS_FAILED';
  if (httpStatus === 403) return 'FORBIDDEN';
  return httpStatus === 404 ? 'NOT_FOUND' : 'REMOTE_ERROR';
}

/** An error page is named, not shown. */
function describeBody({ head, body, failure }: ExchangeEnd): string {
  if (failure !== undefined) return `its body was cut off (${callFailure(failure).text})`;
  if (body.byteLength === 0) return 'no body';
  const type = head?.headers['content-type'];
  const named = typeof type === 'string' && type !== '' ? type.split(';', 1)[0] : 'no content type';
  return `a body of ${body.byteLength} bytes (${named})`;
}
