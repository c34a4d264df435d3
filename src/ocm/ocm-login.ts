import path from 'node:path';
import { textIn } from '../http/json-fields.ts';
import {
  readLoginFile,
  secretIn,
  unusableLogin,
  type LoginFile,
  type LoginHost,
} from '../http/login-file.ts';
import type { Secret } from '../http/secret.ts';
import { expiryOf, loginAgainHint, type OcmCredentials } from './token-grant.ts';

/** What `ocm login` has left. Its URLs belong to its token. */
export interface OcmLogin {
  readonly file: string;
  /** OCM's API; undefined where the file leaves it to the default of production. */
  readonly url?: string;
  /** Where its token is renewed; the same. */
  readonly tokenUrl?: string;
  readonly credentials: OcmCredentials;
  /** Others than its owner may read the file. */
  readonly isShared: boolean;
}

/** What OCM_CONFIG says where the login is in the keyring of the operating system, which is not read. */
const keyring = 'securestore';

/**
 * The login of the ocm command line: of `$OCM_CONFIG`, else of `~/.ocm.json` where that exists, else of `ocm/ocm.json` in
 * the folder of configurations. Undefined where nobody is logged in. Errors: CREDENTIALS_FAILED for a file that cannot be
 * used, and for a login that has expired.
 */
export async function findOcmLogin(host: LoginHost): Promise<OcmLogin | undefined> {
  for (const place of placesOf(host)) {
    const file = await readLoginFile(place);
    if (file !== undefined) return loginOf(file, host.nowMs);
  }
  return undefined;
}

function placesOf({ env, home, cwd }: LoginHost): string[] {
  const named = env['OCM_CONFIG'];
  if (named === keyring) return [];
  if (named !== undefined && named !== '') return [path.resolve(cwd, named)];
  const folder = env['XDG_CONFIG_HOME'] || path.join(home, '.config');
  return [
    path.join(home, '.ocm.json'),
    path.join(folder, 'ocm', 'ocm.json'),
    // where ocm keeps it on macOS
    path.join(home, 'Library', 'Application Support', 'ocm', 'ocm.json'),
  ];
}

function loginOf(file: LoginFile, nowMs: number): OcmLogin | undefined {
  const credentials = credentialsIn(file, nowMs);
  if (credentials === undefined) return undefined;
  const url = textIn(file.fields, 'url');
  const tokenUrl = textIn(file.fields, 'token_url');
  return {
    file: file.file,
    credentials,
    isShared: file.isShared,
    ...(url === undefined || url === '' ? {} : { url }),
    ...(tokenUrl === undefined || tokenUrl === '' ? {} : { tokenUrl }),
  };
}

function credentialsIn(file: LoginFile, nowMs: number): OcmCredentials | undefined {
  const id = textIn(file.fields, 'client_id') || undefined;
  const secret = secretIn(file, 'client_secret');
  if (id !== undefined && secret !== undefined) return { kind: 'client', id, secret };
  const tokens = { access: secretIn(file, 'access_token'), refresh: secretIn(file, 'refresh_token') };
  if (tokens.access === undefined && tokens.refresh === undefined) return undefined;
  const access = unlessOver(tokens.access, nowMs);
  const token = unlessOver(tokens.refresh, nowMs);
  if (token !== undefined) return { kind: 'offline', token, clientId: id, access };
  if (access !== undefined) return { kind: 'access', token: access };
  throw unusableLogin(file.file, 'has expired', loginAgainHint);
}

function unlessOver(token: Secret | undefined, nowMs: number): Secret | undefined {
  // a token without an end may say 0
  const endSeconds = (token && expiryOf(token)) || Infinity;
  return endSeconds * 1_000 > nowMs ? token : undefined;
}
