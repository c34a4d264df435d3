import { RealClock } from '../../../src/time/real-clock.ts';
import type { FakeAnswer, FakeBehaviour, SeenCall } from './fake-server.ts';
import { FakeServer } from './fake-server.ts';

export const ocmClientId = 'service-account-1';
export const ocmClientSecret = 'client-secret-0123456789';
export const offlineToken = 'offline-token-0123456789';

/** A JSON web token with these claims, which nobody has signed. */
export function webToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** The token endpoint of OCM's SSO. Refresh tokens are good for one use where `rotates` is set. */
export class FakeSso implements FakeBehaviour {
  readonly server = new FakeServer(this);
  /** Seconds that a token lives. */
  expiresIn = 900;
  rotates = false;
  /** Every token that was granted, in order. */
  readonly granted: string[] = [];
  /** The client that the refresh token was made for: another one is refused. */
  publicClient = 'cloud-services';
  /** Whom the tokens name; undefined: they are opaque. */
  account: string | undefined;
  readonly #endsAtMs = new Map<string, number>();
  readonly #clock = new RealClock();
  #refreshToken = offlineToken;

  get tokenUrl(): string {
    return `${this.server.url}/auth/realms/redhat-external/protocol/openid-connect/token`;
  }

  /** What is good for the next refresh. */
  get refreshToken(): string {
    return this.#refreshToken;
  }

  set refreshToken(token: string) {
    this.#refreshToken = token;
  }

  /** A token of before, such as a login has kept. */
  grantBefore(token: string): void {
    this.#endsAtMs.set(token, this.#clock.now() + this.expiresIn * 1_000);
  }

  accepts(authorization: string | undefined): boolean {
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    return (this.#endsAtMs.get(token) ?? 0) > this.#clock.now();
  }

  /** From now on it is refused. */
  revoke(token: string): void {
    this.#endsAtMs.delete(token);
  }

  answer(call: SeenCall): FakeAnswer {
    const form = new URLSearchParams(call.text);
    if (call.method !== 'POST' || call.headers['content-type'] !== 'application/x-www-form-urlencoded') {
      return { status: 415, body: { error: 'invalid_request' } };
    }
    return form.get('grant_type') === 'refresh_token'
      ? this.#refresh(form)
      : this.#client(form, call.headers.authorization);
  }

  errorBody(status: number): unknown {
    return { error: 'server_error', error_description: `the fake answers ${status}` };
  }

  #client(form: URLSearchParams, authorization: string | undefined): FakeAnswer {
    const basic = Buffer.from(`${ocmClientId}:${ocmClientSecret}`).toString('base64');
    const asked = Object.fromEntries(form);
    const good =
      authorization === `Basic ${basic}` &&
      asked['grant_type'] === 'client_credentials' &&
      asked['client_id'] === ocmClientId &&
      asked['scope'] === 'openid';
    return good ? this.#grant() : { status: 401, body: { error: 'unauthorized_client' } };
  }

  #refresh(form: URLSearchParams): FakeAnswer {
    const given = form.get('refresh_token') ?? '';
    if (form.get('client_id') !== this.publicClient || given !== this.#refreshToken) {
      const description = `Invalid refresh token ${given}`;
      return { status: 400, body: { error: 'invalid_grant', error_description: description } };
    }
    if (this.rotates) this.#refreshToken = `rotated-token-${this.granted.length}`;
    return this.#grant({ refresh_token: this.#refreshToken });
  }

  #grant(more: Record<string, unknown> = {}): FakeAnswer {
    const name = `access-token-${this.granted.length + 1}-0123456789`;
    const claims = { typ: 'Bearer', jti: name, preferred_username: this.account };
    const token = this.account === undefined ? name : webToken(claims);
    this.granted.push(token);
    this.#endsAtMs.set(token, this.#clock.now() + this.expiresIn * 1_000);
    return {
      status: 200,
      body: { access_token: token, expires_in: this.expiresIn, token_type: 'Bearer', ...more },
    };
  }
}
