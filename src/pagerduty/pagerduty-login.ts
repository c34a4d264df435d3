import path from 'node:path';
import { asObject, listIn, textIn, type JsonObject } from '../http/json-fields.ts';
import {
  readLoginFile,
  secretIn,
  unusableLogin,
  type LoginFile,
  type LoginHost,
} from '../http/login-file.ts';
import type { Secret } from '../http/secret.ts';

/** What pagerduty-cli (`pd auth`) has left. */
export interface PagerDutyLogin {
  readonly file: string;
  readonly token: Secret;
  /** It goes as `Bearer`, whatever it looks like. */
  readonly isOAuth: boolean;
  /** Others than its owner may read the file. */
  readonly isShared: boolean;
}

const againHint = 'Log in again: pd auth web';

/**
 * The login that pagerduty-cli uses by default. Undefined where nobody is logged in. Errors: CREDENTIALS_FAILED for a
 * file that cannot be used, for a login that has expired, and for several of which none is the default.
 */
export async function findPagerDutyLogin(host: LoginHost): Promise<PagerDutyLogin | undefined> {
  const { env, home, nowMs } = host;
  const folder = env['XDG_CONFIG_HOME'] || path.join(home, '.config');
  const file = await readLoginFile(path.join(folder, 'pagerduty-cli', 'config.json'));
  if (file === undefined) return undefined;
  const fields = defaultAccount(file);
  return fields === undefined ? undefined : loginIn({ ...file, fields }, nowMs);
}

/** A file of its first versions holds one token and no accounts. */
function defaultAccount(file: LoginFile): JsonObject | undefined {
  const { fields } = file;
  const old = textIn(fields, 'token');
  if (old !== undefined) return { legacyToken: old };
  const accounts = (listIn(fields, 'subdomains') ?? []).map(asObject).filter((one) => one !== undefined);
  const [first, second] = accounts;
  if (first === undefined) return undefined;
  const alias = textIn(fields, 'defaultSubdomain');
  const chosen = accounts.find((account) => textIn(account, 'alias') === alias);
  if (chosen !== undefined) return chosen;
  if (second === undefined) return first;
  throw unusableLogin(file.file, 'names several accounts and no default', 'Choose one: pd auth use');
}

function loginIn(account: LoginFile, nowMs: number): PagerDutyLogin | undefined {
  const { file, isShared } = account;
  const oauth = secretIn(account, 'accessToken');
  const token = oauth ?? secretIn(account, 'legacyToken');
  if (token === undefined) return undefined;
  const endMs = Date.parse(textIn(account.fields, 'expiresAt') ?? '');
  // NaN, of a token without an end, is not less
  if (oauth !== undefined && endMs <= nowMs) throw unusableLogin(file, 'has expired', againHint);
  return { file, token, isOAuth: oauth !== undefined, isShared };
}
