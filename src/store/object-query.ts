/** Objects in the order of etcd's keys, which is that of `<namespace>/<name>` as bytes. */
import { matchesFields, exactValue, type FieldRequirement } from './field-selector.ts';
import { compareBytes, namespacesAt, rangeAt } from './history.ts';
import { matchesLabels, type LabelRequirement } from './label-selector.ts';
import type { ObjectTable, StoredRow } from './object-table.ts';
import type { ServedKind } from './served-kind.ts';
import { readBody } from './stored-object.ts';

export interface ObjectQuery {
  kind: ServedKind;
  /** Empty: all namespaces, or a cluster-scoped kind. */
  ns: string;
  fields: readonly FieldRequirement[];
  labels: readonly LabelRequirement[];
  /** Undefined: as things are now. */
  atVersion: number | undefined;
}

export interface Position {
  ns: string;
  /** The objects after this name. */
  after: string;
}

export function isSelective(query: ObjectQuery): boolean {
  return query.fields.length > 0 || query.labels.length > 0;
}

const rowsAtOnce = 64;

/**
 * Every object that matches, page by page of the table; a caller that pauses between rows keeps one read
 * transaction open or gives a version to read at.
 */
export function* queryObjects(
  table: ObjectTable,
  query: ObjectQuery,
  from: Position | undefined,
): Generator<StoredRow> {
  for (const ns of namespacesToRead(table, query, from)) {
    const after = from !== undefined && from.ns === ns ? from.after : '';
    yield* rowsOfNamespace(table, query, { ns, after });
  }
}

/** In the order of their keys. */
export function namespacesToRead(
  table: ObjectTable,
  query: ObjectQuery,
  from: Position | undefined,
): string[] {
  const named = exactValue(query.fields, 'metadata.namespace');
  const all = query.ns !== '' || !query.kind.namespaced ? [query.ns] : allNamespaces(table, query);
  return all
    .filter((ns) => named === undefined || ns === named || query.ns !== '')
    .filter((ns) => from === undefined || compareBytes(`${ns}/`, `${from.ns}/`) >= 0)
    .sort((left, right) => compareBytes(`${left}/`, `${right}/`));
}

function allNamespaces(table: ObjectTable, query: ObjectQuery): string[] {
  return query.atVersion === undefined
    ? table.namespacesOf(query.kind.res)
    : namespacesAt(table, query.kind.res, query.atVersion);
}

const fingerprintPath = 'spec.signalFingerprint';

function* rowsOfNamespace(table: ObjectTable, query: ObjectQuery, start: Position): Generator<StoredRow> {
  const name = exactValue(query.fields, 'metadata.name');
  if (name !== undefined && query.atVersion === undefined) {
    yield* namedRow(table, query, { start, name });
    return;
  }
  let { after } = start;
  for (;;) {
    const rows = readRange(table, query, { ns: start.ns, after });
    for (const row of rows) if (matches(row.body, query)) yield row;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.name;
  }
}

function* namedRow(
  table: ObjectTable,
  query: ObjectQuery,
  { start, name }: { start: Position; name: string },
): Generator<StoredRow> {
  const row = table.get({ res: query.kind.res, ns: start.ns, name });
  if (row !== undefined && compareBytes(name, start.after) > 0 && matches(row.body, query)) yield row;
}

function readRange(table: ObjectTable, query: ObjectQuery, { ns, after }: Position): StoredRow[] {
  const range = { res: query.kind.res, ns, after, limit: rowsAtOnce };
  if (query.atVersion !== undefined) return rangeAt(table, range, query.atVersion);
  const fingerprint = exactValue(query.fields, fingerprintPath) ?? '';
  return table.range(fingerprint === '' ? range : { ...range, fingerprint });
}

export function matches(body: string, query: Pick<ObjectQuery, 'fields' | 'labels'>): boolean {
  if (query.fields.length === 0 && query.labels.length === 0) return true;
  const object = readBody(body);
  return matchesFields(object, query.fields) && matchesLabels(object.metadata.labels, query.labels);
}
