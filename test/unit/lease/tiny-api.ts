import type { ApiStatus, KubeObject } from '../../../src/api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';

/** What a request is answered with in place of the server's own answer. */
export interface InjectedAnswer {
  code?: number;
  reason?: string;
  message?: string;
  retryAfterSeconds?: number;
  /** No answer at all: the connection fails with this errno. */
  errno?: string;
  /** The request takes effect, and then its answer is lost. */
  afterwards?: boolean;
  /** What somebody else does just before. */
  meanwhile?: () => void;
  /** As `meanwhile`, told the name that the body of the request has. */
  takenBy?: (name: string) => void;
}

/**
 * An API server in memory that tests can bend: states that a real one refuses to store, and failures on demand.
 * What it does by itself (preconditions, conflicts, a Lease PUT that creates) is as the real one does it; the suites
 * that run over the embedded store hold it to that.
 */
export class TinyApi {
  readonly log: string[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #injected = new Map<string, InjectedAnswer[]>();
  #revision = 100;

  readonly send: Send = (request) => {
    const url = new URL(request.path, 'http://tiny');
    this.log.push(`${request.method} ${url.pathname.split('/').slice(6).join('/')}`);
    const injected = this.#injected.get(request.method)?.shift();
    injected?.meanwhile?.();
    injected?.takenBy?.((JSON.parse(request.body ?? '{}') as KubeObject).metadata.name);
    if (injected?.errno !== undefined && injected.afterwards !== true)
      return Promise.reject(failed(injected.errno));
    if (injected?.code !== undefined) return Promise.resolve(answer(statusOf(injected)));
    const result = this.#handle(request, url);
    return injected?.errno === undefined ? Promise.resolve(result) : Promise.reject(failed(injected.errno));
  };

  /** The next requests of this method, in turn; an empty answer lets one through. */
  inject(method: ApiRequest['method'], ...answers: InjectedAnswer[]): void {
    this.#injected.set(method, [...(this.#injected.get(method) ?? []), ...answers]);
  }

  /** Puts an object there as it is. */
  plant(plural: string, object: KubeObject): KubeObject {
    const { namespace = '', name } = object.metadata;
    const previous = this.#objects.get(`${namespace}/${plural}/${name}`);
    const planted = {
      ...structuredClone(object),
      metadata: {
        uid: previous?.metadata.uid ?? `uid-${this.#revision + 1}`,
        ...object.metadata,
        resourceVersion: this.#next(),
      },
    };
    this.#objects.set(`${namespace}/${plural}/${name}`, planted);
    return planted;
  }

  peek(plural: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(`${namespace}/${plural}/${name}`);
  }

  remove(plural: string, namespace: string, name: string): void {
    this.#objects.delete(`${namespace}/${plural}/${name}`);
  }

  all(plural: string): KubeObject[] {
    return [...this.#objects].filter(([key]) => key.split('/')[1] === plural).map(([, object]) => object);
  }

  #next(): string {
    this.#revision += 1;
    return String(this.#revision);
  }

  #handle(request: ApiRequest, url: URL): ApiResponse {
    const [namespace = '', plural = '', name, subresource] = url.pathname.split('/').slice(5);
    const key = { namespace, plural, name: name ?? '', subresource };
    const body = request.body === undefined ? undefined : (JSON.parse(request.body) as KubeObject);
    if (request.method === 'POST') return this.#create({ ...key, name: body!.metadata.name }, body!, url);
    if (name === undefined) return this.#list(key, url);
    const found = this.#objects.get(pathOf(key));
    if (request.method === 'PUT') return this.#replace(key, found, body!);
    if (found === undefined) return answer(notFound(key));
    if (request.method === 'GET') return answer(found, 200);
    if (request.method === 'PATCH') return this.#patch(key, found, body!);
    return this.#delete(key, found, body as unknown as { preconditions?: Preconditions });
  }

  #create(key: Key, body: KubeObject, url: URL): ApiResponse {
    if (this.#objects.has(pathOf(key))) {
      const message = `${key.plural} "${key.name}" already exists`;
      return answer(statusOf({ code: 409, reason: 'AlreadyExists', message }));
    }
    if (url.searchParams.get('dryRun') === 'All') return answer(body, 201);
    return answer(this.plant(key.plural, body), 201);
  }

  #list(key: Key, url: URL): ApiResponse {
    const fingerprint = url.searchParams.get('fieldSelector')?.split('=')[1];
    const items = this.all(key.plural).filter(
      (object) =>
        fingerprint === undefined ||
        (object['spec'] as { signalFingerprint?: string }).signalFingerprint === fingerprint,
    );
    return answer({ kind: 'List', metadata: { resourceVersion: String(this.#revision) }, items }, 200);
  }

  #replace(key: Key, found: KubeObject | undefined, body: KubeObject): ApiResponse {
    if (found === undefined) {
      if (key.plural !== 'leases') return answer(notFound(key));
      if (body.metadata.uid !== undefined) return answer(conflict(key));
      return answer(this.plant(key.plural, body), 201);
    }
    if (isStale(found, body)) return answer(conflict(key));
    const next = key.subresource === 'status' ? { ...found, status: body['status'] } : body;
    return answer(this.plant(key.plural, next), 200);
  }

  #patch(key: Key, found: KubeObject, patch: KubeObject): ApiResponse {
    if (isStale(found, patch)) return answer(conflict(key));
    const before = (found['status'] ?? {}) as Record<string, Record<string, unknown>>;
    const change = patch['status'] as Record<string, Record<string, unknown>>;
    const deduplication = { ...before['deduplication'], ...change['deduplication'] };
    return answer(this.plant(key.plural, { ...found, status: { ...before, deduplication } }), 200);
  }

  #delete(key: Key, found: KubeObject, options: { preconditions?: Preconditions }): ApiResponse {
    if (isStale(found, { metadata: options.preconditions ?? {} })) return answer(conflict(key));
    this.#objects.delete(pathOf(key));
    return answer({ kind: 'Status', status: 'Success' }, 200);
  }
}

interface Key {
  namespace: string;
  plural: string;
  name: string;
  subresource?: string | undefined;
}

interface Preconditions {
  uid?: string;
  resourceVersion?: string;
}

function pathOf({ namespace, plural, name }: Key): string {
  return `${namespace}/${plural}/${name}`;
}

function isStale(found: KubeObject, { metadata }: { metadata: Preconditions }): boolean {
  const { uid = found.metadata.uid, resourceVersion = found.metadata.resourceVersion } = metadata;
  return uid !== found.metadata.uid || resourceVersion !== found.metadata.resourceVersion;
}

function statusOf({ code = 500, reason, message = '', retryAfterSeconds }: InjectedAnswer): ApiStatus {
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...details,
    code,
  };
}

function notFound({ plural, name }: Key): ApiStatus {
  return statusOf({ code: 404, reason: 'NotFound', message: `${plural} "${name}" not found` });
}

function conflict({ plural, name }: Key): ApiStatus {
  const message = `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified`;
  return statusOf({ code: 409, reason: 'Conflict', message });
}

function answer(body: object, status = (body as ApiStatus).code): ApiResponse {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield await Promise.resolve(bytes);
    })(),
  };
}

function failed(errno: string): NetworkError {
  return new NetworkError('UNREACHABLE', `connect ${errno}`, { errno });
}
