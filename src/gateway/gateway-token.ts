/** The token that a gateway asks for: a fixed one, or one that the API server makes for a service account. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { Secret } from '../http/secret.ts';
import { isApiError } from '../kube/api-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../time/clock.ts';

/** Where the token of each request comes from. */
export interface GatewayToken {
  /** @throws CREDENTIALS_FAILED, and what the API server says to a request for one */
  get(): Promise<Secret>;
  /** A gateway refused the last one; true where the next one is another. */
  refused(): boolean;
}

/** One that was given. */
export function fixedToken(secret: Secret): GatewayToken {
  return { get: () => Promise.resolve(secret), refused: () => false };
}

/** A service account by its place. */
export interface ServiceAccount {
  namespace: string;
  name: string;
}

/** How long a token is asked for, in seconds; the least that an API server gives. */
const lifetimeSeconds = 600;

/** So long before its end another one is asked for. */
const renewBeforeMs = 60_000;

const accountName = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Reads `NAME` or `NAMESPACE/NAME`. @throws INVALID_OPTION */
export function readServiceAccount(text: string, namespace: string): ServiceAccount {
  const [first = '', second, ...rest] = text.split('/');
  const account = second === undefined ? { namespace, name: first } : { namespace: first, name: second };
  const isName = accountName.test(account.name) && accountName.test(account.namespace);
  if (isName && rest.length === 0) return account;
  throw new RemedyError('INVALID_OPTION', `${optionName('serviceAccount')} ${text}: no service account`, {
    hint: 'Give NAME or NAMESPACE/NAME, for example kubernaut-system/alertmanager.',
  });
}

/** The user that a service account's token says it is of, unverified; undefined of any other token. */
export function serviceAccountOf(token: Secret): string | undefined {
  const [, payload = ''] = token.reveal().split('.');
  try {
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { sub?: unknown };
    return typeof sub === 'string' && /^system:serviceaccount:[^:]+:[^:]+$/.test(sub) ? sub : undefined;
  } catch {
    return undefined;
  }
}

interface Made {
  secret: Secret;
  endsAtMs: number;
}

/**
 * Tokens for a service account, made by TokenRequest as they are needed, each for ten minutes; nothing is kept of them.
 * @throws INVALID_OPTION for the embedded store, which has none
 */
export function serviceAccountToken(
  account: ServiceAccount,
  { client, clock }: { client: KubeClient; clock: Pick<Clock, 'now'> },
): GatewayToken {
  if (client.target.kind === 'embedded') {
    throw new RemedyError('INVALID_OPTION', `${optionName('serviceAccount')}: the embedded store has none`, {
      hint: `Name a cluster with ${optionName('context')}, or give the token as a file: ${optionName('tokenFile')}.`,
    });
  }
  let current: Promise<Made> | undefined;
  const fresh = async (): Promise<Made> => {
    const known = await current?.catch(() => undefined);
    if (known !== undefined && known.endsAtMs - renewBeforeMs > clock.now()) return known;
    return requestToken(account, { client, clock });
  };
  return {
    get: async () => {
      // One request for all that wait for the same token.
      current = fresh();
      return (await current).secret;
    },
    refused: () => {
      const hadOne = current !== undefined;
      current = undefined;
      return hadOne;
    },
  };
}

type Core = Awaited<ReturnType<KubeClient['clientNodeApis']>>['core'];
/** A class of client-node's, of which only the fields count. */
type TokenRequestBody = Parameters<Core['createNamespacedServiceAccountToken']>[0]['body'];

async function requestToken(
  { namespace, name }: ServiceAccount,
  { client, clock }: { client: KubeClient; clock: Pick<Clock, 'now'> },
): Promise<Made> {
  const { core } = await client.clientNodeApis();
  const askedAtMs = clock.now();
  const body: object = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: [], expirationSeconds: lifetimeSeconds },
  };
  const { status } = await core
    .createNamespacedServiceAccountToken({ name, namespace, body: body as TokenRequestBody })
    .catch((thrown: unknown) => {
      throw notMade(thrown, `${namespace}/${name}`);
    });
  const token = status?.token ?? '';
  if (token === '') {
    throw new RemedyError('CREDENTIALS_FAILED', `the API server made no token for ${namespace}/${name}`);
  }
  return { secret: new Secret(token), endsAtMs: askedAtMs + lifetimeSeconds * 1_000 };
}

/** What the API server says, of what was asked for; what is no answer of it comes back as it is. */
function notMade(thrown: unknown, account: string): unknown {
  if (!isApiError(thrown)) return thrown;
  const { code, httpStatus } = thrown;
  const message = `no token was made for the service account ${account}: ${thrown.serverMessage}`;
  const hint =
    httpStatus === 403
      ? 'It takes create on serviceaccounts/token; who has it can let you have a token as a file.'
      : `Give it as NAMESPACE/NAME with ${optionName('serviceAccount')}.`;
  return new RemedyError(code, message, { hint, cause: thrown });
}
