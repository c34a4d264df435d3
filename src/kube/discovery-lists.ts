import type { ApiResource } from '../api/objects.ts';

/** The part of APIGroupDiscoveryList (apidiscovery.k8s.io/v2) that is read. */
export interface AggregatedList {
  items?: {
    metadata?: { name?: string };
    versions?: { version: string; resources?: AggregatedResource[] }[];
  }[];
}

interface AggregatedResource {
  resource: string;
  responseKind?: { kind?: string };
  scope?: string;
  singularResource?: string;
}

/** The part of APIResourceList that is read. */
interface ResourceList {
  resources?: {
    name: string;
    singularName?: string;
    kind: string;
    namespaced: boolean;
  }[];
}

/** One served version of a group and its place in the server's order of preference, from 0. */
export interface ServedVersion {
  rank: number;
  resources: ApiResource[];
}

export function aggregatedVersions(list: AggregatedList): ServedVersion[] {
  return (list.items ?? []).flatMap((group) =>
    (group.versions ?? []).map((version, rank) => ({
      rank,
      resources: (version.resources ?? []).map((entry) =>
        aggregatedResource(entry, group.metadata?.name ?? '', version.version),
      ),
    })),
  );
}

function aggregatedResource(entry: AggregatedResource, group: string, version: string): ApiResource {
  const kind = entry.responseKind?.kind ?? '';
  return {
    group,
    version,
    plural: entry.resource,
    singular: entry.singularResource || kind.toLowerCase(),
    kind,
    namespaced: entry.scope === 'Namespaced',
  };
}

/** Of a legacy APIResourceList, subresources (`pods/log`) left out. */
export function listedResources(list: unknown, group: string, version: string): ApiResource[] {
  const { resources = [] } = list as ResourceList;
  return resources
    .filter((entry) => !entry.name.includes('/'))
    .map((entry) => ({
      group,
      version,
      plural: entry.name,
      singular: entry.singularName || entry.kind.toLowerCase(),
      kind: entry.kind,
      namespaced: entry.namespaced,
    }));
}

export function findResource(resources: readonly ApiResource[], plural: string): ApiResource | undefined {
  return resources.find((resource) => resource.plural === plural);
}

/** Preferred versions of all groups first, the server's order otherwise. */
export function byPreference(versions: readonly ServedVersion[]): ApiResource[] {
  return [...versions].sort((a, b) => a.rank - b.rank).flatMap((version) => version.resources);
}
