import { readFileSync } from 'node:fs';
import { isApiError } from '../../src/kube/api-error.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { namespaceResource } from '../../src/kube/well-known-resources.ts';
import { openHttpSend, type HttpSend } from '../support/http-send.ts';
import type { SharedCluster } from './global-setup.ts';

/** The shared cluster as its administrator; to be closed. */
export function openAsAdmin({ server, tokens, certificateAuthorityFile }: SharedCluster): HttpSend {
  const certificateAuthority = readFileSync(certificateAuthorityFile);
  return openHttpSend({ server, token: tokens.admin, certificateAuthority });
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
