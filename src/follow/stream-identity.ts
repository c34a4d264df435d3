import { ApiError } from '../kube/api-error.ts';
import type { TargetDescription } from '../kube/client.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { namespaceResource } from '../kube/well-known-resources.ts';

/** Which stream of which cluster a checkpoint belongs to. */
export interface StreamIdentity {
  /** The uid of a namespace that lives as long as its cluster; absent where it may not be read. */
  clusterUid?: string | undefined;
  /** The server's URL, or the folder of the embedded store. */
  server: string;
  /** `events`, or `events=NAMESPACE`. */
  stream: string;
}

/** Namespaces that nobody deletes; the embedded store has only the second one. */
const lastingNamespaces = ['kube-system', 'default'];

/** Asks the cluster for what tells it from others. Throws what the look-up throws, but for want of a permission. */
export async function streamIdentity(
  objects: Pick<ObjectAccess, 'get'>,
  { target, stream, signal }: { target: TargetDescription; stream: string; signal: AbortSignal },
): Promise<StreamIdentity> {
  const server = target.kind === 'cluster' ? target.server : target.store;
  for (const name of lastingNamespaces) {
    try {
      const { metadata } = await objects.get(namespaceResource, { name }, { signal });
      return { clusterUid: metadata.uid, server, stream };
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || ![403, 404].includes(thrown.httpStatus)) throw thrown;
    }
  }
  return { server, stream };
}

/** What is different, in words; undefined: they are the same. A server may change its URL, and another take it. */
export function differenceOf(saved: StreamIdentity, now: StreamIdentity): string | undefined {
  if (saved.stream !== now.stream) return `it is of ${saved.stream}, and this follows ${now.stream}`;
  if (saved.clusterUid !== undefined && now.clusterUid !== undefined) {
    if (saved.clusterUid === now.clusterUid) return undefined;
    return `it is of another cluster (${saved.server}, ${saved.clusterUid}), and this one is ${now.server}, ${now.clusterUid}`;
  }
  return saved.server === now.server
    ? undefined
    : `it is of the server ${saved.server}, and this is ${now.server}`;
}
