/**
 * `remedyctl/kube`: one client for a cluster, by its kubeconfig, and for the embedded store (docs/kubernetes-client.md).
 */
export type {
  ApiResource,
  ApiStatus,
  KubeList,
  KubeObject,
  ObjectMeta,
  OwnerReference,
} from '../api/objects.ts';
export { apiVersionOf } from '../api/objects.ts';
export type { ApiRequest, ApiResponse, RepeatedRequest, Send } from '../api/wire.ts';
export { ApiError, isApiError, NetworkError, type ApiCall } from '../kube/api-error.ts';
export type { Attempt, ServerDate } from '../kube/attempts.ts';
export type { ClientNodeApis } from '../kube/client-node-apis.ts';
export { connect, type ConnectOptions, type KubeClient, type TargetDescription } from '../kube/client.ts';
export {
  serverDiscovery,
  type Discovery,
  type ServedRequestKind,
  type StatusLayout,
} from '../kube/discovery.ts';
export { isIndefinite } from '../kube/indefinite-answer.ts';
export type { KubeHost, PluginCommand, PluginResult } from '../kube/kube-host.ts';
export type { KubeconfigChoice } from '../kube/kubeconfig-choice.ts';
export {
  listAndWatch,
  sourceOf,
  type Interruption,
  type ListWatchEvent,
  type ListWatchOptions,
  type ListWatchSource,
  type PassingFailure,
} from '../kube/list-and-watch.ts';
export { machineHost } from '../kube/machine-host.ts';
export {
  ObjectAccess,
  type Answer,
  type CallOptions,
  type ChangeOptions,
  type CreateOptions,
  type DeleteOptions,
  type ListOptions,
  type ObjectKey,
  type WatchOptions,
  type WriteOptions,
} from '../kube/object-access.ts';
export type { RequestWait } from '../kube/repeated-send.ts';
export { watchChanges, type ChangeWatchOptions, type ObjectChange } from '../kube/object-changes.ts';
export type { WatchEvent, WatchStream } from '../kube/watch-stream.ts';
export {
  eventResource,
  leaseResource,
  namespaceResource,
  podResource,
  serviceResource,
} from '../kube/well-known-resources.ts';
export type { ClockSkew } from '../kube/clock-skew.ts';
export { ServerObservation } from '../kube/server-observation.ts';
