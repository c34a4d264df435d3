import { RemedyError } from '../errors/remedy-error.ts';
import { asObject, numberIn, parseJson, textIn } from '../http/json-fields.ts';
import { Secret } from '../http/secret.ts';

/** How OCM is told who asks: a service account, an offline token of a person, or a ready access token. */
export type OcmCredentials =
  | { readonly kind: 'client'; readonly id: string; readonly secret: Secret }
  | OfflineCredentials
  | { readonly kind: 'access'; readonly token: Secret };

/** A token that grants others. */
export interface OfflineCredentials {
  readonly kind: 'offline';
  readonly token: Secret;
  /** The public client that it was made for, where it does not say so itself; default: `cloud-services`. */
  readonly clientId?: string | undefined;
  /** A token that it has granted before, used first: a server may take each refresh token once. */
  readonly access?: Secret | undefined;
}

/** The public client that offline tokens are made for, unless they say another. */
const publicClient = 'cloud-services';

/** What to do about a login of the ocm command line. */
export const loginAgainHint = 'Log in again: ocm login';

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
export function grantRequest(
  credentials: Exclude<OcmCredentials, { kind: 'access' }>,
  offlineToken: Secret | undefined,
): GrantRequest {
  if (credentials.kind === 'client') {
    const { id, secret } = credentials;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, scope: 'openid' });
    return {
      form: form.toString(),
      authorization: `Basic ${Buffer.from(`${id}:${secret.reveal()}`).toString('base64')}`,
    };
  }
  const token = offlineToken ?? credentials.token;
  const client_id = clientOf(token) ?? credentials.clientId ?? publicClient;
  const form = { grant_type: 'refresh_token', client_id, refresh_token: token.reveal() };
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

/** As whom a token is seen, where it can be looked into. */
export function nameIn(token: Secret): string | undefined {
  const claims = claimsOf(token);
  const names = ['preferred_username', 'username', 'clientId', 'client_id'].map((key) => textIn(claims, key));
  return names.find((name) => name !== undefined && name !== '');
}

/** The client that a token was made for: a refresh with another is refused. */
function clientOf(token: Secret): string | undefined {
  const client = textIn(claimsOf(token), 'azp');
  return client === undefined || client === '' ? undefined : client;
}

function claimsOf(token: Secret): unknown {
  const payload = token.reveal().split('.')[1] ?? '';
  return asObject(parseJson(Buffer.from(payload, 'base64url').toString('utf8')));
}

function isHeaderText(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
