import type { ApiResource } from '../../src/api/objects.ts';
import type { ObjectAccess } from '../../src/kube/object-access.ts';
import { podResource, serviceResource } from '../../src/kube/well-known-resources.ts';

const node: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  singular: 'node',
  kind: 'Node',
  namespaced: false,
};

/** A node whose kubelet the API server finds on loopback, at this port. */
export async function makeNode(objects: ObjectAccess, name: string, port: number): Promise<void> {
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  await objects.create(node, { metadata: { name }, status });
}

/** A pod on a node that is ready, with the port `web` (8080), and the service of its name in front, port `http`. */
export async function makePod(
  objects: ObjectAccess,
  { namespace, name, nodeName }: { namespace: string; name: string; nodeName: string },
): Promise<void> {
  const ports = [{ name: 'web', containerPort: 8080 }];
  const spec = { nodeName, containers: [{ name: 'main', image: 'registry.invalid/gateway:1', ports }] };
  const metadata = { name, namespace, labels: { app: nodeName } };
  const { object } = await objects.create(podResource, { metadata, spec });
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }];
  await objects.replace(
    podResource,
    { ...object, status: { phase: 'Running', conditions } },
    { subresource: 'status' },
  );
  await objects.create(serviceResource, {
    metadata: { name, namespace },
    spec: { selector: { app: nodeName }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
  });
}
