import type { ApiResource } from '../api/objects.ts';
import { apiVersionOf } from '../api/objects.ts';

/** How a label key stands for a kind. */
export type KeyMatch = 'singular' | 'kind' | 'alias';

interface LabelKind {
  resource: ApiResource;
  match: KeyMatch;
}

/** Groups whose objects the owner walk looks up; custom resources are where it stops. */
const walkedGroups = new Set(['', 'apps', 'batch', 'autoscaling', 'policy']);

/** Keys that name a kind by convention alone: kube-state-metrics calls a Job by `job_name`, for `job` is Prometheus'. */
const aliases: readonly (readonly [key: string, kind: string])[] = [['job_name', 'Job']];

/**
 * The served kinds, by what signals call them. Of several resources with one name the first in discovery's order
 * counts (core first, preferred versions first); subresources and resources without a kind are left out.
 */
export class KindIndex {
  readonly #byKind = new Map<string, ApiResource[]>();
  readonly #byLabel = new Map<string, LabelKind>();

  constructor(resources: Iterable<ApiResource>) {
    for (const resource of resources) {
      if (resource.kind === '' || resource.plural.includes('/')) continue;
      const served = this.#byKind.get(resource.kind);
      if (served === undefined) this.#byKind.set(resource.kind, [resource]);
      else served.push(resource);
    }
    const kinds = [...this.#byKind.values()].flat();
    for (const resource of kinds) this.#nameLabel(resource.singular, resource, 'singular');
    for (const resource of kinds) this.#nameLabel(resource.kind.toLowerCase(), resource, 'kind');
    for (const [key, kind] of aliases) {
      const resource = this.resourcesOf(kind)[0];
      if (resource !== undefined) this.#nameLabel(key, resource, 'alias');
    }
  }

  /** The kind that a label key names by a singular name or a lower-case Kind; the singular name goes first. */
  labelKind(key: string): LabelKind | undefined {
    return this.#byLabel.get(key);
  }

  /** Every key that {@link labelKind} knows. */
  labelKeys(): Iterable<string> {
    return this.#byLabel.keys();
  }

  /** Every served resource of a Kind, whatever the group. */
  resourcesOf(kind: string): readonly ApiResource[] {
    return this.#byKind.get(kind) ?? [];
  }

  /** The first resource of each group that serves a Kind. */
  groupsOf(kind: string): ApiResource[] {
    const firsts = new Map<string, ApiResource>();
    for (const resource of this.resourcesOf(kind)) {
      if (!firsts.has(resource.group)) firsts.set(resource.group, resource);
    }
    return [...firsts.values()];
  }

  /** The resource under which the owner walk looks a Kind up, by Kind alone; undefined where it stops. */
  walkedResource(kind: string): ApiResource | undefined {
    return this.resourcesOf(kind).find((resource) => walkedGroups.has(resource.group));
  }

  /** The resource of an object: by apiVersion, else by its group, else by Kind alone. */
  resourceFor(object: { kind: string; apiVersion?: string }): ApiResource | undefined {
    const served = this.resourcesOf(object.kind);
    const { apiVersion } = object;
    if (apiVersion === undefined) return served[0];
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    return (
      served.find((resource) => apiVersionOf(resource) === apiVersion) ??
      served.find((resource) => resource.group === group) ??
      served[0]
    );
  }

  #nameLabel(key: string, resource: ApiResource, match: KeyMatch): void {
    if (key !== '' && !this.#byLabel.has(key)) this.#byLabel.set(key, { resource, match });
  }
}
