import { RemedyError } from '../errors/remedy-error.ts';
import { asObject, numberIn, parseJson, textIn } from '../http/json-fields.ts';
import { Secret } from '../http/secret.ts';

/** How OCM is told who asks: a service account, an offline token of a person, or a ready access token. */
export type OcmCredentials =
  | { readonly kind: 'client'; readonly id: string; readonly secret: Secret }
  | { readonly kind: 'offline'; readonly token: Secret }
  | { readonly kind: 'access'; readonly token: Secret };

/** The public client that offline tokens are made for. */
const publicClient = 'cloud-services';

/** What asks for a token. */
export interface GrantRequest {
  /** application/x-www-form-urlencoded. */
  readonly form: string;
  readonly authorization?: string;
}

/** A token that was granted. */
export interface Grant {
  readonly accessToken: Secret;
  /** Seconds it lives from now on. */
  readonly expiresInSeconds: number;
  /** Takes the place of the one it was asked with, where the server rotates them. */
  readonly refreshToken?: Secret;
}

/** The form of a grant. `offlineToken` is the newest one. */
export function grantRequest(credentials: OcmCredentials, offlineToken: Secret | undefined): GrantRequest {
  if (credentials.kind === 'client') {
    const { id, secret } = credentials;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, scope: 'openid' });
    return {
      form: form.toString(),
      authorization: `Basic ${Buffer.from(`${id}:${secret.reveal()}`).toString('base64')}`,
    };
  }
  const token = offlineToken ?? credentials.token;
  const form = { grant_type: 'refresh_token', client_id: publicClient, refresh_token: token.reveal() };
  return { form: new URLSearchParams(form).toString() };
}

/** Undefined where the answer holds no usable token. */
export function readGrant(body: unknown): Grant | undefined {
  const accessToken = textIn(body, 'access_token');
  if (accessToken === undefined || !isHeaderText(accessToken)) return undefined;
  const refreshToken = textIn(body, 'refresh_token');
  return {
    accessToken: new Secret(accessToken),
    expiresInSeconds: numberIn(body, 'expires_in') ?? 0,
    ...(refreshToken === undefined || refreshToken === '' ? {} : { refreshToken: new Secret(refreshToken) }),
  };
}

/**
 * What kind of token OCM_TOKEN holds: a JSON web token says so in its `typ`; one that cannot be looked into is an
 * offline token. Errors: CREDENTIALS_FAILED for an ID token.
 */
export function tokenCredentials(token: Secret): OcmCredentials {
  const type = textIn(claimsOf(token), 'typ');
  if (type === 'Bearer') return { kind: 'access', token };
  if (type !== 'ID') return { kind: 'offline', token };
  throw new RemedyError('CREDENTIALS_FAILED', 'the OCM token is an ID token, which opens nothing', {
    hint: 'Use the offline token of https://console.redhat.com/openshift/token.',
  });
}

/** Seconds since the epoch at which an access token ends; undefined where it does not say. */
export function expiryOf(token: Secret): number | undefined {
  return numberIn(claimsOf(token), 'exp');
}

function claimsOf(token: Secret): unknown {
  const payload = token.reveal().split('.')[1] ?? '';
  return asObject(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
}

function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
