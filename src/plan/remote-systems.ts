/** The composition of the remote systems: settings, credentials, one HTTP for all; nothing is opened before it is needed. */
import type { SettingKey } from '../config/settings.ts';
import { waysToSet } from './settings-findings.ts';
import type { BackplaneClient } from '../backplane/backplane-client.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { RemoteHttp, RemoteHttpOptions } from '../http/remote-http.ts';
import type { Secret } from '../http/secret.ts';
import type { OcmClient } from '../ocm/ocm-client.ts';
import type { OcmToken } from '../ocm/ocm-token.ts';
import type { PagerDutyClient } from '../pagerduty/pagerduty-client.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { usable, type Logins } from './logins.ts';
import type { SystemSettings } from './system-settings.ts';
import { onceDone } from '../time/once.ts';

/** The names of credentials: of their variables, and of lines on standard input. */
export const secretNames = ['PAGERDUTY_TOKEN', 'OCM_TOKEN', 'OCM_CLIENT_SECRET'] as const;

/** The three clients, each made when it is first asked for. */
export interface RemoteSystems {
  /**
   * As the other two it asks for no network; what failed is tried anew by the next call.
   *
   * @throws CREDENTIALS_FAILED without usable credentials
   * @throws CONFIG_INVALID for a setting that is missing, or a URL that is none
   */
  pagerduty(): Promise<PagerDutyClient>;
  ocm(): Promise<OcmClient>;
  backplane(): Promise<BackplaneClient>;
  /** Closes the connections, which all three share. */
  close(): Promise<void>;
}

/** What the clients are made of. */
export interface RemoteSystemsOptions {
  readonly settings: SystemSettings;
  /** For credentials and proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: Random;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  /** By their names (`secretNames`), see `secretsOfInput`; they go before those of the environment and of files. */
  readonly credentials?: ReadonlyMap<string, Secret> | undefined;
  /** Of other programs, where there are no credentials of ours; `settings` are those that `findLogins` has given with them. */
  readonly logins?: Logins | undefined;
  /** Hears of each request to any of them once it has ended. */
  readonly onExchange?: RemoteHttpOptions['onExchange'];
}

/** The clients of the three systems as the settings have them, over one HTTP. */
export function remoteSystems(options: RemoteSystemsOptions): RemoteSystems {
  const { settings } = options;
  let opened = false;
  const http = onceDone(() => {
    opened = true;
    return openHttp(options);
  });
  const token = onceDone(async () => openToken(options, await http()));
  const pagerduty = onceDone(async () => {
    const [{ pagerDutyClient }, { baseUrl }] = await Promise.all([
      import('../pagerduty/pagerduty-client.ts'),
      import('../http/base-url.ts'),
    ]);
    return pagerDutyClient({
      http: await http(),
      base: baseUrl(settings['pagerduty.url'], 'pagerduty.url'),
      from: required(
        settings['pagerduty.from'],
        'pagerduty.from',
        'the e-mail address of a user of the account',
      ),
      ...(await pagerDutyToken(options)),
    });
  });
  const ocm = onceDone(async () => {
    const [{ ocmClient }, { baseUrl }] = await Promise.all([
      import('../ocm/ocm-client.ts'),
      import('../http/base-url.ts'),
    ]);
    return ocmClient({
      http: await http(),
      base: baseUrl(settings['ocm.url'], 'ocm.url'),
      token: await token(),
    });
  });
  const backplane = onceDone(async () => {
    const [{ backplaneClient }, { baseUrl }] = await Promise.all([
      import('../backplane/backplane-client.ts'),
      import('../http/base-url.ts'),
    ]);
    const url = required(settings['backplane.url'], 'backplane.url', "the URL of Backplane's API");
    return backplaneClient({
      http: await http(),
      base: baseUrl(url, 'backplane.url'),
      token: await token(),
    });
  });
  return {
    pagerduty,
    ocm,
    backplane,
    close: async () => {
      if (opened) await (await http()).close();
    },
  };
}

async function openHttp(options: RemoteSystemsOptions): Promise<RemoteHttp> {
  const { settings, env, clock, random, version, onExchange } = options;
  const [{ RemoteHttp: Http }, { proxyFromEnvironment }] = await Promise.all([
    import('../http/remote-http.ts'),
    import('../kube/go-proxy.ts'),
  ]);
  // said before anything is begun, and not as a failure of the first request
  for (const key of ['pagerduty.url', 'ocm.url', 'ocm.tokenUrl', 'backplane.url'] as const) {
    const url = settings[key];
    if (url !== undefined && URL.canParse(url)) proxyFromEnvironment(new URL(url), env);
  }
  return new Http({
    userAgent: `remedyctl/${version}`,
    clock,
    random,
    timeoutMs: settings['remote.timeout'],
    proxyOf: (url) => proxyFromEnvironment(url, env),
    onExchange,
  });
}

async function openToken(options: RemoteSystemsOptions, http: RemoteHttp): Promise<OcmToken> {
  const { settings } = options;
  const [{ OcmToken: Token }, { tokenCredentials }, { baseUrl }] = await Promise.all([
    import('../ocm/ocm-token.ts'),
    import('../ocm/token-grant.ts'),
    import('../http/base-url.ts'),
  ]);
  const tokenUrl = baseUrl(settings['ocm.tokenUrl'], 'ocm.tokenUrl');
  const login = usable(options.logins?.ocm);
  if (login !== undefined)
    return new Token({ http, tokenUrl, credentials: login.credentials, isLogin: true });
  const id = settings['ocm.clientId'];
  if (id === undefined) {
    const given = await secretOf(options, 'OCM_TOKEN', settings['ocm.tokenFile']);
    return new Token({ http, tokenUrl, credentials: tokenCredentials(given) });
  }
  const secret = await secretOf(options, 'OCM_CLIENT_SECRET', settings['ocm.clientSecretFile']);
  return new Token({ http, tokenUrl, credentials: { kind: 'client', id, secret } });
}

async function pagerDutyToken(
  options: RemoteSystemsOptions,
): Promise<{ token: Secret; isOAuth?: boolean | undefined }> {
  const login = usable(options.logins?.pagerduty);
  if (login !== undefined) return { token: login.token, isOAuth: login.isOAuth };
  return { token: await secretOf(options, 'PAGERDUTY_TOKEN', options.settings['pagerduty.tokenFile']) };
}

async function secretOf(
  { env, credentials }: RemoteSystemsOptions,
  name: (typeof secretNames)[number],
  file: string | undefined,
): Promise<Secret> {
  const { findSecret } = await import('../http/secret-source.ts');
  const found = await findSecret({ name, file }, { env, input: credentials });
  if (found !== undefined) return found;
  throw new RemedyError('CREDENTIALS_FAILED', `there is no ${name}`, {
    hint: `Set the variable ${name}, name a file in the configuration, or give it with ${optionName('credentials')}; or log in with ${name === 'PAGERDUTY_TOKEN' ? 'pagerduty-cli: pd auth web' : 'ocm: ocm login'}`,
  });
}

function required(value: string | undefined, setting: SettingKey, what: string): string {
  if (value !== undefined) return value;
  throw new RemedyError('CONFIG_INVALID', `${setting} is not set`, {
    hint: `Set ${waysToSet(setting)}, to ${what}.`,
  });
}
