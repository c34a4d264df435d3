import type { KubeObject } from '../api/objects.ts';
import { sourceOf, type Interruption } from '../kube/list-and-watch.ts';
import { watchChanges, type ChangeWatchOptions } from '../kube/object-changes.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import type { Lease } from '../lease/lease-object.ts';
import type { LockBoard } from './lock-board.ts';
import type { LockGround } from './lock-ground.ts';
import { warnOfMissingRequests, type SurveyScope } from './lock-survey.ts';

/** What a watch is up to. */
interface WatchEvents {
  /** The server does not answer; told once for each interruption. */
  onLost: (message: string) => void;
  onResumed: () => void;
  /** Every lock that there is has been told. */
  onListed: () => void;
}

/**
 * Feeds a board until `signal` aborts. The requests come first, so that locks are told with theirs.
 * Throws what a first LIST or a refusal of leases throws.
 */
export async function watchLocks(
  { client, clock, random, notes }: Pick<LockGround, 'client' | 'clock' | 'random' | 'notes'>,
  scope: SurveyScope,
  { board, events, signal }: { board: LockBoard; events: WatchEvents; signal: AbortSignal },
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const lost = {
    onLost: (failure: Error, { failures }: Interruption) => {
      if (failures === 1) events.onLost(failure.message);
    },
    onResumed: events.onResumed,
  };
  const options = { clock, random, signal: either, ...lost };
  let requests: Promise<void> = Promise.resolve();
  const requestsListed = new Promise<void>((resolve) => {
    requests = feedRequests({ client, notes }, scope, { board, options, onListed: resolve });
  });
  try {
    await Promise.race([requestsListed, requests]);
    const { leaseNamespace: namespace, labelSelector } = scope;
    const source = sourceOf<Lease>(client.objects, leaseResource, { namespace, labelSelector });
    const changes = watchChanges(source, { ...options, onListed: events.onListed });
    await Promise.all([
      requests,
      (async () => {
        for await (const change of changes) board.leaseChanged(change);
      })(),
    ]);
  } finally {
    failed.abort();
    await requests.catch(() => undefined);
  }
}

async function feedRequests(
  { client, notes }: Pick<LockGround, 'client' | 'notes'>,
  { requestNamespace: namespace }: SurveyScope,
  feed: { board: LockBoard; options: ChangeWatchOptions<KubeObject>; onListed: () => void },
): Promise<void> {
  const { board, options, onListed } = feed;
  try {
    const resource = await client.discovery.requestResource();
    const source = sourceOf(client.objects, resource, { namespace });
    const changes = watchChanges(source, { ...options, remember: identityOnly, onListed });
    for await (const change of changes) board.requestChanged(change);
  } catch (thrown) {
    if (options.signal.aborted) return;
    warnOfMissingRequests(notes, thrown);
    board.withoutRequests();
  }
}

/** Enough to say which request is gone: there may be 100,000. */
function identityOnly({ metadata, ...object }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion } = metadata;
  const { signalFingerprint } = (object['spec'] ?? {}) as { signalFingerprint?: unknown };
  return {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    spec: { signalFingerprint },
  };
}
