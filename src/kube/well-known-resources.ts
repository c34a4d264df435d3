import type { ApiResource } from '../api/objects.ts';

// Resources whose path every Kubernetes API server serves: no discovery is spent on them.
export const namespaceResource: ApiResource = core('namespaces', 'Namespace', false);
export const eventResource: ApiResource = core('events', 'Event', true);
export const podResource: ApiResource = core('pods', 'Pod', true);
export const serviceResource: ApiResource = core('services', 'Service', true);
export const leaseResource: ApiResource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  singular: 'lease',
  kind: 'Lease',
  namespaced: true,
};

function core(plural: string, kind: string, namespaced: boolean): ApiResource {
  return { group: '', version: 'v1', plural, singular: kind.toLowerCase(), kind, namespaced };
}
