/**
 * Who signs in where: the credentials that this program was given, else the logins that other programs keep on this
 * machine. A login's URLs belong to its token, so with it come settings that have them.
 */
import { settingOf, type SettingKey } from '../config/settings.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { LoginHost } from '../http/login-file.ts';
import type { Secret } from '../http/secret.ts';
import type { OcmLogin } from '../ocm/ocm-login.ts';
import type { PagerDutyLogin } from '../pagerduty/pagerduty-login.ts';
import type { SystemSettings } from './system-settings.ts';

/** Logins of other programs that stand in for credentials; each, or why the one that is there cannot be used. */
export interface Logins {
  readonly pagerduty?: PagerDutyLogin | RemedyError;
  /** For OCM and Backplane. */
  readonly ocm?: OcmLogin | RemedyError;
}

/** Where logins are looked for, and what goes before them. */
export interface FindLoginsOptions extends LoginHost {
  /** By their names, before those of the environment. */
  readonly credentials?: ReadonlyMap<string, Secret> | undefined;
  /** Whether somebody has set it: a default is not compared with the URL of a login. */
  readonly isConfigured: (key: SettingKey) => boolean;
}

/**
 * The logins that are needed because there are no other credentials, and the settings with which they are used. What is
 * wrong with one is said when its system is asked for.
 */
export async function findLogins(
  settings: SystemSettings,
  options: FindLoginsOptions,
): Promise<{ logins: Logins; settings: SystemSettings }> {
  const [pagerduty, ocm] = await Promise.all([
    isGiven('PAGERDUTY_TOKEN', settings['pagerduty.tokenFile'], options)
      ? undefined
      : orRefusal(async () => {
          const { findPagerDutyLogin } = await import('../pagerduty/pagerduty-login.ts');
          return findPagerDutyLogin(options);
        }),
    settings['ocm.clientId'] !== undefined || isGiven('OCM_TOKEN', settings['ocm.tokenFile'], options)
      ? undefined
      : orRefusal(async () => {
          const { findOcmLogin } = await import('../ocm/ocm-login.ts');
          const login = await findOcmLogin(options);
          if (login !== undefined) refuseElsewhere(login, settings, options);
          return login;
        }),
  ]);
  const logins = { ...(pagerduty && { pagerduty }), ...(ocm && { ocm }) };
  if (ocm === undefined || ocm instanceof RemedyError) return { logins, settings };
  return { logins, settings: { ...settings, 'ocm.url': urlOf(ocm), 'ocm.tokenUrl': tokenUrlOf(ocm) } };
}

/** The login, where there is one. Errors: why it cannot be used. */
export function usable<T>(login: T | RemedyError | undefined): T | undefined {
  if (login instanceof RemedyError) throw login;
  return login;
}

/** Where the credentials of PagerDuty and of OCM come from, for sentences. */
export function credentialSources(
  settings: SystemSettings,
  {
    env,
    credentials,
    logins = {},
  }: Pick<FindLoginsOptions, 'env' | 'credentials'> & { logins?: Logins | undefined },
): { pagerduty: string; ocm: string } {
  const sourceOf = (name: string, file: string | undefined): string => {
    if (credentials?.has(name) === true) return `${name} of standard input`;
    return (env[name] ?? '') === '' ? (file ?? name) : name;
  };
  const { pagerduty, ocm } = logins;
  const ownOcm =
    settings['ocm.clientId'] === undefined
      ? sourceOf('OCM_TOKEN', settings['ocm.tokenFile'])
      : `${settings['ocm.clientId']}, ${sourceOf('OCM_CLIENT_SECRET', settings['ocm.clientSecretFile'])}`;
  return {
    pagerduty:
      fileOf(pagerduty, 'pagerduty-cli') ?? sourceOf('PAGERDUTY_TOKEN', settings['pagerduty.tokenFile']),
    ocm: fileOf(ocm, 'ocm') ?? ownOcm,
  };
}

function fileOf(login: OcmLogin | PagerDutyLogin | RemedyError | undefined, of: string): string | undefined {
  if (login === undefined || login instanceof RemedyError) return undefined;
  const open = login.isShared ? ', which others may read' : '';
  return `the login of ${of} in ${login.file}${open}`;
}

function isGiven(
  name: string,
  file: string | undefined,
  { env, credentials }: Pick<FindLoginsOptions, 'env' | 'credentials'>,
): boolean {
  return file !== undefined || credentials?.has(name) === true || (env[name] ?? '') !== '';
}

/** A login of a stage never meets production. */
function refuseElsewhere(
  login: OcmLogin,
  settings: SystemSettings,
  { isConfigured }: FindLoginsOptions,
): void {
  for (const [key, own] of [
    ['ocm.url', urlOf(login)],
    ['ocm.tokenUrl', tokenUrlOf(login)],
  ] as const) {
    const configured = settings[key];
    if (!isConfigured(key) || plain(configured) === plain(own)) continue;
    throw new RemedyError(
      'CONFIG_INVALID',
      `the login in ${login.file} is for ${shown(own)}, and ${key} is ${shown(configured)}`,
      { hint: `Take ${key} out of the configuration, give a token for it, or log in there: ocm login` },
    );
  }
}

function urlOf({ url }: OcmLogin): string {
  return url ?? String(settingOf('ocm.url').default);
}

function tokenUrlOf({ tokenUrl }: OcmLogin): string {
  return tokenUrl ?? String(settingOf('ocm.tokenUrl').default);
}

function plain(text: string): string {
  return (URL.canParse(text) ? new URL(text).href : text).replace(/\/+$/, '');
}

/** Without what it may hold of a password. */
function shown(text: string): string {
  if (!URL.canParse(text)) return 'no URL';
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, '');
}

async function orRefusal<T>(find: () => Promise<T | undefined>): Promise<T | RemedyError | undefined> {
  try {
    return await find();
  } catch (thrown) {
    if (thrown instanceof RemedyError) return thrown;
    throw thrown;
  }
}
