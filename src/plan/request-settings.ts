import { messageOf } from '../errors/remedy-error.ts';
import { baseUrl } from '../http/base-url.ts';
import type { SystemSettings } from './system-settings.ts';
import type { WrittenSystem } from './written-system.ts';

/** Of the configuration what requests are made of; what is not configured shows as `<not configured>`. */
export interface RequestSettings {
  readonly urls: Readonly<Record<WrittenSystem, string | undefined>>;
  /** Why one that is configured cannot be used; it is not among the URLs, for it may hold a password. */
  readonly urlProblems?: Readonly<Partial<Record<WrittenSystem, string>>>;
  /** The header From of writes to PagerDuty. */
  readonly from?: string | undefined;
  /** Unless the plan names one. */
  readonly silentPolicy?: string | undefined;
  /** From 1. */
  readonly escalationLevel: number;
  readonly userAgent: string;
}

/** What the configuration says about requests to the three systems; `version` is remedyctl's, of the user agent. */
export function requestSettings(settings: SystemSettings, version: string): RequestSettings {
  return {
    ...usableUrls({
      pagerduty: settings['pagerduty.url'],
      ocm: settings['ocm.url'],
      backplane: settings['backplane.url'],
    }),
    from: settings['pagerduty.from'],
    silentPolicy: settings['pagerduty.silentPolicy'],
    escalationLevel: settings['pagerduty.escalationLevel'],
    userAgent: `remedyctl/${version}`,
  };
}

/** The URLs as the clients take them, and what is wrong with the others. */
function usableUrls(configured: RequestSettings['urls']): Pick<RequestSettings, 'urls' | 'urlProblems'> {
  const urls: Record<WrittenSystem, string | undefined> = { ...configured };
  const urlProblems: Partial<Record<WrittenSystem, string>> = {};
  for (const system of ['pagerduty', 'ocm', 'backplane'] as const) {
    const text = configured[system];
    if (text === undefined) continue;
    try {
      urls[system] = baseUrl(text, `${system}.url`);
    } catch (thrown) {
      urls[system] = undefined;
      urlProblems[system] = messageOf(thrown);
    }
  }
  return { urls, urlProblems };
}
