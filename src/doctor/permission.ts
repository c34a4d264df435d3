/** Where a permission counts: in the namespace of requests or of leases, in all of them, or on a path. */
export type PermissionScope = 'requests' | 'leases' | 'cluster' | 'path';

/** One verb on one resource, as a table names it. */
export interface NeededPermission {
  verb: string;
  scope: PermissionScope;
  /** The API group; `requests` stands for whichever serves RemediationRequests; absent: the core group. */
  group?: string;
  /** Plural; of scope `path` the path. */
  resource: string;
  subresource?: string;
  /** What is lost without it, where the command works all the same. Absent: the command does not work. */
  without?: string;
}

/** What one command needs. */
export interface CommandPermissions {
  command: string;
  needs: readonly NeededPermission[];
}

/** Where the placeholders of the table lead on one cluster. */
export interface PermissionPlaces {
  requestGroup: string;
  requestVersion: string;
  namespace: string;
  leaseNamespace: string;
}

/** A permission with every placeholder filled in. */
export interface Permission {
  verb: string;
  /** As RBAC messages name it: `leases.coordination.k8s.io`, `remediationrequests.kubernaut.ai/status`, `/apis`. */
  resource: string;
  /** Absent: in all namespaces, or none. */
  namespace?: string;
  attributes: { group: string; resource: string; subresource?: string; name?: string } | { path: string };
}

/** Fills in what only the cluster tells. */
export function placePermission(needed: NeededPermission, places: PermissionPlaces): Permission {
  const { verb, scope, subresource } = needed;
  if (scope === 'path') {
    const path = needed.resource
      .replace('{group}', places.requestGroup)
      .replace('{version}', places.requestVersion);
    return { verb, resource: path, attributes: { path } };
  }
  const group = needed.group === 'requests' ? places.requestGroup : (needed.group ?? '');
  const namespace = namespaceOf(scope, places);
  const plural = group === '' ? needed.resource : `${needed.resource}.${group}`;
  // A namespace is read under its own name, which is what RBAC takes for the request's namespace.
  const name = needed.resource === 'namespaces' ? namespace : undefined;
  return {
    verb,
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    ...(namespace === undefined ? {} : { namespace }),
    attributes: {
      group,
      resource: needed.resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
    },
  };
}

function namespaceOf(scope: PermissionScope, places: PermissionPlaces): string | undefined {
  if (scope === 'requests') return places.namespace;
  return scope === 'leases' ? places.leaseNamespace : undefined;
}

/** `create leases.coordination.k8s.io in namespace kubernaut-system`. */
export function describePermission({ verb, resource, namespace, attributes }: Permission): string {
  if ('path' in attributes) return `${verb} ${resource}`;
  return `${verb} ${resource} in ${namespace === undefined ? 'all namespaces' : `namespace ${namespace}`}`;
}

/** The same for the same permission: what is asked of the server once. */
export function permissionKey({ verb, resource, namespace }: Permission): string {
  return JSON.stringify([verb, resource, namespace ?? null]);
}
