/** From a request to its answer: the one place that knows which verb of which path does what. */
import type { ApiRequest } from '../api/wire.ts';
import { unknownPath, type Answer } from './answer.ts';
import type { ChangeFeed } from './change-feed.ts';
import { createObject } from './create-object.ts';
import { deleteCollection, deleteObject } from './delete-object.ts';
import { answerDiscovery } from './discovery-documents.ts';
import { fromStored } from './event-views.ts';
import { readListOptions, readVersion } from './list-options.ts';
import { listObjects } from './list-objects.ts';
import { methodNotSupported, notFound, tooLargeResourceVersion } from './refusals.ts';
import { readResourcePath, readTarget, type RequestTarget, type ResourcePath } from './request-path.ts';
import { answerReview } from './review-requests.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoreScope, WriteRequest } from './store-scope.ts';
import { patchObject, replaceObject } from './update-object.ts';
import { watchObjects } from './watch-objects.ts';
import { readWriteOptions } from './write-options.ts';
import type { WriteQueue } from './write-queue.ts';
import type { WriteTransaction } from './write-transaction.ts';

export interface ServingContext {
  scope: StoreScope;
  writes: WriteQueue;
  feed: ChangeFeed;
  /** Aborts when the store closes. */
  closing: AbortSignal;
}

/** @throws Refusal, and what the write queue throws */
export async function serve(context: ServingContext, request: ApiRequest): Promise<Answer> {
  const target = readTarget(request.path);
  if (target === undefined) return unknownPath();
  const path = readResourcePath(target.segments);
  if (path === undefined) return discover(context, request, target);
  const kind = context.scope.catalog().byPath(path.group, path.version, path.plural);
  if (kind === undefined) return unknownPath();
  return serveResource(context, request, { target, path, kind });
}

function discover(context: ServingContext, request: ApiRequest, target: RequestTarget): Answer {
  const answer = answerDiscovery(context.scope.catalog(), target.segments, request.headers?.['accept'] ?? '');
  return answer ?? unknownPath();
}

interface ResourceRequest {
  target: RequestTarget;
  path: ResourcePath;
  kind: ServedKind;
}

const knownSubresources = new Set(['', 'status']);

async function serveResource(
  context: ServingContext,
  request: ApiRequest,
  found: ResourceRequest,
): Promise<Answer> {
  const { path, kind } = found;
  if (!isServedPath(path, kind)) return unknownPath();
  if (kind.traits.review) return answerReview(request, kind);
  if (request.method === 'GET') return read(context, request, found);
  const handler = writeHandler(request.method, path);
  if (handler === undefined) throw methodNotSupported(kind, verbOf(request.method, path));
  const write: WriteRequest = {
    kind,
    ns: path.ns,
    name: path.name,
    subresource: path.subresource,
    body: request.body,
    contentType: request.headers?.['content-type'] ?? 'application/json',
    query: found.target.query,
    options: readWriteOptions(found.target.query, handler.options),
  };
  return context.writes.submit((transaction) => {
    return handler.run(transaction, context.scope, write);
  }, request.signal);
}

function isServedPath(path: ResourcePath, kind: ServedKind): boolean {
  if (!knownSubresources.has(path.subresource)) return false;
  if (path.subresource === 'status' && !kind.traits.status) return false;
  if (!kind.namespaced) return path.ns === '';
  return path.name === '' || path.ns !== '';
}

interface WriteHandler {
  options: string;
  run: (transaction: WriteTransaction, scope: StoreScope, request: WriteRequest) => Answer;
}

function writeHandler(method: ApiRequest['method'], path: ResourcePath): WriteHandler | undefined {
  const named = path.name !== '';
  const main = path.subresource === '';
  if (method === 'POST') return named ? undefined : { options: 'CreateOptions', run: createObject };
  if (method === 'PUT') return named ? { options: 'UpdateOptions', run: replaceObject } : undefined;
  if (method === 'PATCH') return named ? { options: 'PatchOptions', run: patchObject } : undefined;
  if (!main) return undefined;
  return { options: 'DeleteOptions', run: named ? deleteObject : deleteCollection };
}

const verbs: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

function verbOf(method: ApiRequest['method'], path: ResourcePath): string {
  if (method === 'DELETE' && path.name === '') return 'deletecollection';
  return verbs[method] ?? method.toLowerCase();
}

function read(context: ServingContext, request: ApiRequest, found: ResourceRequest): Answer {
  const { target, path, kind } = found;
  const { table } = context.scope;
  if (path.name !== '') return table.snapshot(() => readOne(context, found));
  const options = readListOptions(target.query, kind);
  if (!options.watch) return table.snapshot(() => listObjects(table, { kind, ns: path.ns, options }));
  const { feed, closing } = context;
  const signal = request.signal === undefined ? closing : AbortSignal.any([request.signal, closing]);
  const watch = { table, feed, clock: context.scope.clock, signal };
  return watchObjects(watch, { kind, ns: path.ns, options });
}

function readOne(context: ServingContext, { target, path, kind }: ResourceRequest): Answer {
  const { table } = context.scope;
  const asked = readVersion(target.query.get('resourceVersion') ?? '');
  const newest = table.newestVersion();
  if (asked !== undefined && asked > newest) throw tooLargeResourceVersion(asked, newest);
  const row = table.get({ res: kind.res, ns: path.ns, name: path.name });
  if (row === undefined) throw notFound(kind, path.name);
  return { status: 200, body: fromStored(row.body, kind) };
}
