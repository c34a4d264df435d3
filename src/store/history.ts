/**
 * Past states, read back from the log: it keeps of every change what was there before, so the state after a
 * change is what the next change of the same object found, or the object of today.
 *
 * Only valid for versions at or above the table's history floor, and inside one read transaction.
 */
import type { ChangeType, ObjectKey, ObjectTable, RowRange, StoredRow } from './object-table.ts';
import { readBody } from './stored-object.ts';

export interface PastChange {
  rv: number;
  type: ChangeType;
  /** The object before; null when it was created, or where `range.before` did not ask for it. */
  before: string | null;
  /** The object after; of a deletion the last state with the deletion's resourceVersion. */
  after: string;
}

interface LogRow {
  rv: number;
  ns: string;
  name: string;
  type: ChangeType;
}

export interface ChangeRange {
  res: string;
  /** Empty: every namespace. */
  ns: string;
  after: number;
  limit: number;
  /** The bodies from before the changes are wanted too. */
  before: boolean;
}

/** In the order in which they were made; the bodies of each are read when it is its turn. */
export function* changesAfter(table: ObjectTable, range: ChangeRange): Generator<PastChange, void> {
  const rows = table
    .prepared(
      // the sign keeps SQLite off the index by object, in which it would read all changes of the kind and sort them
      `SELECT rv, ns, name, type FROM log
       WHERE rv > ?1 AND +res = ?2 AND (?3 = '' OR ns = ?3) ORDER BY rv LIMIT ?4`,
    )
    .all(range.after, range.res, range.ns, range.limit) as LogRow[];
  for (const { rv, ns, name, type } of rows) {
    const before = range.before ? loggedBody(table, 'before', rv) : null;
    const deleted = type === 'DELETED' ? loggedBody(table, 'after', rv) : null;
    yield { rv, type, before, after: deleted ?? bodyAt(table, { res: range.res, ns, name }, rv) ?? '{}' };
  }
}

function loggedBody(table: ObjectTable, column: 'before' | 'after', rv: number): string | null {
  const row = table.prepared(`SELECT ${column} AS body FROM log WHERE rv = ?`).get(rv);
  return (row as { body: string | null } | undefined)?.body ?? null;
}

/** The object as it was at a resourceVersion; undefined when it did not exist then. */
function bodyAt(table: ObjectTable, key: ObjectKey, rv: number): string | undefined {
  const next = table
    .prepared('SELECT before FROM log WHERE res = ? AND ns = ? AND name = ? AND rv > ? ORDER BY rv LIMIT 1')
    .get(key.res, key.ns, key.name, rv) as { before: string | null } | undefined;
  if (next !== undefined) return next.before ?? undefined;
  return table.get(key)?.body;
}

/** As `table.range`, at a past resourceVersion. Fingerprints are not looked at. */
export function rangeAt(table: ObjectTable, range: RowRange, rv: number): StoredRow[] {
  const touched = table.prepared('SELECT 1 FROM log WHERE rv > ? AND +res = ? LIMIT 1').get(rv, range.res);
  if (touched === undefined) return table.range(range);
  const unchanged = table
    .prepared(
      'SELECT ns, name, rv, body FROM obj WHERE res = ? AND ns = ? AND name > ? AND rv <= ? ORDER BY name LIMIT ?',
    )
    .all(range.res, range.ns, range.after, rv, range.limit) as StoredRow[];
  const changed = changedSince(table, range, rv);
  const names = new Set(changed.map((row) => row.name));
  const rows = [...unchanged.filter((row) => !names.has(row.name)), ...changed];
  return rows.sort((left, right) => compareBytes(left.name, right.name)).slice(0, range.limit);
}

function changedSince(table: ObjectTable, range: RowRange, rv: number): StoredRow[] {
  const rows: StoredRow[] = [];
  let after = range.after;
  for (;;) {
    const next = table
      .prepared(
        `SELECT name, min(rv) AS rv FROM log WHERE res = ? AND ns = ? AND name > ? AND rv > ?
         GROUP BY name ORDER BY name LIMIT ?`,
      )
      .all(range.res, range.ns, after, rv, range.limit) as { name: string; rv: number }[];
    for (const { name, rv: changedAt } of next) {
      const found = table.prepared('SELECT before FROM log WHERE rv = ?').get(changedAt);
      const { before } = found as { before: string | null };
      if (before !== null) rows.push({ ns: range.ns, name, rv: versionOf(before), body: before });
    }
    const last = next.at(-1);
    if (last === undefined || next.length < range.limit || rows.length >= range.limit) return rows;
    after = last.name;
  }
}

/** How many objects there were after a name at a past resourceVersion. */
export function countAt(
  table: ObjectTable,
  range: { res: string; ns: string; after: string },
  rv: number,
): number {
  const unchanged = table
    .prepared('SELECT count(*) AS n FROM obj WHERE res = ? AND ns = ? AND name > ? AND rv <= ?')
    .get(range.res, range.ns, range.after, rv) as { n: number };
  const changed = table
    .prepared(
      `SELECT count(*) AS n FROM (
         SELECT min(rv) AS first FROM log WHERE res = ? AND ns = ? AND name > ? AND rv > ? GROUP BY name
       ) JOIN log ON log.rv = first WHERE log.before IS NOT NULL`,
    )
    .get(range.res, range.ns, range.after, rv) as { n: number };
  return unchanged.n + changed.n;
}

export function namespacesAt(table: ObjectTable, res: string, rv: number): string[] {
  const gone = table.prepared('SELECT DISTINCT ns FROM log WHERE res = ? AND rv > ?').all(res, rv) as {
    ns: string;
  }[];
  return [...new Set([...table.namespacesOf(res), ...gone.map((row) => row.ns)])];
}

function versionOf(body: string): number {
  return Number(readBody(body).metadata.resourceVersion);
}

export function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
