import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { baseUrl } from '../http/base-url.ts';
import type { RunProgress } from './run-progress.ts';
import type { SystemSettings } from '../plan/system-settings.ts';

const urls = ['pagerduty.url', 'ocm.url', 'backplane.url'] as const;

/**
 * Refuses to go on with a run in other systems than it began in: what was written to a stage is not found in production,
 * and would be written there too. Errors: CONFIG_INVALID.
 */
export function refuseOtherSystems(run: string, progress: RunProgress, settings: SystemSettings): void {
  const bases = urls.flatMap((setting) => {
    const url = settings[setting];
    return url === undefined ? [] : `${baseUrl(url, setting)}/`;
  });
  const elsewhere = progress.actions
    .flatMap(({ requests }) => requests)
    .find(({ url }) => !bases.some((base) => url.startsWith(base)));
  if (elsewhere === undefined) return;
  const { origin } = new URL(elsewhere.url);
  throw new RemedyError('CONFIG_INVALID', `run ${run} has asked ${origin}, which is not configured now`, {
    hint: `resume it with the profile and the URLs that it was begun with (${urls.join(', ')}); ${optionName('moved')} where it is the same system under another URL`,
    details: { run, origin },
  });
}
