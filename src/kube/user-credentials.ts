import { optionName } from '../errors/option-name.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
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

interface ChosenUser {
  user: KubeconfigUser | undefined;
  choice: KubeconfigChoice;
  cluster: KubeconfigCluster;
  target: Omit<ClusterConnection, 'credentials'>;
}

/**
 * The credentials of a kubeconfig user, in client-go's order: token file, token, basic, exec plugin (not run
 * where one of the others is there), with a client certificate beside any of them. A plain http server is
 * sent none of them, as kubectl does; impersonation headers it is.
 */
export async function userCredentials(chosen: ChosenUser, host: KubeHost): Promise<Credentials> {
  const { user, choice, target } = chosen;
  const headers = impersonation(user, choice);
  checkHeaders(user, choice, headers);
  if (user === undefined) return fixedCredentials({ headers });
  checkUser(user, headers);
  if (target.server.startsWith('http:')) return fixedCredentials({ headers });
  const certificate = await clientCertificate(user, host);
  const { token, tokenFile, username, password, exec } = user;
  if (tokenFile !== undefined) {
    return tokenFileCredentials({ path: tokenFile, fallbackToken: token, headers, certificate }, host);
  }
  const authorization = token === undefined ? basic(username, password) : `Bearer ${token}`;
  if (authorization !== undefined) {
    return fixedCredentials({ headers: { ...headers, authorization }, certificate });
  }
  if (exec === undefined) return fixedCredentials({ headers, certificate });
  return execCredentials({ exec, headers, certificate, cluster: chosen.cluster, target }, host);
}

function basic(username: string | undefined, password: string | undefined): string | undefined {
  if (username === undefined && password === undefined) return undefined;
  return `Basic ${Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64')}`;
}

function checkHeaders(
  user: KubeconfigUser | undefined,
  choice: KubeconfigChoice,
  headers: Readonly<Record<string, string | string[]>>,
): void {
  const isChosen = choice.as !== undefined || (choice.asGroups ?? []).length > 0;
  for (const value of Object.values(headers)) checkHeader(isChosen ? undefined : user, 'as', value);
  if (user?.token !== undefined) checkHeader(user, 'token', user.token);
}

function checkHeader(user: KubeconfigUser | undefined, field: string, value: string | string[]): void {
  if ([value].flat().every(isHeaderValue)) return;
  const problem = 'holds characters that no HTTP header can carry';
  if (user !== undefined) throw user.fields.invalid(field, problem);
  throw new RemedyError('INVALID_OPTION', `the user to act as ${problem}`, {
    hint: `Check ${optionName('as')} and ${optionName('asGroup')}.`,
  });
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
