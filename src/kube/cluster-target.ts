import { messageOf } from '../errors/remedy-error.ts';
import { isStopped } from '../files/read-text.ts';
import type { ClusterConnection, TlsSettings } from './connection.ts';
import { badEscape, proxyFromEnvironment, proxyProblem, proxyUrl as proxyOfText } from './go-proxy.ts';
import type { KubeHost } from './kube-host.ts';
import type { KubeconfigCluster } from './kubeconfig-file.ts';

/** Where a kubeconfig cluster is and how it is reached, credentials apart. Errors: KUBECONFIG_INVALID. */
export async function clusterTarget(
  cluster: KubeconfigCluster,
  host: KubeHost,
): Promise<Omit<ClusterConnection, 'credentials'>> {
  const server = serverUrl(cluster);
  return {
    server: server.href.replace(/\/$/, ''),
    tls: await tlsOf(cluster, server, host),
    proxy: proxyOf(cluster, server, host),
    disableCompression: cluster.disableCompression,
  };
}

function serverUrl(cluster: KubeconfigCluster): URL {
  const url = parsedServer(cluster);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url;
}

/** A server without a scheme is http, whatever is said about certificates: so it is with kubectl. */
function parsedServer({ fields, server }: KubeconfigCluster): URL {
  if (server === undefined) throw fields.invalid('server', 'is missing');
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `http://${server}`;
  if (!URL.canParse(withScheme)) throw fields.invalid('server', 'is no URL');
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw fields.invalid('server', `must be an http or https URL, not ${url.protocol}//`);
  }
  return url;
}

/**
 * `user:password` where the server's URL carries one. It goes out before any other identity, and to a plain http server
 * too: so it is with Go's HTTP client. Errors: KUBECONFIG_INVALID.
 */
export function serverLogin(cluster: KubeconfigCluster): string | undefined {
  const { username, password } = parsedServer(cluster);
  if (username === '' && password === '') return undefined;
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw cluster.fields.invalid('server', badEscape);
  }
}

async function tlsOf(cluster: KubeconfigCluster, server: URL, host: KubeHost): Promise<TlsSettings> {
  const { fields, caFile, caPem } = cluster;
  const hasCa = caFile !== undefined || caPem !== undefined;
  if (hasCa && cluster.insecureSkipTlsVerify) {
    throw fields.invalid('insecure-skip-tls-verify', 'and a certificate authority exclude each other');
  }
  if (server.protocol === 'http:') return {};
  const ca = caPem ?? (caFile === undefined ? undefined : await readPem(cluster, caFile, host));
  if (ca !== undefined && !ca.includes('-----BEGIN')) {
    const field = caPem === undefined ? 'certificate-authority' : 'certificate-authority-data';
    throw fields.invalid(field, 'holds no PEM certificate');
  }
  return { ca, insecure: cluster.insecureSkipTlsVerify, serverName: cluster.tlsServerName };
}

async function readPem(cluster: KubeconfigCluster, path: string, host: KubeHost): Promise<string> {
  try {
    return await host.readFile(path);
  } catch (thrown) {
    if (isStopped(thrown)) throw thrown;
    throw cluster.fields.invalid('certificate-authority', `cannot be read: ${messageOf(thrown)}`);
  }
}

/** The kubeconfig's own proxy counts for every host, NO_PROXY or not. */
function proxyOf(cluster: KubeconfigCluster, server: URL, host: KubeHost): URL | undefined {
  const { fields, proxyUrl } = cluster;
  if (proxyUrl === undefined) return proxyFromEnvironment(server, host.env);
  const problem = proxyProblem(proxyUrl);
  if (problem !== undefined) throw fields.invalid('proxy-url', problem);
  return proxyOfText(proxyUrl);
}
