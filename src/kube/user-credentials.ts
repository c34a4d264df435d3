import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
import { serverLogin } from './cluster-target.ts';
import type { ClusterConnection } from './connection.ts';
import type { ClientCertificate, Credentials } from './credentials.ts';
import { fixedCredentials } from './credentials.ts';
import { execCredentials } from './exec-credentials.ts';
import { isHeaderValue } from './header-value.ts';
import { impersonation } from './impersonation.ts';
import type { KubeHost } from './kube-host.ts';
import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import type { KubeconfigCluster, KubeconfigUser } from './kubeconfig-file.ts';
import { tokenFileCredentials } from './token-file.ts';

/** Of a value that `isHeaderValue` refuses, to follow its name. */
const noHeader = 'holds characters that no HTTP header can carry';

interface ChosenUser {
  user: KubeconfigUser | undefined;
  choice: KubeconfigChoice;
  cluster: KubeconfigCluster;
  target: Omit<ClusterConnection, 'credentials'>;
}

/**
 * The credentials of a kubeconfig user, in client-go's order: those in the server's URL, token file, token, basic, exec
 * plugin (not run where one of the others is there), with a client certificate beside any of them. A plain http server
 * is sent none of them but the first, as kubectl does; impersonation headers it is.
 */
export async function userCredentials(chosen: ChosenUser, host: KubeHost): Promise<Credentials> {
  const { user, choice, target } = chosen;
  const impersonated = impersonation(user, choice);
  checkHeaders(user, choice, impersonated);
  if (user !== undefined) checkUser(user, impersonated);
  const login = serverLogin(chosen.cluster);
  const headers = login === undefined ? impersonated : { ...impersonated, authorization: basicOf(login) };
  if (user === undefined || target.server.startsWith('http:')) return fixedCredentials({ headers });
  const certificate = await clientCertificate(user, host);
  const { token, tokenFile, username, password, exec } = user;
  if (login === undefined && tokenFile !== undefined) {
    return tokenFileCredentials({ path: tokenFile, fallbackToken: token, headers, certificate }, host);
  }
  const authorization = token === undefined ? basic(username, password) : `Bearer ${token}`;
  if (authorization !== undefined) {
    return fixedCredentials({ headers: { authorization, ...headers }, certificate });
  }
  if (exec === undefined) return fixedCredentials({ headers, certificate });
  // With a login its token is not used, but its certificate is.
  return execCredentials({ exec, headers, certificate, cluster: chosen.cluster, target }, host);
}

function basic(username: string | undefined, password: string | undefined): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  return basicOf(`${username ?? ''}:${password ?? ''}`);
}

function basicOf(login: string): string {
  return `Basic ${Buffer.from(login).toString('base64')}`;
}

function checkHeaders(
  user: KubeconfigUser | undefined,
  choice: KubeconfigChoice,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if ([value].flat().every(isHeaderValue)) continue;
    if (user !== undefined && !isChosen(name, choice)) throw user.fields.invalid(fieldOf(name), noHeader);
    throw new RemedyError('INVALID_OPTION', `the user to act as ${noHeader}`, {
      hint: `Check ${optionName('as')} and ${optionName('asGroup')}.`,
    });
  }
  if (user?.token !== undefined && !isHeaderValue(user.token)) throw user.fields.invalid('token', noHeader);
}

function isChosen(header: string, choice: KubeconfigChoice): boolean {
  if (header === 'impersonate-user') return choice.as !== undefined;
  return header === 'impersonate-group' && (choice.asGroups ?? []).length > 0;
}

/** The field of a kubeconfig user that a header comes from. */
function fieldOf(header: string): string {
  const fields: Record<string, string> = {
    'impersonate-user': 'as',
    'impersonate-uid': 'as-uid',
    'impersonate-group': 'as-groups',
  };
  return fields[header] ?? 'as-user-extra';
}

function checkUser(user: KubeconfigUser, headers: Readonly<Record<string, unknown>>): void {
  const { fields } = user;
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  if (hasToken && (user.username !== undefined || user.password !== undefined)) {
    throw fields.invalid('token', 'and username or password exclude each other');
  }
  if (Object.keys(headers).length > 0 && headers['impersonate-user'] === undefined) {
    throw fields.invalid('as', 'is needed where groups, uid or extra of a user to impersonate are given');
  }
  if (user.authProvider !== undefined) {
    throw fields.invalid(
      'auth-provider',
      `"${user.authProvider}" is no longer supported by kubectl nor here; use its exec plugin (for gcp gke-gcloud-auth-plugin, for azure kubelogin)`,
    );
  }
}

async function clientCertificate(
  user: KubeconfigUser,
  host: KubeHost,
): Promise<ClientCertificate | undefined> {
  const cert = user.certPem ?? (await fileText(user, 'client-certificate', user.certFile, host));
  const key = user.keyPem ?? (await fileText(user, 'client-key', user.keyFile, host));
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined) throw user.fields.invalid('client-key', 'has no client-certificate beside it');
  if (key === undefined) throw user.fields.invalid('client-certificate', 'has no client-key beside it');
  return { cert, key };
}

async function fileText(
  user: KubeconfigUser,
  field: string,
  path: string | undefined,
  host: KubeHost,
): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return await host.readFile(path);
  } catch (thrown) {
    if (isStopped(thrown)) throw thrown;
    throw user.fields.invalid(field, `cannot be read: ${messageOf(thrown)}`);
  }
}
