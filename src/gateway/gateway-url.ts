import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';

/** How a gateway is reached. */
export interface GatewayPlace {
  /** As somebody wrote it. */
  url: string;
  /** Its connections go through a tunnel of the API server's, which nobody on the network can read. Default: false. */
  tunnelled?: boolean | undefined;
}

/**
 * The base URL of a gateway, also of one that was copied with the path of a door, without a slash at its end.
 * @throws INVALID_OPTION for what is no URL, holds credentials, a query or a fragment, or would show the token to the
 * network: plain http goes to this machine only
 */
export function gatewayBase({ url, tunnelled = false }: GatewayPlace): string {
  const problem = URL.canParse(url) ? problemOf(new URL(url), tunnelled) : 'that is no URL';
  if (problem !== undefined) {
    throw new RemedyError('INVALID_OPTION', `${optionName('gateway')}: ${problem}`, {
      hint: 'Give the URL in front of /api/v1/signals, for example https://gateway.example.com.',
    });
  }
  return new URL(url).href.replace(/\/+$/, '').replace(/\/api\/v1\/signals(\/[a-z-]+)?$/, '');
}

function problemOf(url: URL, tunnelled: boolean): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return 'the URL must begin with https://';
  if (url.username !== '' || url.password !== '') {
    return 'credentials do not belong into the URL, where every user of this machine can read them';
  }
  if (url.search !== '' || url.hash !== '') return 'the URL must not have a query or a fragment';
  if (url.protocol === 'https:' || tunnelled || isThisMachine(url.hostname)) return undefined;
  return 'the token would go over the network in clear text; use https://, or http:// to this machine';
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
