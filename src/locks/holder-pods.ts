/**
 * Whether the pods that locks name as their holders are there. A gateway's identity is the name of its pod.
 *
 * Non-guarantee: it is evidence, never a proof. A pod that is there may have restarted since it took the lock, one that
 * is gone may still have a request under way; what proves is a lock that stays unchanged for its whole duration.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeObject } from '../api/objects.ts';
import { podResource } from '../kube/well-known-resources.ts';
import type { LockRecord } from '../lease/lock-record.ts';
import { isObjectName } from '../signal/object-name.ts';
import type { LockGround } from './lock-ground.ts';

/** What a look for the pod of a holder has shown. */
export interface HolderPod {
  name: string;
  /** Absent where it could not be looked for: `unknown` says why. */
  found?: boolean;
  namespace?: string;
  phase?: string;
  /** RFC 3339. */
  startedAt?: string;
  unknown?: string;
}

type LookUpGround = Pick<LockGround, 'client' | 'signal'>;

/** A look costs one request; the holders of more locks than this are left out. */
const mostHolders = 20;

/**
 * The pods of the holders of these locks, by holder. On the embedded store, which has no pods but those that were
 * imported, only what is there says anything.
 */
export async function lookUpHolderPods(
  ground: LookUpGround,
  locks: readonly LockRecord[],
): Promise<ReadonlyMap<string, HolderPod>> {
  const isEmbedded = ground.client.target.kind === 'embedded';
  const pods = new Map<string, HolderPod>();
  for (const { holder, namespace } of locks) {
    if (holder === undefined || !isObjectName(holder, podResource) || pods.has(holder)) continue;
    if (pods.size === mostHolders) break;
    pods.set(holder, await lookUp(ground, holder, namespace));
  }
  return new Map([...pods].filter(([, { found }]) => !isEmbedded || found === true));
}

/** In every namespace: a gateway need not live where its locks are. The one beside the lock goes first. */
async function lookUp(
  { client, signal }: LookUpGround,
  name: string,
  leaseNamespace: string | undefined,
): Promise<HolderPod> {
  try {
    const query = { fieldSelector: `metadata.name=${name}` };
    const { items } = await client.objects.list(podResource, query, { signal });
    const nearest = items.find(({ metadata }) => metadata.namespace === leaseNamespace) ?? items[0];
    return nearest === undefined ? { name, found: false } : describePod(name, nearest);
  } catch (thrown) {
    // Evidence that cannot be had stops nothing.
    if (!(thrown instanceof RemedyError) || signal.aborted) throw thrown;
    return { name, unknown: thrown.message };
  }
}

function describePod(name: string, pod: KubeObject): HolderPod {
  const { metadata } = pod;
  const { phase, startTime } = (pod['status'] ?? {}) as { phase?: unknown; startTime?: unknown };
  return {
    name,
    found: true,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    ...(typeof phase === 'string' ? { phase } : {}),
    ...(typeof startTime === 'string' ? { startedAt: startTime } : {}),
  };
}
