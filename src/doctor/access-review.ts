import type { KubeClient } from '../kube/client.ts';
import { permissionKey, type Permission } from './permission.ts';

/** Whether one permission is there, or why that is not known. */
export type Allowance = boolean | { failure: unknown };

/** Asks the server for many permissions, all at once and each once. Never rejects. */
export async function reviewPermissions(
  client: KubeClient,
  permissions: Iterable<Permission>,
): Promise<ReadonlyMap<string, Allowance>> {
  const asked = new Map([...permissions].map((permission) => [permissionKey(permission), permission]));
  const answers = await Promise.all(
    [...asked].map(async ([key, permission]) => [key, await review(client, permission)] as const),
  );
  return new Map(answers);
}

async function review(client: KubeClient, permission: Permission): Promise<Allowance> {
  try {
    const { authorization } = await client.clientNodeApis();
    const body = reviewOf(permission) as Review;
    const { status } = await authorization.createSelfSubjectAccessReview({ body });
    return status?.allowed === true;
  } catch (failure) {
    return { failure };
  }
}

type Authorization = Awaited<ReturnType<KubeClient['clientNodeApis']>>['authorization'];
/** A class of client-node's, of which only the fields count. */
type Review = Parameters<Authorization['createSelfSubjectAccessReview']>[0]['body'];

function reviewOf({ verb, namespace, attributes }: Permission): object {
  const spec =
    'path' in attributes
      ? { nonResourceAttributes: { verb, path: attributes.path } }
      : { resourceAttributes: { verb, namespace, ...attributes } };
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
}
