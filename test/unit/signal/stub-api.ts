import type { ApiResource, KubeObject, OwnerReference } from '../../../src/api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import type { Discovery } from '../../../src/kube/discovery.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { ObservedCluster } from '../../../src/signal/observed-cluster.ts';
import type { ObservedClusterOptions } from '../../../src/signal/observed-cluster.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

/** An object of the stub, in the short form of the reference's vectors. */
export interface StubObject {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  ownerReferences?: Partial<OwnerReference>[];
  labels?: Record<string, string>;
  selector?: Record<string, string>;
  /** A GET of it is answered with this status. */
  getErrorCode?: number;
}

export interface Registry {
  groupVersion: string;
  resources: { name: string; singularName: string; kind: string; namespaced: boolean }[];
}

export function resourcesOf(registry: Registry[]): ApiResource[] {
  return registry.flatMap(({ groupVersion, resources }) => {
    const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
    return resources.map(({ name, singularName, kind, namespaced }) => {
      return { group: group!, version: version!, plural: name, singular: singularName, kind, namespaced };
    });
  });
}

export const smallRegistry: Registry[] = [
  {
    groupVersion: 'v1',
    resources: [
      { name: 'pods', singularName: 'pod', kind: 'Pod', namespaced: true },
      { name: 'nodes', singularName: 'node', kind: 'Node', namespaced: false },
      { name: 'services', singularName: 'service', kind: 'Service', namespaced: true },
      { name: 'secrets', singularName: 'secret', kind: 'Secret', namespaced: true },
      { name: 'namespaces', singularName: 'namespace', kind: 'Namespace', namespaced: false },
    ],
  },
  {
    groupVersion: 'apps/v1',
    resources: [
      { name: 'deployments', singularName: 'deployment', kind: 'Deployment', namespaced: true },
      { name: 'replicasets', singularName: 'replicaset', kind: 'ReplicaSet', namespaced: true },
      { name: 'statefulsets', singularName: 'statefulset', kind: 'StatefulSet', namespaced: true },
    ],
  },
  {
    groupVersion: 'argoproj.io/v1alpha1',
    resources: [{ name: 'rollouts', singularName: 'rollout', kind: 'Rollout', namespaced: true }],
  },
];

/**
 * The reference's stub server: GETs and pod LISTs answered from a few objects, everything else with 404
 * (or, with `everythingExists`, with an object that nobody owns).
 */
export class StubApi {
  readonly requests: string[] = [];
  readonly resources: ApiResource[];
  readonly #objects = new Map<string, StubObject>();
  readonly #everythingExists: boolean;

  constructor(resources: ApiResource[], objects: StubObject[], everythingExists = false) {
    this.resources = resources;
    this.#everythingExists = everythingExists;
    for (const object of objects) this.#objects.set(this.#pathOf(object), object);
  }

  readonly send: Send = (request) => {
    request.signal?.throwIfAborted();
    this.requests.push(request.path);
    return Promise.resolve(this.answer(request));
  };

  answer({ path }: ApiRequest): ApiResponse {
    const [place = '', query = ''] = path.split('?');
    const object = this.#objects.get(place);
    if (object !== undefined) {
      if (object.getErrorCode !== undefined) return statusAnswer(object.getErrorCode);
      return jsonAnswer(200, toKubeObject(object));
    }
    if (place.endsWith('/pods')) return this.#pods(place, new URLSearchParams(query));
    if (!this.#everythingExists) return statusAnswer(404);
    return jsonAnswer(200, { metadata: { name: place.slice(place.lastIndexOf('/') + 1) } });
  }

  discovery(): Pick<Discovery, 'resources'> {
    return { resources: () => Promise.resolve(this.resources) };
  }

  cluster(options: Partial<ObservedClusterOptions> = {}): ObservedCluster {
    return new ObservedCluster({
      objects: new ObjectAccess(this.send),
      discovery: this.discovery(),
      clock: new MockClock(),
      ...options,
    });
  }

  #pods(place: string, query: URLSearchParams): ApiResponse {
    const wanted = new Set((query.get('labelSelector') ?? '').split(','));
    const items = [...this.#objects]
      .filter(([path]) => path.startsWith(`${place}/`))
      .map(([, object]) => object)
      .filter(({ labels = {} }) => {
        const has = new Set(Object.entries(labels).map(([key, value]) => `${key}=${value}`));
        return [...wanted].every((pair) => has.has(pair));
      });
    return jsonAnswer(200, { kind: 'PodList', metadata: {}, items: items.map(toKubeObject) });
  }

  #pathOf({ apiVersion, kind, namespace, name }: StubObject): string {
    const resource = this.resources.find((one) => {
      return one.kind === kind && [one.group, one.version].filter(Boolean).join('/') === apiVersion;
    });
    if (resource === undefined) return `/not-served/${kind}/${name}`;
    const root = resource.group === '' ? '/api/v1' : `/apis/${apiVersion}`;
    const where = resource.namespaced ? `/namespaces/${namespace ?? ''}` : '';
    return `${root}${where}/${resource.plural}/${encodeURIComponent(name)}`;
  }
}

export function jsonAnswer(status: number, body: unknown): ApiResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      await Promise.resolve();
      yield bytes;
    })(),
  };
}

export function statusAnswer(code: number): ApiResponse {
  const reason = new Map([
    [403, 'Forbidden'],
    [404, 'NotFound'],
  ]).get(code);
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code };
  return jsonAnswer(code, { ...body, reason: reason ?? 'InternalError', message: `answer ${code}` });
}

function toKubeObject(object: StubObject): KubeObject {
  const { apiVersion, kind, namespace, name, ownerReferences, labels, selector } = object;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences as OwnerReference[] }),
    },
    ...(selector === undefined ? {} : { spec: { selector } }),
  };
}
