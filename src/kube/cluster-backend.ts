import type { Send } from '../api/wire.ts';
import { httpTransport } from './http-transport.ts';
import type { KubeHost } from './kube-host.ts';
import type { KubeconfigChoice } from './kubeconfig-choice.ts';
import { loadConnection, noCluster } from './kubeconfig.ts';

interface ClusterOptions {
  target: 'auto' | 'cluster' | 'embedded';
  namespace: string;
  kubeconfig?: KubeconfigChoice | undefined;
  requestTimeoutMs?: number | undefined;
  version: string;
  host: KubeHost;
}

interface ClusterBackend {
  target: { kind: 'cluster'; context?: string; server: string; namespace: string };
  send: Send;
  close(): Promise<void>;
}

/** The configured cluster; without one undefined for `auto`, CONFIG_NOT_FOUND for `cluster`. */
export async function openCluster(options: ClusterOptions): Promise<ClusterBackend | undefined> {
  const connection = await loadConnection(options.kubeconfig ?? {}, options.host);
  if (connection === undefined) {
    if (options.target === 'cluster') throw noCluster(options.host);
    return undefined;
  }
  const transport = httpTransport(connection, {
    userAgent: `remedyctl/${options.version}`,
    requestTimeoutMs: options.requestTimeoutMs,
  });
  const { context, server } = connection;
  return {
    target: {
      kind: 'cluster',
      ...(context === undefined ? {} : { context }),
      server,
      namespace: options.namespace,
    },
    send: transport.send,
    close: () => transport.close(),
  };
}
