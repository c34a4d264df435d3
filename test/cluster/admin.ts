import { readFileSync } from 'node:fs';
import { isApiError } from '../../src/kube/api-error.ts';
import { connect, type KubeClient } from '../../src/kube/client.ts';
import { machineHost } from '../../src/kube/machine-host.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { namespaceResource } from '../../src/kube/well-known-resources.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { SystemRandom } from '../../src/time/system-random.ts';
import { openHttpSend, type HttpSend } from '../support/http-send.ts';
import type { SharedCluster } from './global-setup.ts';

/** The shared cluster as its administrator; to be closed. */
export function openAsAdmin({ server, tokens, certificateAuthorityFile }: SharedCluster): HttpSend {
  const certificateAuthority = readFileSync(certificateAuthorityFile);
  return openHttpSend({ server, token: tokens.admin, certificateAuthority });
}

/** The shared cluster through the one client factory, as its administrator or as whom he speaks for; to be closed. */
export function connectAs(cluster: SharedCluster, namespace: string, user?: string): Promise<KubeClient> {
  return connect({
    target: 'cluster',
    namespace,
    kubeconfig: { path: cluster.kubeconfig, as: user },
    store: { directory: '/nonexistent' },
    version: 'test',
    random: new SystemRandom(),
    host: machineHost({
      env: {},
      homeDirectory: '/nonexistent',
      clock: new RealClock(),
      stdinIsTerminal: () => false,
    }),
  });
}

/** Makes a namespace that other test files may have made before. */
export async function ensureNamespace(cluster: SharedCluster, name: string): Promise<void> {
  const api = openAsAdmin(cluster);
  try {
    await new ObjectAccess(api.send).create(namespaceResource, { metadata: { name } });
  } catch (thrown) {
    if (!isApiError(thrown, 'AlreadyExists')) throw thrown;
  } finally {
    await api.close();
  }
}
