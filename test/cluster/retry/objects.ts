import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';
import type { SharedCluster } from '../global-setup.ts';

/** Makes a namespace, unless it is there. */
export function createNamespace(cluster: SharedCluster, name: string): Promise<void> {
  return create(cluster, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Makes a Deployment without pods, for a signal to be about. */
export function createDeployment(cluster: SharedCluster, namespace: string, name: string): Promise<void> {
  const labels = { app: name };
  return create(cluster, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none' }] } },
    },
  });
}

async function create(cluster: SharedCluster, where: string, object: object): Promise<void> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(cluster.certificateAuthorityFile) } });
  const answer = await fetch(`${cluster.server}${where}`, {
    method: 'POST',
    dispatcher,
    headers: { authorization: `Bearer ${cluster.tokens.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify(object),
  });
  const text = await answer.text();
  await dispatcher.close();
  if (!answer.ok && answer.status !== 409) throw new Error(`${where}: HTTP ${answer.status} ${text}`);
}
