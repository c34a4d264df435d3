/**
 * The changes of RemediationRequests for as long as somebody looks.
 *
 * Guarantees: those of watchChanges for the requests that a filter chooses. A server that cannot select by
 * fingerprint is asked for everything. A DELETED of something that went while a version expired (410) carries what
 * tables show of a request, as it was last seen, and nothing more: there may be 100,000.
 */
import { apiVersionOf, type ApiResource, type KubeList, type KubeObject } from '../api/objects.ts';
import { fingerprintSelector, matchesRequest, type RequestFilter } from './request-filter.ts';
import type { ListWatchSource } from '../kube/list-and-watch.ts';
import { lookingAgain } from '../kube/looking-again.ts';
import type { ObjectAccess } from '../kube/object-access.ts';
import { watchChanges, type ObjectChange } from '../kube/object-changes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { isUnselectable, joinedSelectors, selectedRequests } from './chosen-requests.ts';

interface WatchedChoice {
  objects: ObjectAccess;
  resource: ApiResource;
  /** Absent: every namespace. */
  namespace: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  filter: RequestFilter;
}

/** What a watch of requests goes by. */
export interface RequestWatchOptions extends WatchedChoice {
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** Something to be said about the connection. */
  note: (text: string) => void;
}

/** Ends when the signal aborts or the consumer leaves; throws where the first look fails, and for refusals. */
export function watchRequests(options: RequestWatchOptions): AsyncGenerator<ObjectChange, void, void> {
  const { clock, random, signal, filter, note } = options;
  return watchChanges(requestSource(options), {
    clock,
    random,
    signal,
    chooses: (request) => matchesRequest(request, filter),
    remember: whatTablesShow,
    onLost: lookingAgain(note),
  });
}

function requestSource(choice: WatchedChoice): ListWatchSource {
  const { objects, resource, namespace, labelSelector, fieldSelector: own, filter } = choice;
  const where = { namespace, labelSelector };
  let byFingerprint = fingerprintSelector(filter);
  return {
    async *pages(signal): AsyncGenerator<KubeList, void, void> {
      // Items of a list name neither; events do.
      const type = { apiVersion: apiVersionOf(resource), kind: resource.kind };
      for await (const page of selectedRequests(
        objects,
        resource,
        { ...where, fieldSelector: own, filter },
        signal,
      )) {
        yield { ...page, items: page.items.map((item) => ({ ...type, ...item })) };
      }
    },
    async watch(resourceVersion, signal) {
      const query = { ...where, resourceVersion, allowWatchBookmarks: true };
      try {
        const fieldSelector = joinedSelectors([own, byFingerprint]);
        return await objects.watch(resource, { ...query, fieldSelector }, { signal });
      } catch (thrown) {
        if (byFingerprint === undefined || !isUnselectable(thrown)) throw thrown;
        byFingerprint = undefined;
        return objects.watch(resource, { ...query, fieldSelector: own }, { signal });
      }
    },
  };
}

const shownSpec = ['signalFingerprint', 'signalName', 'severity', 'targetResource', 'clusterID'];
const shownStatus = [
  ...['overallPhase', 'outcome', 'nextAllowedExecution', 'deduplication'],
  ...['completionStatus', 'routingStatus'],
];
const shownMetadata = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'];

/** Of a request what the columns of tables need: of thousands there is no room for more. */
export function whatTablesShow({ apiVersion, kind, metadata, ...object }: KubeObject): KubeObject {
  const { spec, status } = object;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    metadata: { ...only(metadata, shownMetadata), name: metadata.name },
    ...(spec === undefined ? {} : { spec: only(spec, [...shownSpec, 'deduplication']) }),
    ...(status === undefined ? {} : { status: only(status, shownStatus) }),
  };
}

function only(from: unknown, names: readonly string[]): Record<string, unknown> {
  if (!isRecord(from)) return {};
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
