/**
 * The bearer token of OCM and Backplane.
 *
 * Guarantees: renewed when less than a minute of it remains, and after a 401; one renewal at a time, which every
 * caller waits for; a caller whose signal aborts leaves the wait, not the renewal of the others. Non-guarantees: not
 * kept across processes, not retried.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { callFailure } from '../http/call-failure.ts';
import { receivedAnswer, retryAfterSeconds } from '../http/answer-head.ts';
import type { ExchangeEnd } from '../http/exchange.ts';
import { parseJson, textIn } from '../http/json-fields.ts';
import { RemoteError } from '../http/remote-error.ts';
import type { RemoteErrorOptions } from '../http/remote-error.ts';
import type { Authority } from '../http/remote-endpoint.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { Secret } from '../http/secret.ts';
import { withoutSecrets } from '../http/secret.ts';
import type { Grant, OcmCredentials } from './token-grant.ts';
import { expiryOf, grantRequest, loginAgainHint, nameIn, readGrant } from './token-grant.ts';

/** Where tokens are granted, and for what. */
export interface OcmTokenOptions {
  readonly http: RemoteHttp;
  /** The token endpoint of the SSO, as `baseUrl` gives it. */
  readonly tokenUrl: string;
  readonly credentials: OcmCredentials;
  /** They are those of the ocm command line, and nobody gave them to this program. Default: false. */
  readonly isLogin?: boolean;
}

interface HeldToken {
  readonly token: Secret;
  /** By the monotonic clock. */
  readonly endsAtMs: number;
}

interface TokenHints {
  /** The SSO gives no token for them. */
  readonly refused: string;
  readonly expired: string;
  /** OCM does not let the account in, or not do something. */
  readonly account: string;
}

const givenHints: TokenHints = {
  refused: 'Check OCM_TOKEN, or OCM_CLIENT_ID and OCM_CLIENT_SECRET.',
  expired: 'Give an offline token, which is renewed, or a fresh one: `ocm token`.',
  account: 'Check OCM_TOKEN, or OCM_CLIENT_ID and OCM_CLIENT_SECRET, and that this account may do it.',
};

const loginHints: TokenHints = {
  refused: loginAgainHint,
  expired: loginAgainHint,
  account: 'Check that the account of the login may do it; another one logs in with: ocm login',
};

const renewBeforeMs = 60_000;

/** The token of one account, shared by the clients of OCM and Backplane. */
export class OcmToken implements Authority {
  readonly #options: OcmTokenOptions;
  #held: HeldToken | undefined;
  #offlineToken: Secret | undefined;
  #renewal: Promise<HeldToken> | undefined;
  /** One that was granted before this process; gone once it was refused or has ended. */
  #earlier: Secret | undefined;

  constructor(options: OcmTokenOptions) {
    this.#options = options;
    if (options.credentials.kind === 'offline') this.#earlier = options.credentials.access;
  }

  /** What to do about a refusal, by where the credentials are from. */
  get hints(): TokenHints {
    return this.#options.isLogin === true ? loginHints : givenHints;
  }

  /** As whom OCM sees the account; undefined where the token cannot be looked into. Errors: RemoteError without a token. */
  async name(signal?: AbortSignal): Promise<string | undefined> {
    return nameIn((await this.#current(signal)).token);
  }

  async headers({ signal }: { signal: AbortSignal | undefined }): Promise<Record<string, string>> {
    const { token } = await this.#current(signal);
    return { authorization: `Bearer ${token.reveal()}` };
  }

  refused(): void {
    this.#held = undefined;
    this.#earlier = undefined;
  }

  secrets(): readonly Secret[] {
    const { credentials } = this.#options;
    const given = credentials.kind === 'client' ? credentials.secret : credentials.token;
    const earlier = credentials.kind === 'offline' ? credentials.access : undefined;
    return [given, earlier, this.#offlineToken, this.#held?.token].filter((secret) => secret !== undefined);
  }

  async #current(signal: AbortSignal | undefined): Promise<HeldToken> {
    const held = this.#held;
    if (held !== undefined && held.endsAtMs - this.#options.http.clock.monotonicMs() >= renewBeforeMs)
      return held;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return abortable(this.#renewal, signal);
  }

  async #renew(): Promise<HeldToken> {
    const { credentials, http } = this.#options;
    // Counted from before the request: the token is no younger than that.
    const askedAtMs = http.clock.monotonicMs();
    if (credentials.kind === 'access')
      return this.#keep(credentials.token, askedAtMs, this.#givenLifeMs(credentials.token));
    const earlier = this.#usableEarlier();
    if (earlier !== undefined) return this.#keep(earlier.token, askedAtMs, earlier.lifeMs);
    const grant = await this.#grant(credentials);
    this.#offlineToken = grant.refreshToken ?? this.#offlineToken;
    return this.#keep(grant.accessToken, askedAtMs, grant.expiresInSeconds * 1_000);
  }

  #keep(token: Secret, fromMs: number, lifeMs: number): HeldToken {
    this.#held = { token, endsAtMs: fromMs + lifeMs };
    return this.#held;
  }

  #usableEarlier(): { token: Secret; lifeMs: number } | undefined {
    const token = this.#earlier;
    const endSeconds = token && expiryOf(token);
    this.#earlier = undefined;
    if (token === undefined || endSeconds === undefined) return undefined;
    const lifeMs = endSeconds * 1_000 - this.#options.http.clock.now();
    return lifeMs < renewBeforeMs ? undefined : { token, lifeMs };
  }

  #givenLifeMs(token: Secret): number {
    const endSeconds = expiryOf(token);
    const leftMs = endSeconds === undefined ? Infinity : endSeconds * 1_000 - this.#options.http.clock.now();
    if (leftMs > 0) return leftMs;
    throw new RemedyError('CREDENTIALS_FAILED', 'the OCM access token has expired', {
      hint: this.hints.expired,
    });
  }

  async #grant(credentials: Exclude<OcmCredentials, { kind: 'access' }>): Promise<Grant> {
    const { http, tokenUrl } = this.#options;
    const { form, authorization } = grantRequest(credentials, this.#offlineToken);
    await this.#turn();
    const end = await http.exchange({
      method: 'POST',
      url: new URL(tokenUrl),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: form,
    });
    const grant =
      end.head?.httpStatus === 200 && end.failure === undefined ? readGrant(bodyOf(end)) : undefined;
    if (grant === undefined) throw this.#refusal(end);
    return grant;
  }

  async #turn(): Promise<void> {
    const { http, tokenUrl } = this.#options;
    try {
      await http.turn(new URL(tokenUrl));
    } catch (failure) {
      throw this.#refusal({ sent: false, body: Buffer.alloc(0), failure });
    }
  }

  #refusal(end: ExchangeEnd): RemoteError {
    const { head, failure } = end;
    if (head === undefined || failure !== undefined) {
      const { code, errno, text, hint, cause } = callFailure(failure);
      return this.#error(code, text, { system: 'sso', errno, hint, cause });
    }
    const { httpStatus } = head;
    const { requestId, rateLimit } = receivedAnswer(head);
    const said = [textIn(bodyOf(end), 'error'), textIn(bodyOf(end), 'error_description')];
    const reason = said.filter((text) => text !== undefined).join(', ');
    // 400 is how OAuth refuses a token: invalid_grant
    const refused = httpStatus === 400 || httpStatus === 401 || httpStatus === 403;
    const unreadable = httpStatus === 200 ? 'the answer holds no token' : `HTTP ${httpStatus}`;
    return this.#error(
      refused ? 'CREDENTIALS_FAILED' : 'REMOTE_ERROR',
      reason === '' ? unreadable : `HTTP ${httpStatus}, ${reason}`,
      {
        system: 'sso',
        httpStatus,
        requestId,
        rateLimit,
        retryAfterSeconds: retryAfterSeconds(head, this.#options.http.clock.now()),
        hint: refused ? this.hints.refused : undefined,
      },
    );
  }

  #error(
    code: ConstructorParameters<typeof RemoteError>[0],
    text: string,
    facts: RemoteErrorOptions,
  ): RemoteError {
    const clean = withoutSecrets(text, this.secrets())
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .slice(0, 500);
    return new RemoteError(code, `the SSO gave no token for OCM: ${clean}`, facts);
  }
}

function bodyOf({ body }: ExchangeEnd): unknown {
  return parseJson(body.toString('utf8'));
}

/** The promise, or the signal's abort, whichever is first. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(
        new RemoteError('ABORTED', 'the wait for an OCM token was stopped', {
          system: 'sso',
          cause: signal.reason,
        }),
      );
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
