/** LIST: one state of the store, in pages when asked for; an unlimited list streams without being held in memory. */
import { apiVersionOf } from '../api/objects.ts';
import type { Answer } from './answer.ts';
import { readContinue, writeContinue } from './continue-token.ts';
import { fromStored } from './event-views.ts';
import { countAt } from './history.ts';
import { readVersion, type ListOptions } from './list-options.ts';
import {
  isSelective,
  namespacesToRead,
  queryObjects,
  type ObjectQuery,
  type Position,
} from './object-query.ts';
import type { ObjectTable, StoredRow } from './object-table.ts';
import { badRequest, expired, tooLargeResourceVersion } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';
import { withoutType } from './stored-object.ts';

export interface ListRequest {
  kind: ServedKind;
  ns: string;
  options: ListOptions;
}

interface ListPlan {
  query: ObjectQuery;
  from: Position | undefined;
  /** What the list says it shows. */
  version: number;
}

/** Runs inside one read transaction, except for the rest of an unlimited list, which reads at its version. */
export function listObjects(table: ObjectTable, request: ListRequest): Answer {
  const plan = planList(table, request);
  return request.options.limit > 0 ? limitedList(table, request, plan) : streamedList(table, request, plan);
}

function planList(table: ObjectTable, request: ListRequest): ListPlan {
  const { kind, ns, options } = request;
  const newest = table.newestVersion();
  const query: ObjectQuery = {
    kind,
    ns,
    fields: options.fields,
    labels: options.labels,
    atVersion: undefined,
  };
  if (options.continueToken !== '') return continued(table, request, { query, newest });
  const asked = readVersion(options.resourceVersion, invalidVersion);
  if (asked === undefined || asked === 0) return { query, from: undefined, version: newest };
  if (asked > newest) throw tooLargeResourceVersion(asked, newest);
  if (!isExact(options)) return { query, from: undefined, version: newest };
  requireHistory(table, asked, tooOld);
  return { query: { ...query, atVersion: asked }, from: undefined, version: asked };
}

function invalidVersion(why: string): Error {
  return badRequest(`invalid resource version: ${why}`);
}

/** With a limit, and no match given, an exact version is meant. */
function isExact(options: ListOptions): boolean {
  if (options.resourceVersionMatch === 'Exact') return true;
  return options.resourceVersionMatch === '' && options.limit > 0;
}

const tooOld = 'The resourceVersion for the provided list is too old.';
const continueTooOld =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

function continued(
  table: ObjectTable,
  request: ListRequest,
  base: { query: ObjectQuery; newest: number },
): ListPlan {
  const { ns, options } = request;
  const asked = options.resourceVersion;
  if (asked !== '' && asked !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const point = readContinue(options.continueToken, ns);
  const { query, newest } = base;
  if (point.version < 0) return { query, from: point.from, version: newest };
  const last = { ns: point.from.ns, name: point.from.after };
  requireHistory(table, point.version, continueTooOld, writeContinue(-1, last, ns));
  const atVersion = point.version >= newest ? undefined : point.version;
  return { query: { ...query, atVersion }, from: point.from, version: point.version };
}

function requireHistory(table: ObjectTable, version: number, text: string, token?: string): void {
  if (version < table.historyFloor()) throw expired(text, token);
}

function limitedList(table: ObjectTable, request: ListRequest, plan: ListPlan): Answer {
  const { kind, ns, options } = request;
  const items: string[] = [];
  let last: StoredRow | undefined;
  let more = false;
  for (const row of queryObjects(table, plan.query, plan.from)) {
    more = items.length === options.limit;
    if (more) break;
    items.push(itemText(row, kind));
    last = row;
  }
  const metadata = listMetadata(kind, plan);
  if (more && last !== undefined) {
    metadata['continue'] = writeContinue(plan.version, last, ns);
    if (!isSelective(plan.query)) {
      metadata['remainingItemCount'] = countAfter(table, plan.query, { ns: last.ns, after: last.name });
    }
  }
  return { status: 200, body: `${head(kind, metadata)}${items.join(',')}]}\n` };
}

function countAfter(table: ObjectTable, query: ObjectQuery, from: Position): number {
  let count = 0;
  for (const ns of namespacesToRead(table, query, from)) {
    const after = ns === from.ns ? from.after : '';
    const range = { res: query.kind.res, ns, after };
    count += query.atVersion === undefined ? table.count(range) : countAt(table, range, query.atVersion);
  }
  return count;
}

/** Lists of custom resources always show a continue token, an empty one at the end. */
function listMetadata(kind: ServedKind, plan: ListPlan): Record<string, unknown> {
  const resourceVersion = String(plan.version);
  return kind.custom === undefined ? { resourceVersion } : { continue: '', resourceVersion };
}

function head(kind: ServedKind, metadata: Record<string, unknown>): string {
  return `{"kind":"${kind.listKind}","apiVersion":"${apiVersionOf(kind)}","metadata":${JSON.stringify(metadata)},"items":[`;
}

function itemText(row: StoredRow, kind: ServedKind): string {
  const body = fromStored(row.body, kind);
  return kind.custom === undefined ? withoutType(body) : body;
}

const chunkCharacters = 256 * 1024;

/** What fits into one chunk is read at once; only a longer list goes on later, at the version it began with. */
function streamedList(table: ObjectTable, request: ListRequest, plan: ListPlan): Answer {
  const { kind } = request;
  const start = head(kind, listMetadata(kind, plan));
  const first = readChunk(table, { plan, kind, from: plan.from });
  if (first.next === undefined) return { status: 200, body: `${start}${first.text}]}\n` };
  return { status: 200, body: restOfList(table, { plan, kind, start, first }) };
}

interface Chunk {
  text: string;
  /** Where to go on; undefined at the end. */
  next: Position | undefined;
}

function readChunk(
  table: ObjectTable,
  list: { plan: ListPlan; kind: ServedKind; from: Position | undefined },
): Chunk {
  const items: string[] = [];
  let characters = 0;
  for (const row of queryObjects(table, list.plan.query, list.from)) {
    const item = itemText(row, list.kind);
    items.push(item);
    characters += item.length;
    if (characters > chunkCharacters) {
      return { text: items.join(','), next: { ns: row.ns, after: row.name } };
    }
  }
  return { text: items.join(','), next: undefined };
}

async function* restOfList(
  table: ObjectTable,
  list: { plan: ListPlan; kind: ServedKind; start: string; first: Chunk },
): AsyncGenerator<Uint8Array> {
  const { kind, plan } = list;
  const fixed: ListPlan = { ...plan, query: { ...plan.query, atVersion: plan.version } };
  yield Buffer.from(list.start + list.first.text);
  let from = list.first.next;
  while (from !== undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    if (plan.version < table.historyFloor()) throw new Error('the list outlived the history of the store');
    const position = from;
    const chunk = table.snapshot(() => readChunk(table, { plan: fixed, kind, from: position }));
    if (chunk.text !== '') yield Buffer.from(`,${chunk.text}`);
    from = chunk.next;
  }
  yield Buffer.from(']}\n');
}
