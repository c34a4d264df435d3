import { RemedyError } from '../errors/remedy-error.ts';

/**
 * A configured base URL without its last slash. Errors: CONFIG_INVALID for what is no URL, for credentials, query or
 * fragment in it, and for plain http to anything but this machine, which would show the token to the network.
 */
export function baseUrl(text: string, setting: string): string {
  const problem = problemOf(text);
  if (problem !== undefined) {
    throw new RemedyError('CONFIG_INVALID', `${setting} ${problem}`, {
      hint: `Set ${setting} to a URL such as https://api.example.com.`,
    });
  }
  return new URL(text).href.replace(/\/+$/, '');
}

function problemOf(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is no URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold credentials';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or a fragment';
  if (url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    return 'must begin with https://; plain http is for this machine only';
  }
  return undefined;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
