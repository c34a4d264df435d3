import { messageOf } from '../../errors/remedy-error.ts';
import { baseUrl } from '../../http/base-url.ts';
import type { RequestSettings, WrittenSystem } from '../../plan/preview.ts';
import type { CredentialPresence } from '../../plan/settings-findings.ts';
import type { Session } from '../session.ts';

/** What the configuration says about requests to the three systems. */
export function requestSettings({ config: { values }, runtime }: Session): RequestSettings {
  return {
    ...usableUrls({
      pagerduty: values['pagerduty.url'],
      ocm: values['ocm.url'],
      backplane: values['backplane.url'],
    }),
    from: values['pagerduty.from'],
    silentPolicy: values['pagerduty.silentPolicy'],
    escalationLevel: values['pagerduty.escalationLevel'],
    userAgent: `remedyctl/${runtime.version}`,
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

/** Which credentials there are, and what is wrong with those that cannot be used; no value leaves this function. */
export async function credentialPresence({
  config: { values },
  runtime,
}: Session): Promise<{ present: CredentialPresence; problems: string[] }> {
  const { findSecret } = await import('../../http/secret-source.ts');
  const problems: string[] = [];
  const isThere = async (name: string, file: string | undefined): Promise<boolean> => {
    try {
      return (await findSecret({ name, file }, { env: runtime.env })) !== undefined;
    } catch (thrown) {
      // it is there, and says itself what is wrong with it
      problems.push(messageOf(thrown));
      return true;
    }
  };
  const ocm =
    values['ocm.clientId'] === undefined
      ? await isThere('OCM_TOKEN', values['ocm.tokenFile'])
      : await isThere('OCM_CLIENT_SECRET', values['ocm.clientSecretFile']);
  const pagerduty = await isThere('PAGERDUTY_TOKEN', values['pagerduty.tokenFile']);
  return { present: { pagerduty, ocm }, problems };
}
