import type { ApiResource } from '../api/objects.ts';
import { isFields, recordsOf, textOf } from './answer-shape.ts';

/** One served version of a group and its place in the server's order of preference, from 0. */
export interface ServedVersion {
  rank: number;
  resources: ApiResource[];
}

/** Of an APIGroupDiscoveryList (apidiscovery.k8s.io/v2). */
export function aggregatedVersions(list: unknown): ServedVersion[] {
  return recordsOf(fieldOf(list, 'items')).flatMap((group) => {
    const name = textOf(fieldOf(group['metadata'], 'name')) ?? '';
    return recordsOf(group['versions']).map((version, rank) => ({
      rank,
      resources: recordsOf(version['resources']).flatMap((entry) =>
        aggregatedResource(entry, name, textOf(version['version']) ?? ''),
      ),
    }));
  });
}

function aggregatedResource(entry: Record<string, unknown>, group: string, version: string): ApiResource[] {
  const kind = textOf(fieldOf(entry['responseKind'], 'kind')) ?? '';
  const plural = textOf(entry['resource']);
  if (plural === undefined) return [];
  const singular = textOf(entry['singularResource']) || kind.toLowerCase();
  return [{ group, version, plural, singular, kind, namespaced: entry['scope'] === 'Namespaced' }];
}

/** Of a legacy APIResourceList, subresources (`pods/log`) left out. */
export function listedResources(list: unknown, group: string, version: string): ApiResource[] {
  return recordsOf(fieldOf(list, 'resources')).flatMap((entry) => {
    const plural = textOf(entry['name']);
    const kind = textOf(entry['kind']);
    if (plural === undefined || kind === undefined || plural.includes('/')) return [];
    const singular = textOf(entry['singularName']) || kind.toLowerCase();
    return [{ group, version, plural, singular, kind, namespaced: entry['namespaced'] === true }];
  });
}

/** Of what may be no record at all. */
export function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function findResource(resources: readonly ApiResource[], plural: string): ApiResource | undefined {
  return resources.find((resource) => resource.plural === plural);
}

/** Preferred versions of all groups first, the server's order otherwise. */
export function byPreference(versions: readonly ServedVersion[]): ApiResource[] {
  return [...versions].sort((a, b) => a.rank - b.rank).flatMap((version) => version.resources);
}
