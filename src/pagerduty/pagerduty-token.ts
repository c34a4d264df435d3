import { RemedyError } from '../errors/remedy-error.ts';
import type { Secret } from '../http/secret.ts';

/** The API of each region of accounts, by the beginning of the OAuth tokens that are granted there. */
const regions = [
  { prefix: 'pdus+', title: 'US', host: 'api.pagerduty.com' },
  { prefix: 'pdeu+', title: 'EU', host: 'api.eu.pagerduty.com' },
] as const;

/** Whether it is a token of OAuth, which goes as `Bearer`; a key goes as `Token token=`. */
export function isOAuthToken(token: Secret): boolean {
  return regionOf(token) !== undefined;
}

/** Errors: CREDENTIALS_FAILED for a token of one region where the other one is configured: it would only be "invalid". */
export function checkRegion(token: Secret, base: string): void {
  const own = regionOf(token);
  const asked = regions.find(({ host }) => host === new URL(base).hostname);
  if (own === undefined || asked === undefined || own === asked) return;
  throw new RemedyError(
    'CREDENTIALS_FAILED',
    `the PagerDuty token is one of the ${own.title} region (${own.prefix}…), and pagerduty.url is ${base}`,
    { hint: `Set pagerduty.url to https://${own.host}, or give a token of the ${asked.title} region.` },
  );
}

function regionOf(token: Secret): (typeof regions)[number] | undefined {
  return regions.find(({ prefix }) => token.reveal().startsWith(prefix));
}
