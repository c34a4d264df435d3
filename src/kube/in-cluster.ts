import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { ClusterConnection } from './connection.ts';
import { proxyFromEnvironment } from './go-proxy.ts';
import type { KubeHost } from './kube-host.ts';
import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import { impersonation } from './impersonation.ts';
import { tokenFileCredentials } from './token-file.ts';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The API server of the pod we run in, or undefined outside of one. Source: client-go, rest/config.go.
 * Errors: CREDENTIALS_FAILED when the pod has no token that can be read.
 */
export async function inClusterConnection(
  choice: Pick<KubeconfigChoice, 'as' | 'asGroups'>,
  host: KubeHost,
): Promise<ClusterConnection | undefined> {
  const address = host.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = host.env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (address === '' || port === '') return undefined;
  const tokenFile = `${serviceAccount}/token`;
  try {
    await host.readFile(tokenFile);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new RemedyError('CREDENTIALS_FAILED', `${tokenFile} cannot be read: ${messageOf(cause)}`, {
      hint: "Check the pod's service account and the user it runs as.",
      cause,
    });
  }
  const url = `https://${address.includes(':') ? `[${address}]` : address}:${port}`;
  if (!URL.canParse(url)) {
    throw new RemedyError(
      'CONFIG_INVALID',
      'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are no address',
      {
        hint: 'The pod sets them by itself; unset both outside of a pod.',
      },
    );
  }
  const server = new URL(url);
  const ca = await host.readFile(`${serviceAccount}/ca.crt`).catch(() => undefined);
  const namespace = await host.readFile(`${serviceAccount}/namespace`).catch(() => '');
  return {
    server: server.origin,
    namespace: namespace.trim() || undefined,
    tls: { ca },
    proxy: proxyFromEnvironment(server, host.env),
    credentials: tokenFileCredentials({ path: tokenFile, headers: impersonation(undefined, choice) }, host),
  };
}
