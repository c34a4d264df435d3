/** The composition of the remote systems: settings, credentials, one HTTP for all; nothing is opened before it is needed. */
import type { BackplaneClient } from '../backplane/backplane-client.ts';
import type { SettingValues } from '../config/settings.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { RemoteHttp } from '../http/remote-http.ts';
import type { Secret } from '../http/secret.ts';
import type { OcmClient } from '../ocm/ocm-client.ts';
import type { OcmToken } from '../ocm/ocm-token.ts';
import type { PagerDutyClient } from '../pagerduty/pagerduty-client.ts';
import type { Runtime } from './runtime.ts';

/** The names of credentials: of their variables, and of lines on standard input. */
export const secretNames = ['PAGERDUTY_TOKEN', 'OCM_TOKEN', 'OCM_CLIENT_SECRET'] as const;

export interface RemoteSystems {
  /** Errors of all three: CREDENTIALS_FAILED, CONFIG_INVALID; the first call asks for no network. */
  pagerduty(): Promise<PagerDutyClient>;
  ocm(): Promise<OcmClient>;
  backplane(): Promise<BackplaneClient>;
  close(): Promise<void>;
}

export interface RemoteSystemsOptions {
  readonly runtime: Pick<Runtime, 'env' | 'clock' | 'random' | 'version'>;
  readonly values: SettingValues;
  /** What `--token-stdin` gave. */
  readonly input?: ReadonlyMap<string, Secret> | undefined;
}

export function remoteSystems(options: RemoteSystemsOptions): RemoteSystems {
  const { values } = options;
  let opened = false;
  const http = once(() => {
    opened = true;
    return openHttp(options);
  });
  const token = once(async () => openToken(options, await http()));
  const pagerduty = once(async () => {
    const [{ pagerDutyClient }, { baseUrl }] = await Promise.all([
      import('../pagerduty/pagerduty-client.ts'),
      import('../http/base-url.ts'),
    ]);
    return pagerDutyClient({
      http: await http(),
      base: baseUrl(values['pagerduty.url'], 'pagerduty.url'),
      from: required(
        values['pagerduty.from'],
        'pagerduty.from',
        'the e-mail address of a user of the account',
      ),
      token: await secretOf(options, 'PAGERDUTY_TOKEN', values['pagerduty.tokenFile']),
    });
  });
  const ocm = once(async () => {
    const [{ ocmClient }, { baseUrl }] = await Promise.all([
      import('../ocm/ocm-client.ts'),
      import('../http/base-url.ts'),
    ]);
    return ocmClient({
      http: await http(),
      base: baseUrl(values['ocm.url'], 'ocm.url'),
      token: await token(),
    });
  });
  const backplane = once(async () => {
    const [{ backplaneClient }, { baseUrl }] = await Promise.all([
      import('../backplane/backplane-client.ts'),
      import('../http/base-url.ts'),
    ]);
    const url = required(values['backplane.url'], 'backplane.url', "the URL of Backplane's API");
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

async function openHttp({ runtime, values }: RemoteSystemsOptions): Promise<RemoteHttp> {
  const [{ RemoteHttp: Http }, { proxyFromEnvironment }] = await Promise.all([
    import('../http/remote-http.ts'),
    import('../kube/go-proxy.ts'),
  ]);
  return new Http({
    userAgent: `remedyctl/${runtime.version}`,
    clock: runtime.clock,
    random: runtime.random,
    timeoutMs: values['remote.timeout'],
    proxyOf: (url) => proxyFromEnvironment(url, runtime.env),
  });
}

async function openToken(options: RemoteSystemsOptions, http: RemoteHttp): Promise<OcmToken> {
  const { values } = options;
  const [{ OcmToken: Token }, { tokenCredentials }, { baseUrl }] = await Promise.all([
    import('../ocm/ocm-token.ts'),
    import('../ocm/token-grant.ts'),
    import('../http/base-url.ts'),
  ]);
  const tokenUrl = baseUrl(values['ocm.tokenUrl'], 'ocm.tokenUrl');
  const id = values['ocm.clientId'];
  if (id === undefined) {
    const given = await secretOf(options, 'OCM_TOKEN', values['ocm.tokenFile']);
    return new Token({ http, tokenUrl, credentials: tokenCredentials(given) });
  }
  const secret = await secretOf(options, 'OCM_CLIENT_SECRET', values['ocm.clientSecretFile']);
  return new Token({ http, tokenUrl, credentials: { kind: 'client', id, secret } });
}

async function secretOf(
  { runtime, input }: RemoteSystemsOptions,
  name: (typeof secretNames)[number],
  file: string | undefined,
): Promise<Secret> {
  const { findSecret } = await import('../http/secret-source.ts');
  const found = await findSecret({ name, file }, { env: runtime.env, input });
  if (found !== undefined) return found;
  throw new RemedyError('CREDENTIALS_FAILED', `there is no ${name}`, {
    hint: `Set the variable ${name}, name a file in the configuration, or give it with --token-stdin.`,
  });
}

function required(value: string | undefined, setting: string, what: string): string {
  if (value !== undefined) return value;
  throw new RemedyError('CONFIG_INVALID', `${setting} is not set`, {
    hint: `Set ${setting} in the configuration to ${what}.`,
  });
}

/** What failed is tried anew by the next call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((thrown: unknown) => {
      made = undefined;
      throw thrown;
    });
    return made;
  };
}
