import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Logins } from './logins.ts';
import type { SystemSettings } from './system-settings.ts';

/** Whether there is something to sign in with; absent where nobody has looked. */
export interface CredentialPresence {
  readonly pagerduty: boolean;
  /** For OCM and Backplane. */
  readonly ocm: boolean;
}

/** Which credentials there are, and what is wrong with those that cannot be used; no value leaves this function. */
export async function credentialPresence(
  settings: SystemSettings,
  { env, logins = {} }: { env: Readonly<Record<string, string | undefined>>; logins?: Logins | undefined },
): Promise<{ present: CredentialPresence; problems: string[] }> {
  const { findSecret } = await import('../http/secret-source.ts');
  const problems: string[] = [];
  const isThere = async (name: string, file: string | undefined, login?: object): Promise<boolean> => {
    if (login instanceof RemedyError) problems.push(login.message);
    if (login !== undefined) return true;
    try {
      return (await findSecret({ name, file }, { env })) !== undefined;
    } catch (thrown) {
      // it is there, and says itself what is wrong with it
      problems.push(messageOf(thrown));
      return true;
    }
  };
  const ocm =
    settings['ocm.clientId'] === undefined
      ? await isThere('OCM_TOKEN', settings['ocm.tokenFile'], logins.ocm)
      : await isThere('OCM_CLIENT_SECRET', settings['ocm.clientSecretFile']);
  const pagerduty = await isThere('PAGERDUTY_TOKEN', settings['pagerduty.tokenFile'], logins.pagerduty);
  return { present: { pagerduty, ocm }, problems };
}
