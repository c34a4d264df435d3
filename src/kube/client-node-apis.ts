/**
 * The generated API classes of @kubernetes/client-node over a Send, for typed calls that are few. Loading them
 * costs tens of milliseconds and megabytes: only ever by dynamic import.
 *
 * Errors are ApiError and NetworkError as everywhere, never client-node's ApiException. A PATCH goes out as a
 * merge patch, unless its body is a list (a JSON patch).
 */
import type { RequestContext } from '@kubernetes/client-node/dist/gen/index.js';
import {
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  ResponseContext,
  ServerConfiguration,
  VersionApi,
  createConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node/dist/gen/index.js';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { bodyText, describeNetworkError, errorAnswer } from './answer.ts';
import type { ApiCall } from './api-error.ts';

/** The generated classes, one for each API that is asked. */
export interface ClientNodeApis {
  authorization: AuthorizationV1Api;
  coordination: CoordinationV1Api;
  core: CoreV1Api;
  customObjects: CustomObjectsApi;
  version: VersionApi;
}

/** client-node builds absolute URLs; only path and query of them reach the Send. */
const placeholderOrigin = 'http://api-server.invalid';

/** The classes over a `Send`: same credentials, connections and errors as everything else. */
export function clientNodeApis(send: Send): ClientNodeApis {
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(placeholderOrigin, {}),
    httpApi: wrapHttpLibrary({ send: (request) => exchange(send, request) }),
  });
  return {
    authorization: new AuthorizationV1Api(configuration),
    coordination: new CoordinationV1Api(configuration),
    core: new CoreV1Api(configuration),
    customObjects: new CustomObjectsApi(configuration),
    version: new VersionApi(configuration),
  };
}

async function exchange(send: Send, context: RequestContext): Promise<ResponseContext> {
  const request = requestOf(context);
  const call = callOf(request);
  try {
    const response = await send(request);
    if (response.status >= 300) throw await errorAnswer(response, call);
    return contextOf(response, await bodyText(response));
  } catch (thrown) {
    throw describeNetworkError(thrown, call, request.signal);
  }
}

function requestOf(context: RequestContext): ApiRequest {
  const url = new URL(context.getUrl());
  const body = context.getBody();
  const signal = context.getSignal();
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(context.getHeaders())) headers[name.toLowerCase()] = value;
  const method = context.getHttpMethod() as ApiRequest['method'];
  const text = typeof body === 'string' ? body : undefined;
  if (method === 'PATCH' && text?.trimStart().startsWith('[') === false) {
    headers['content-type'] = 'application/merge-patch+json';
  }
  return {
    method,
    path: url.pathname + url.search,
    headers,
    ...(text === undefined ? {} : { body: text }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function contextOf(response: ApiResponse, text: string): ResponseContext {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
  return new ResponseContext(response.status, headers, {
    text: () => Promise.resolve(text),
    binary: () => Promise.resolve(Buffer.from(text)),
  });
}

const verbs: Record<ApiRequest['method'], string> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** `/api(s)/<group>/<version>(/namespaces/<ns>)/<plural>(/<name>)`; anything else is its own resource. */
function callOf(request: ApiRequest): ApiCall {
  const path = request.path.replace(/\?.*$/, '');
  const parts =
    /^\/(?:api|apis\/(?<group>[^/]+))\/[^/]+(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+))?/.exec(
      path,
    )?.groups;
  if (parts === undefined) return { verb: verbs[request.method], resource: path };
  const { group, namespace, plural = '', name } = parts;
  const reads = request.method === 'GET' && name === undefined;
  return {
    verb: reads ? 'list' : verbs[request.method],
    resource: group === undefined ? plural : `${plural}.${group}`,
    namespace: decoded(namespace),
    objectName: decoded(name),
  };
}

function decoded(segment: string | undefined): string | undefined {
  return segment === undefined ? undefined : decodeURIComponent(segment);
}
