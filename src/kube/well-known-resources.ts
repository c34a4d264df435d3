import type { ApiResource } from '../api/objects.ts';

// Resources whose path every Kubernetes API server serves: no discovery is spent on them.
/** `v1` namespaces. */
export const namespaceResource: ApiResource = core('namespaces', 'Namespace', false);
/** `v1` events. */
export const eventResource: ApiResource = core('events', 'Event', true);
/** `v1` pods. */
export const podResource: ApiResource = core('pods', 'Pod', true);
/** `v1` services. */
export const serviceResource: ApiResource = core('services', 'Service', true);
/** `coordination.k8s.io/v1` leases. */
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
