import { KubeHost, KubeObject, ListWatchOptions, ListWatchSource, ApiResource } from './shared.js';
export {
  Answer,
  ApiCall,
  ApiError,
  ApiRequest,
  ApiResponse,
  ApiStatus,
  Attempt,
  CallOptions,
  ChangeOptions,
  ClientNodeApis,
  ClockSkew,
  ConnectOptions,
  CreateOptions,
  DeleteOptions,
  Discovery,
  Interruption,
  KubeClient,
  KubeList,
  KubeconfigChoice,
  ListOptions,
  ListWatchEvent,
  NetworkError,
  ObjectAccess,
  ObjectKey,
  ObjectMeta,
  OwnerReference,
  PassingFailure,
  PluginCommand,
  PluginResult,
  RepeatedRequest,
  RequestWait,
  Send,
  ServedRequestKind,
  ServerDate,
  ServerObservation,
  StatusLayout,
  TargetDescription,
  WatchEvent,
  WatchOptions,
  WatchStream,
  WriteOptions,
  apiVersionOf,
  connect,
  isApiError,
  listAndWatch,
  serverDiscovery,
  sourceOf,
} from './shared.js';

/**
 * Whether a write may have taken effect, now or later, although no answer says so. A 4xx is a refusal, and so is a
 * 503 with a Status (the server answered without trying); any other 5xx may come from a proxy, or from a server
 * whose store did not answer in time. One rule for requests and leases: where it is wrong about a lease's 503, the
 * lease is found by others as somebody's and expires, or the next renewal meets a conflict and the lock counts as
 * lost; nobody enters beside a holder.
 */
declare function isIndefinite(thrown: unknown): boolean;

/** What is given of the machine; reading files and running plugins is added. */
type HostFacts = Omit<KubeHost, 'readFile' | 'runPlugin'>;
/** The real machine behind the given facts. */
declare function machineHost(facts: HostFacts): KubeHost;

/**
 * What there is, and every change to it, for as long as somebody looks.
 *
 * Guarantees: begins with an ADDED for every object that is chosen; then each change once, in view of what was told
 * before. What a change takes out of the choice is told as DELETED from it. What happened while a version expired
 * (410) is told after the next listing: changed objects as MODIFIED, objects that are gone as DELETED in their
 * remembered form, objects made anew under a name that was there as DELETED and ADDED.
 * Non-guarantee: states between two listings are not told. How connections are survived is listAndWatch's matter.
 */

/** One change, in view of what was told before. */
interface ObjectChange<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
}
/** What a watch of changes goes by. */
interface ChangeWatchOptions<T extends KubeObject> extends ListWatchOptions {
  /** Which objects count; default all. */
  chooses?: (object: T) => boolean;
  /**
   * What is kept of an object for telling that it is gone; default all of it. Name, namespace, uid and
   * resourceVersion have to stay.
   */
  remember?: (object: T) => T;
  /** Everything that there was at the beginning, or after an expired version, has been told. */
  onListed?: () => void;
}
/** Ends when the signal aborts or the reader leaves. Throws what the first LIST throws, and refusals (403). */
declare function watchChanges<T extends KubeObject>(
  source: ListWatchSource<T>,
  options: ChangeWatchOptions<T>,
): AsyncGenerator<ObjectChange<T>, void, void>;

/** `v1` namespaces. */
declare const namespaceResource: ApiResource;
/** `v1` events. */
declare const eventResource: ApiResource;
/** `v1` pods. */
declare const podResource: ApiResource;
/** `v1` services. */
declare const serviceResource: ApiResource;
/** `coordination.k8s.io/v1` leases. */
declare const leaseResource: ApiResource;

export {
  ApiResource,
  KubeHost,
  KubeObject,
  ListWatchOptions,
  ListWatchSource,
  eventResource,
  isIndefinite,
  leaseResource,
  machineHost,
  namespaceResource,
  podResource,
  serviceResource,
  watchChanges,
};
export type { ChangeWatchOptions, ObjectChange };
