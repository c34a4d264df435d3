import type { ApiResource } from '../api/objects.ts';

/** Resources whose path every Kubernetes API server serves: no discovery is spent on them. */
export const namespaceResource = core('namespaces', 'Namespace', false);
export const nodeResource = core('nodes', 'Node', false);
export const persistentVolumeResource = core('persistentvolumes', 'PersistentVolume', false);
export const podResource = core('pods', 'Pod', true);
export const serviceResource = core('services', 'Service', true);
export const configMapResource = core('configmaps', 'ConfigMap', true);
export const secretResource = core('secrets', 'Secret', true);
export const eventResource = core('events', 'Event', true);
export const persistentVolumeClaimResource = core('persistentvolumeclaims', 'PersistentVolumeClaim', true);
export const replicationControllerResource = core('replicationcontrollers', 'ReplicationController', true);
export const deploymentResource = grouped('apps/v1', 'deployments', 'Deployment');
export const replicaSetResource = grouped('apps/v1', 'replicasets', 'ReplicaSet');
export const statefulSetResource = grouped('apps/v1', 'statefulsets', 'StatefulSet');
export const daemonSetResource = grouped('apps/v1', 'daemonsets', 'DaemonSet');
export const jobResource = grouped('batch/v1', 'jobs', 'Job');
export const cronJobResource = grouped('batch/v1', 'cronjobs', 'CronJob');
export const leaseResource = grouped('coordination.k8s.io/v1', 'leases', 'Lease');
export const eventsV1Resource = grouped('events.k8s.io/v1', 'events', 'Event');
export const horizontalPodAutoscalerResource = grouped(
  'autoscaling/v2',
  'horizontalpodautoscalers',
  'HorizontalPodAutoscaler',
);
export const podDisruptionBudgetResource = grouped(
  'policy/v1',
  'poddisruptionbudgets',
  'PodDisruptionBudget',
);
export const customResourceDefinitionResource: ApiResource = {
  ...grouped('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition'),
  namespaced: false,
};

export const wellKnownResources: readonly ApiResource[] = [
  namespaceResource,
  nodeResource,
  persistentVolumeResource,
  podResource,
  serviceResource,
  configMapResource,
  secretResource,
  eventResource,
  persistentVolumeClaimResource,
  replicationControllerResource,
  deploymentResource,
  replicaSetResource,
  statefulSetResource,
  daemonSetResource,
  jobResource,
  cronJobResource,
  leaseResource,
  eventsV1Resource,
  horizontalPodAutoscalerResource,
  podDisruptionBudgetResource,
  customResourceDefinitionResource,
];

function core(plural: string, kind: string, namespaced: boolean): ApiResource {
  return { group: '', version: 'v1', plural, singular: kind.toLowerCase(), kind, namespaced };
}

/** `apiVersion` is `group/version`; plural and singular of every kind here follow from its lower case. */
function grouped(apiVersion: string, plural: string, kind: string): ApiResource {
  const [group = '', version = ''] = apiVersion.split('/');
  return { group, version, plural, singular: kind.toLowerCase(), kind, namespaced: true };
}
