import type { KubeObject } from '../api/objects.ts';
import type { KubeClient } from '../kube/client.ts';
import type { RequestFilter } from '../request/request-filter.ts';
import { watchRequests, whatTablesShow } from '../request/request-watch.ts';
import { requestColumns, requestName } from './render/request-columns.ts';
import { showChanges } from './render/show-changes.ts';
import type { Session } from './session.ts';

/** Which requests. */
export interface WatchedRequests {
  /** Absent: every namespace. */
  namespace: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  filter: RequestFilter;
}

/** RemediationRequests as they change, until the run is stopped or nobody reads. */
export async function showRequestWatch(
  session: Session,
  client: KubeClient,
  where: WatchedRequests,
): Promise<void> {
  const { runtime, paint } = session;
  const { clock, random } = runtime;
  const { namespace } = where;
  const resource = await client.discovery.requestResource();
  await showChanges<KubeObject>(session, {
    title: `requests in ${namespace ?? 'all namespaces'}`,
    columns: requestColumns({ now: () => clock.now(), paint, withNamespace: namespace === undefined }),
    name: requestName(resource.group),
    key: ({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`,
    keep: whatTablesShow,
    open: (signal, say) =>
      watchRequests({ objects: client.objects, resource, ...where, clock, random, signal, note: say }),
  });
}
