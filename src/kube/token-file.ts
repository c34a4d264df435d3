import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
import type { ClientCertificate, Credentials, Identity } from './credentials.ts';
import { isHeaderValue } from './header-value.ts';
import type { KubeHost } from './kube-host.ts';

interface TokenFileOptions {
  path: string;
  /** Used while the file cannot be read. */
  fallbackToken?: string | undefined;
  headers: Readonly<Record<string, string | string[]>>;
  certificate?: ClientCertificate | undefined;
}

/** client-go keeps a file's token for a minute, less ten seconds. */
const keepMs = 50_000;

/**
 * A bearer token that a file holds and someone else renews. Once read, a token outlives a file that cannot be
 * read for a while. Errors: CREDENTIALS_FAILED when there never was a token.
 */
export function tokenFileCredentials(
  options: TokenFileOptions,
  host: Pick<KubeHost, 'readFile' | 'clock'>,
): Credentials {
  const { path, fallbackToken, headers, certificate } = options;
  let current: Identity | undefined;
  let readAtMs = -Infinity;

  const read = async (): Promise<Identity> => {
    readAtMs = host.clock.monotonicMs();
    const token = await readToken();
    const authorization = `Bearer ${token}`;
    if (current?.headers['authorization'] !== authorization) {
      current = { headers: { ...headers, authorization }, certificate };
    }
    return current;
  };

  const readToken = async (): Promise<string> => {
    try {
      const token = (await host.readFile(path)).trim();
      if (token === '') throw new Error('it is empty');
      if (!isHeaderValue(token)) throw new Error('it holds characters that no token has');
      return token;
    } catch (cause) {
      if (isStopped(cause)) throw cause;
      const known = bearerToken(current) ?? fallbackToken;
      if (known !== undefined) return known;
      throw new RemedyError(
        'CREDENTIALS_FAILED',
        `the token file ${path} cannot be used: ${messageOf(cause)}`,
        {
          hint: 'Check tokenFile of the kubeconfig user.',
          cause,
        },
      );
    }
  };

  return {
    identity: async () => {
      const fresh = host.clock.monotonicMs() - readAtMs < keepMs;
      return fresh && current !== undefined ? current : read();
    },
    refresh: async (refused) => (current === refused ? (await read()) !== refused : true),
  };
}

function bearerToken(identity: Identity | undefined): string | undefined {
  const authorization = identity?.headers['authorization'];
  return typeof authorization === 'string' ? authorization.slice('Bearer '.length) : undefined;
}
