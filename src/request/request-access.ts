import type { KubeObject } from '../api/objects.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import type { CircuitBreaker } from '../retry/circuit-breaker.ts';

/** Where RemediationRequests live: over which access, as which served kind, in which controller namespace. */
export interface RequestAccess {
  objects: ObjectAccess;
  kind: ServedRequestKind;
  namespace: string;
  /** Guards POST and GET of requests; LIST, status writes and leases pass by it. */
  breaker?: CircuitBreaker | undefined;
  /**
   * Under which name counts are written: nobody else's, so that managedFields tell whether a write whose answer was lost
   * is ours. Without one such a write counts as not persisted.
   */
  writer?: string | undefined;
}

/** A RemediationRequest as the API carries it. */
export interface RemediationRequest extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Runs a POST or GET of a request behind the breaker, where there is one. Throws CIRCUIT_OPEN when it is open. */
export function guarded<T>(access: RequestAccess, operation: () => Promise<T>): Promise<T> {
  return access.breaker === undefined ? operation() : access.breaker.run(operation);
}
