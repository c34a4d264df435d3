/** From a request to its answer: the one place that knows which verb of which path does what. */
import type { ApiRequest } from '../api/wire.ts';
import { unknownPath, type Answer } from './answer.ts';
import type { ChangeFeed } from './change-feed.ts';
import { createObject } from './create-object.ts';
import { deleteCollection, deleteObject } from './delete-object.ts';
import type { DatabaseGuard } from '../sqlite/database-guard.ts';
import { answerDiscovery } from './discovery-documents.ts';
import { fromStored } from './event-views.ts';
import { readListOptions, readVersion } from './list-options.ts';
import { listObjects } from './list-objects.ts';
import { jsonBodyOf, requireAccept } from './media-types.ts';
import {
  badRequest,
  methodNotAllowed,
  methodNotSupported,
  notFound,
  notServed,
  tooLargeResourceVersion,
} from './refusals.ts';
import { readResourcePath, readTarget, type RequestTarget, type ResourcePath } from './request-path.ts';
import { answerReview } from './review-requests.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoreScope, WriteRequest } from './store-scope.ts';
import { patchObject } from './patch-object.ts';
import { replaceObject } from './update-object.ts';
import { watchObjects } from './watch-objects.ts';
import { readWriteOptions } from './write-options.ts';
import type { WriteQueue } from '../sqlite/write-queue.ts';
import type { WriteTransaction } from './write-transaction.ts';

export interface ServingContext {
  scope: StoreScope;
  writes: WriteQueue<WriteTransaction>;
  feed: ChangeFeed;
  guard: Pick<DatabaseGuard, 'requireThere'>;
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

async function serveResource(
  context: ServingContext,
  request: ApiRequest,
  found: ResourceRequest,
): Promise<Answer> {
  const { path, kind } = found;
  if (isStrayScope(request, path, kind)) return unknownPath();
  requireSubresource(path, kind);
  if (kind.traits.review) return answerReview(request, kind);
  const conversion = requireAccept(request.headers?.['accept']);
  const { method } = request;
  const answer =
    method === 'GET' ? read(context, request, found) : await write(context, { ...request, method }, found);
  if (conversion === undefined) return answer;
  const { convertAnswer } = await import('./table-answer.ts');
  const { query } = found.target;
  return convertAnswer(answer, {
    conversion,
    kind,
    includeObject: query.get('includeObject') ?? '',
    watch: method === 'GET' && path.name === '' && readListOptions(query, kind).watch,
    nowMs: () => context.scope.clock.now(),
  });
}

async function write(
  context: ServingContext,
  request: ApiRequest & { method: WriteMethod },
  { path, kind, target }: ResourceRequest,
): Promise<Answer> {
  const handler = writeHandler(request.method, path, kind);
  const asked: WriteRequest = {
    kind,
    ns: path.ns,
    name: path.name,
    subresource: path.subresource,
    body: await jsonBodyOf(request),
    contentType: request.headers?.['content-type'] ?? 'application/json',
    userAgent: request.headers?.['user-agent'] ?? '',
    query: target.query,
    options: readWriteOptions(target.query, handler.options),
  };
  return context.writes.submit((transaction) => {
    return handler.run(transaction, context.scope, asked);
  }, request.signal);
}

/** A namespace where none belongs, or none where one is needed; lists may span all namespaces. */
function isStrayScope(request: ApiRequest, path: ResourcePath, kind: ServedKind): boolean {
  if (!kind.namespaced) return path.ns !== '';
  if (path.ns !== '') return false;
  return path.name !== '' || (kind.custom !== undefined && request.method !== 'GET');
}

/** @throws refusals for subresources that the kind does not have */
function requireSubresource(path: ResourcePath, kind: ServedKind): void {
  if (path.subresource === '' || (path.subresource === 'status' && kind.traits.status)) return;
  throw kind.custom === undefined ? notServed() : notFound(kind, path.name);
}

interface WriteHandler {
  options: string;
  run: (transaction: WriteTransaction, scope: StoreScope, request: WriteRequest) => Answer;
}

type WriteMethod = Exclude<ApiRequest['method'], 'GET'>;

const ofCollection: Partial<Record<WriteMethod, WriteHandler>> = {
  POST: { options: 'CreateOptions', run: createObject },
  DELETE: { options: 'DeleteOptions', run: deleteCollection },
};

const ofStatus: Partial<Record<WriteMethod, WriteHandler>> = {
  PUT: { options: 'UpdateOptions', run: replaceObject },
  PATCH: { options: 'PatchOptions', run: patchObject },
};

const ofObject: Partial<Record<WriteMethod, WriteHandler>> = {
  ...ofStatus,
  DELETE: { options: 'DeleteOptions', run: deleteObject },
};

function handlersOf(path: ResourcePath): Partial<Record<WriteMethod, WriteHandler>> {
  if (path.name === '') return ofCollection;
  return path.subresource === '' ? ofObject : ofStatus;
}

/** @throws refusals for methods that the path does not take */
function writeHandler(method: WriteMethod, path: ResourcePath, kind: ServedKind): WriteHandler {
  if (isUnscoped(path, kind)) throw methodNotAllowed();
  const handler = handlersOf(path)[method];
  if (handler !== undefined) return handler;
  if (kind.custom === undefined) throw methodNotAllowed();
  if (path.name === '') throw badRequest('name must be provided');
  // The API server creates from the object's own name there.
  if (method === 'POST' && path.subresource === '') return { options: 'CreateOptions', run: createObject };
  throw methodNotSupported(kind, method === 'POST' ? 'create' : 'delete');
}

function isUnscoped(path: ResourcePath, kind: ServedKind): boolean {
  return kind.namespaced && path.ns === '';
}

function read(context: ServingContext, request: ApiRequest, found: ResourceRequest): Answer {
  const { target, path, kind } = found;
  const { table } = context.scope;
  if (path.name !== '') return table.snapshot(() => readOne(context, found));
  const options = readListOptions(target.query, kind);
  if (!options.watch) return table.snapshot(() => listObjects(table, { kind, ns: path.ns, options }));
  const { feed, guard, closing } = context;
  const signal = request.signal === undefined ? closing : AbortSignal.any([request.signal, closing]);
  const watch = { table, feed, guard, clock: context.scope.clock, signal };
  return watchObjects(watch, { kind, ns: path.ns, options });
}

function readOne(context: ServingContext, { target, path, kind }: ResourceRequest): Answer {
  const { table } = context.scope;
  const asked = readVersion(target.query.get('resourceVersion') ?? '', badRequest);
  const newest = table.newestVersion();
  if (asked !== undefined && asked > newest) throw tooLargeResourceVersion(asked, newest);
  const row = table.get({ res: kind.res, ns: path.ns, name: path.name });
  if (row === undefined) throw notFound(kind, path.name);
  return { status: 200, body: fromStored(row.body, kind) };
}
