import type { ApiResource, KubeObject } from '../../../src/api/objects.ts';
import { neededPermissions } from '../../../src/doctor/needed-permissions.ts';
import {
  permissionKey,
  placePermission,
  type Permission,
  type PermissionPlaces,
} from '../../../src/doctor/permission.ts';
import { isApiError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { namespaceResource } from '../../../src/kube/well-known-resources.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { openAsAdmin } from '../admin.ts';
import type { SharedCluster } from '../global-setup.ts';

const rbac = 'rbac.authorization.k8s.io';

function rbacResource(kind: string, namespaced: boolean): ApiResource {
  const singular = kind.toLowerCase();
  return { group: rbac, version: 'v1', plural: `${singular}s`, singular, kind, namespaced };
}

const role = rbacResource('Role', true);
const roleBinding = rbacResource('RoleBinding', true);
const clusterRole = rbacResource('ClusterRole', false);
const clusterRoleBinding = rbacResource('ClusterRoleBinding', false);

/** What every authenticated user may do on a new cluster: it would hide that a permission is missing. */
const builtInBindings = ['system:discovery', 'system:basic-user', 'system:public-info-viewer'];

/** Every permission of the table, each once. */
export function allPermissions(places: PermissionPlaces): Permission[] {
  const placed = neededPermissions().flatMap(({ needs }) =>
    needs.map((need) => placePermission(need, places)),
  );
  return [...new Map(placed.map((permission) => [permissionKey(permission), permission])).values()];
}

/** What must go with a permission so that it is gone: the same in all namespaces covers one namespace. */
export function withCovers(taken: Permission, all: readonly Permission[]): Permission[] {
  return all.filter(
    (one) =>
      permissionKey(one) === permissionKey(taken) ||
      (one.verb === taken.verb && one.resource === taken.resource && one.namespace === undefined),
  );
}

/** Users on a cluster where nobody has anything that was not granted by name. */
export class PermissionWorld {
  readonly #admin: HttpSend;
  readonly objects: ObjectAccess;
  readonly #removed: KubeObject[] = [];
  readonly #made: { resource: ApiResource; namespace?: string; name: string }[] = [];

  constructor(cluster: SharedCluster) {
    this.#admin = openAsAdmin(cluster);
    this.objects = new ObjectAccess(this.#admin.send);
  }

  async makeNamespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    await this.objects.create(namespaceResource, { metadata: { name, labels } }).catch((thrown: unknown) => {
      if (!isApiError(thrown, 'AlreadyExists')) throw thrown;
    });
  }

  async removeBuiltIn(): Promise<void> {
    for (const name of builtInBindings) {
      this.#removed.push(await this.objects.get(clusterRoleBinding, { name }));
      await this.objects.delete(clusterRoleBinding, { name });
    }
  }

  /** A user with these permissions and no others. */
  async makeUser(user: string, permissions: readonly Permission[]): Promise<void> {
    const subjects = [{ apiGroup: rbac, kind: 'User', name: user }];
    const namespaces = new Set(permissions.map(({ namespace }) => namespace));
    for (const namespace of namespaces) {
      const rules = permissions.filter((one) => one.namespace === namespace).map(ruleOf);
      const isCluster = namespace === undefined;
      const [of, binding] = isCluster ? [clusterRole, clusterRoleBinding] : [role, roleBinding];
      const metadata = { name: user, ...(isCluster ? {} : { namespace }) };
      const roleRef = { apiGroup: rbac, kind: of.kind, name: user };
      await this.#make(of, { ...typeOf(of), metadata, rules });
      await this.#make(binding, { ...typeOf(binding), metadata, roleRef, subjects });
    }
  }

  async restore(): Promise<void> {
    for (const binding of this.#removed.splice(0)) {
      const { name, labels, annotations } = binding.metadata;
      const metadata = {
        name,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations }),
      };
      await this.objects.create(clusterRoleBinding, { ...binding, metadata });
    }
    for (const { resource, ...key } of this.#made.splice(0)) await this.objects.delete(resource, key);
    await this.#admin.close();
  }

  async #make(resource: ApiResource, object: KubeObject): Promise<void> {
    await this.objects.create(resource, object);
    const { namespace, name } = object.metadata;
    this.#made.push({ resource, name, ...(namespace === undefined ? {} : { namespace }) });
  }
}

function typeOf({ kind }: ApiResource): { apiVersion: string; kind: string } {
  return { apiVersion: `${rbac}/v1`, kind };
}

function ruleOf({ verb, attributes }: Permission): object {
  if ('path' in attributes) return { verbs: [verb], nonResourceURLs: [attributes.path] };
  const { group, resource, subresource } = attributes;
  const resources = [subresource === undefined ? resource : `${resource}/${subresource}`];
  return { verbs: [verb], apiGroups: [group], resources };
}
