import type { KubeObject } from '../api/objects.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import type { ObjectAccess } from '../kube/object-access.ts';

/** Where RemediationRequests live: over which access, as which served kind, in which controller namespace. */
export interface RequestAccess {
  objects: ObjectAccess;
  kind: ServedRequestKind;
  namespace: string;
}

/** A RemediationRequest as the API carries it. */
export interface RemediationRequest extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}
