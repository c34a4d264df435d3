/**
 * Kubernetes objects over a Send: one request per call, which a Send may repeat; no cache. Only a deletion that was sent
 * twice may take a second one, to see whether the first had done it.
 *
 * Every failure is an ApiError (the server answered) or a NetworkError (it did not); errors that a Send
 * raises on purpose (the embedded store's STORE_* codes) pass unchanged. Objects go out as given and come
 * back as JSON has them, less the fields of a wrong type (answer-shape.ts); nothing is defaulted or validated here.
 */
import type { ApiResource, ApiStatus, KubeList, KubeObject } from '../api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import type { Clock } from '../time/clock.ts';
import { AnswerTooLarge, describeNetworkError, errorAnswer, jsonAnswer, warningsOf } from './answer.ts';
import { asDeleted, asList, asObject } from './answer-shape.ts';
import type { ApiCall } from './api-error.ts';
import { ApiError, NetworkError, describeCall } from './api-error.ts';
import type { Query } from './resource-path.ts';
import { settledDeletion } from './resent-deletion.ts';
import { isPathSegment, resourceName, resourcePath } from './resource-path.ts';
import { WatchStream } from './watch-stream.ts';

/** The place of an object; cluster-scoped ones have no namespace. */
export interface ObjectKey {
  namespace?: string | undefined;
  name: string;
}

/** What every call takes. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /**
   * Texts of the answer over this many bytes come back empty, which saves most of the memory where only short
   * fields of large objects are read. Never write such an object back. Default: all texts are whole.
   */
  longestText?: number | undefined;
  /** The caller repeats by a policy of its own: what the server refuses for the moment is thrown at once. */
  ownRetry?: boolean | undefined;
  /** Told before each further attempt of the request. */
  onRepeat?: ApiRequest['onRepeat'];
}

/** What calls that write take. */
export interface WriteOptions extends CallOptions {
  /** Sends `dryRun=All`: the server does everything but store it. */
  dryRun?: boolean | undefined;
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
  /** The server's own limit for the request, in whole seconds. */
  timeoutSeconds?: number | undefined;
  /** Who is written into managedFields; at most 128 characters. Default: the program, by its User-Agent. */
  fieldManager?: string | undefined;
}

/** What calls that create take. */
export interface CreateOptions extends WriteOptions {
  /** Sent twice it is recognised as one: the object says by itself whose it is. */
  recognisable?: boolean | undefined;
}

/** What calls that change an object take; `subresource`: only that part of it is changed. */
export interface ChangeOptions extends WriteOptions {
  subresource?: 'status' | undefined;
}

/** What a deletion takes. `preconditions`: it fails with 409 where the object is another one. */
export interface DeleteOptions extends CallOptions {
  preconditions?: { uid?: string | undefined; resourceVersion?: string | undefined } | undefined;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  dryRun?: boolean | undefined;
}

/** What a LIST takes, as the API has it. */
export interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  fieldSelector?: string | undefined;
  labelSelector?: string | undefined;
  limit?: number | undefined;
  continue?: string | undefined;
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}

/** What a WATCH takes, as the API has it. */
export interface WatchOptions {
  namespace?: string | undefined;
  fieldSelector?: string | undefined;
  labelSelector?: string | undefined;
  /** Where to begin, exclusive; absent: an ADDED for every object there is, then what happens. */
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'NotOlderThan' | undefined;
  allowWatchBookmarks?: boolean | undefined;
  timeoutSeconds?: number | undefined;
  sendInitialEvents?: boolean | undefined;
}

/** The answer to a write. */
export interface Answer<T> {
  object: T;
  /** 200 or 201: a PUT of a missing Lease creates it. */
  httpStatus: number;
  /** Texts of the Warning headers. */
  warnings: string[];
}

interface ObjectAccessOptions {
  /** Only for a Retry-After date in an answer without a Date header. */
  clock?: Pick<Clock, 'now'> | undefined;
}

/** What of an answer's JSON is taken. Errors: ApiError, where it is something else. */
type AnswerReader = (value: unknown, call: ApiCall, httpStatus: number) => unknown;

/** kubectl's own chunk size. */
const defaultPageSize = 500;
/** A chunk whose answer is larger is given up while it is read, and asked for again with half as many objects. */
const maxPageBytes = 8 * 1024 * 1024;

/**
 * Objects of any kind, by resource and key.
 * @throws ApiError, NetworkError, STORE_* of the embedded store
 */
export class ObjectAccess {
  readonly #send: Send;
  readonly #clock: Pick<Clock, 'now'> | undefined;

  constructor(send: Send, options: ObjectAccessOptions = {}) {
    this.#send = send;
    this.#clock = options.clock;
  }

  /** A GET of one object; `isApiError(thrown, 'NotFound')` where there is none. */
  async get<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options: CallOptions = {},
  ): Promise<T> {
    const call = callOf('get', resource, key);
    const path = resourcePath(resource, key);
    return (await this.#ask<T>(call, { method: 'GET', path }, { ...options, as: asObject })).object;
  }

  /** A LIST in one answer, however large; `listPages` is for many objects. */
  async list<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options: ListOptions = {},
    callOptions: CallOptions = {},
  ): Promise<KubeList<T>> {
    const { namespace, ...query } = options;
    const call = callOf('list', resource, { namespace });
    const path = resourcePath(resource, { namespace }, query);
    return (await this.#ask<KubeList<T>>(call, { method: 'GET', path }, { ...callOptions, as: asList }))
      .object;
  }

  /**
   * A LIST in chunks of `limit` (default 500), and of fewer from where an answer exceeds 8 MiB: memory stays bounded
   * however large the objects are. When the server says in the middle that the continue token has
   * expired, it goes on with the token of that answer: complete, but from then on no longer one snapshot (each
   * page's metadata.resourceVersion tells). Without such a token the error stands.
   */
  async *listPages<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options: ListOptions = {},
    callOptions: CallOptions = {},
  ): AsyncGenerator<KubeList<T>, void, undefined> {
    let query: ListOptions = { limit: defaultPageSize, ...options };
    for (;;) {
      const page = await this.#page<T>(resource, query, callOptions);
      if (page instanceof AnswerTooLarge) {
        query = { ...query, limit: halfOf(query.limit) };
        continue;
      }
      const token = typeof page === 'string' ? page : page.metadata.continue;
      if (typeof page !== 'string') yield page;
      if (token === undefined || token === '') return;
      // A continue token already stands for its version; the server refuses both.
      query = { ...query, continue: token, resourceVersion: undefined, resourceVersionMatch: undefined };
    }
  }

  /** A POST; the namespace is the object's own. */
  async create<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options: CreateOptions = {},
  ): Promise<Answer<T>> {
    const { namespace, name } = object.metadata;
    const call = callOf('create', resource, { namespace, name });
    const path = resourcePath(resource, { namespace }, writeQuery(options));
    const resendable = options.recognisable === true || options.dryRun === true;
    const request: ApiRequest = { method: 'POST', path, resendable, ...jsonBody(object) };
    return this.#ask<T>(call, request, { ...options, as: asObject });
  }

  /** A PUT: the object's metadata.resourceVersion is the precondition. */
  async replace<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options: ChangeOptions = {},
  ): Promise<Answer<T>> {
    const { subresource } = options;
    const call = callOf('update', resource, object.metadata, subresource);
    const address = { namespace: object.metadata.namespace, name: object.metadata.name, subresource };
    const path = resourcePath(resource, address, writeQuery(options));
    const resendable = isVersioned(object.metadata) || options.dryRun === true;
    const request: ApiRequest = { method: 'PUT', path, resendable, ...jsonBody(object) };
    return this.#ask<T>(call, request, { ...options, as: asObject });
  }

  /** A JSON merge patch; a metadata.resourceVersion in it is a precondition. */
  async mergePatch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    patch: object,
    options: ChangeOptions = {},
  ): Promise<Answer<T>> {
    const { subresource } = options;
    const call = callOf('patch', resource, key, subresource);
    const path = resourcePath(resource, { ...key, subresource }, writeQuery(options));
    const { metadata } = patch as { metadata?: { resourceVersion?: unknown } };
    const request: ApiRequest = {
      method: 'PATCH',
      path,
      resendable: isVersioned(metadata) || options.dryRun === true,
      ...jsonBody(patch, 'application/merge-patch+json'),
    };
    return this.#ask<T>(call, request, { ...options, as: asObject });
  }

  /**
   * The Status of the deletion, or the object itself while finalizers hold it. With a uid among the preconditions it is
   * done, too, where it had to be sent twice and that object is there no more.
   */
  async delete<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options: DeleteOptions = {},
  ): Promise<ApiStatus | T> {
    const call = callOf('delete', resource, key);
    const { preconditions, propagationPolicy, dryRun } = options;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      preconditions,
      propagationPolicy,
      dryRun: dryRun === true ? ['All'] : undefined,
    };
    const path = resourcePath(resource, key);
    const resendable = preconditions?.uid !== undefined || dryRun === true;
    const request: ApiRequest = { method: 'DELETE', path, resendable, ...jsonBody(body) };
    try {
      return (await this.#ask<ApiStatus | T>(call, request, { ...options, as: asDeleted })).object;
    } catch (thrown) {
      const { signal } = options;
      const uid = dryRun === true ? undefined : preconditions?.uid;
      return await settledDeletion<T>(thrown, uid, () => this.get<T>(resource, key, { signal }));
    }
  }

  /** Resolves when the answer's headers are there; see WatchStream for what follows. */
  async watch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options: WatchOptions = {},
    callOptions: CallOptions = {},
  ): Promise<WatchStream<T>> {
    const { namespace, ...query } = options;
    const call = callOf('watch', resource, { namespace });
    const path = resourcePath(resource, { namespace }, { watch: true, ...query });
    const response = await this.#answer(call, { method: 'GET', path, stream: true }, callOptions);
    return new WatchStream<T>(response, {
      ...call,
      mask: response.mask,
      resourceVersion: options.resourceVersion,
      ...callOptions,
    });
  }

  /** One request of a LIST in chunks. */
  protected async askPage<T extends KubeObject>(
    resource: ApiResource,
    query: ListOptions,
    callOptions: CallOptions,
  ): Promise<KubeList<T>> {
    const { namespace, ...rest } = query;
    const call = callOf('list', resource, { namespace });
    const path = resourcePath(resource, { namespace }, rest);
    // One object alone has to be taken as it is.
    const maxBytes = query.limit === 1 ? undefined : maxPageBytes;
    const options = { ...callOptions, maxBytes, as: asList };
    return (await this.#ask<KubeList<T>>(call, { method: 'GET', path }, options)).object;
  }

  async #page<T extends KubeObject>(
    resource: ApiResource,
    query: ListOptions,
    callOptions: CallOptions,
  ): Promise<KubeList<T> | string | AnswerTooLarge> {
    try {
      return await this.askPage<T>(resource, query, callOptions);
    } catch (thrown) {
      if (thrown instanceof AnswerTooLarge) return thrown;
      const token = query.continue === undefined ? undefined : freshToken(thrown);
      if (token === undefined || token === query.continue) throw thrown;
      return token;
    }
  }

  async #ask<T>(
    call: ApiCall,
    request: ApiRequest,
    options: CallOptions & { maxBytes?: number | undefined; as: AnswerReader },
  ): Promise<Answer<T>> {
    const { signal, longestText, maxBytes, as } = options;
    const response = await this.#answer(call, request, options);
    try {
      const answer = await jsonAnswer<unknown>(response, call, { longestText, maxBytes });
      const object = as(answer, { ...call, mask: response.mask }, response.status) as T;
      return { object, httpStatus: response.status, warnings: warningsOf(response) };
    } catch (thrown) {
      throw describeNetworkError(thrown, call, signal);
    }
  }

  /** A 2xx answer, its body unread. */
  async #answer(
    call: ApiCall,
    request: ApiRequest,
    { signal, ownRetry, onRepeat }: CallOptions,
  ): Promise<ApiResponse> {
    if (signal?.aborted === true) {
      const message = `cannot ${describeCall(call)}: stopped before it was sent`;
      throw new NetworkError('ABORTED', message, { cause: signal.reason });
    }
    if (signal !== undefined) request.signal = signal;
    if (ownRetry === true) request.ownRetry = true;
    if (onRepeat !== undefined) request.onRepeat = onRepeat;
    try {
      const response = await this.#send(request);
      if (response.status >= 200 && response.status < 300) return response;
      throw await errorAnswer(response, call, this.#clock?.now());
    } catch (thrown) {
      throw describeNetworkError(thrown, call, signal);
    }
  }
}

function callOf(
  verb: string,
  resource: ApiResource,
  key: { namespace?: string | undefined; name?: string | undefined },
  subresource?: string,
): ApiCall {
  const call = {
    verb,
    resource: resourceName(resource, subresource),
    namespace: resource.namespaced ? key.namespace : undefined,
    objectName: key.name,
  };
  const impossible = [call.namespace || undefined, call.objectName].find(
    (name) => name !== undefined && !isPathSegment(name),
  );
  if (impossible === undefined) return call;
  // Sent, it would be a request for something else.
  throw new ApiError({ ...call, httpStatus: 404, message: `no object can be named "${impossible}"` });
}

/** Where to go on after a 410 in the middle of a list; undefined where the failure does not say. */
function freshToken(thrown: unknown): string | undefined {
  if (!(thrown instanceof ApiError) || thrown.httpStatus !== 410) return undefined;
  const token = thrown.status?.metadata['continue'];
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Of a limit; none and 0 mean everything. */
function halfOf(limit = 0): number {
  return Math.ceil((limit > 0 ? limit : defaultPageSize) / 2);
}

function isVersioned(metadata: { resourceVersion?: unknown } | undefined): boolean {
  return typeof metadata?.resourceVersion === 'string' && metadata.resourceVersion !== '';
}

function writeQuery(options: WriteOptions): Query {
  return {
    fieldManager: options.fieldManager,
    dryRun: options.dryRun === true ? 'All' : undefined,
    fieldValidation: options.fieldValidation,
    timeout: options.timeoutSeconds === undefined ? undefined : `${options.timeoutSeconds}s`,
  };
}

function jsonBody(body: object, contentType = 'application/json'): Pick<ApiRequest, 'headers' | 'body'> {
  return { headers: { 'content-type': contentType }, body: JSON.stringify(body) };
}
