import { homeFolder } from '../../files/home-folder.ts';
import type { Secret } from '../../http/secret.ts';
import { credentialSources, findLogins, type Logins } from '../../plan/logins.ts';
import type { RemoteSystems } from '../../plan/remote-systems.ts';
import { exchangeLog } from '../request-log.ts';
import type { Session } from '../session.ts';

/** The three systems as this command reaches them. */
export interface SignedIn {
  /** With the settings of the logins: their URLs belong to their tokens. */
  readonly session: Session;
  /** Of other programs, where they stand in for credentials. */
  readonly logins: Logins;
  readonly openSystems: () => Promise<RemoteSystems>;
}

/**
 * Finds out who signs in to the three systems; with `--token-stdin` credentials are read first. Errors:
 * CREDENTIALS_FAILED for what is no credential there, and those of reading. What is wrong with a login is said when its
 * system is opened.
 */
export async function signIn(
  session: Session,
  flags: { readonly 'token-stdin'?: boolean | undefined },
): Promise<SignedIn> {
  const { runtime, config, notices } = session;
  const { env, cwd, clock } = runtime;
  const credentials = flags['token-stdin'] === true ? await credentialsOnStdin(session) : undefined;
  const { logins, settings } = await findLogins(config.values, {
    env,
    cwd,
    credentials,
    home: homeFolder(env),
    nowMs: clock.now(),
    isConfigured: (key) => config.origins[key].kind !== 'default',
  });
  const values = { ...config.values, ...settings };
  const sources = credentialSources(values, { env, credentials, logins });
  if (logins.pagerduty !== undefined) notices.detail(`PagerDuty by ${sources.pagerduty}`);
  if (logins.ocm !== undefined) notices.detail(`OCM by ${sources.ocm}, at ${values['ocm.url']}`);
  return {
    session: { ...session, config: { ...config, values } },
    logins,
    openSystems: async () => {
      const { remoteSystems } = await import('../../plan/remote-systems.ts');
      const onExchange = notices.isVerbose ? exchangeLog(notices) : undefined;
      return remoteSystems({ ...runtime, settings: values, credentials, logins, onExchange });
    },
  };
}

async function credentialsOnStdin({ runtime }: Session): Promise<ReadonlyMap<string, Secret>> {
  const [{ readPlanFromStdin }, { secretsOfInput }, { secretNames }] = await Promise.all([
    import('../../documents/read-plan-file.ts'),
    import('../../http/secret-source.ts'),
    import('../../plan/remote-systems.ts'),
  ]);
  return secretsOfInput(await readPlanFromStdin(runtime), secretNames);
}
