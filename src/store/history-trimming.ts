/** Keeps the log bounded: by the number of changes and by the bytes that they hold. */
import type { ObjectTable } from './object-table.ts';

export const trimEveryChanges = 1000;
const longestHistory = 100_000;
const largestHistoryBytes = 64 * 1024 * 1024;
/** Deleting much at once would hold the lock for long. */
const mostAtOnce = 5000;

interface Edge {
  rv: number;
  size: number;
}

/** Inside a write transaction. */
export function trimHistory(table: ObjectTable): void {
  const newest = edge(table, 'DESC');
  const oldest = edge(table, 'ASC');
  if (newest === undefined || oldest === undefined) return;
  const byCount = newest.rv - longestHistory;
  const floor = Math.max(byCount, newestBeyondBytes(table, newest.size - largestHistoryBytes, oldest.rv));
  const bounded = Math.min(floor, oldest.rv + mostAtOnce);
  if (bounded >= oldest.rv) raiseFloor(table, bounded);
}

/** Everything up to now becomes too old for watches and continue tokens. Inside a write transaction. */
export function dropHistory(table: ObjectTable): void {
  raiseFloor(table, table.newestVersion());
}

function edge(table: ObjectTable, order: 'ASC' | 'DESC'): Edge | undefined {
  return table.prepared(`SELECT rv, size FROM log ORDER BY rv ${order} LIMIT 1`).get() as Edge | undefined;
}

/** `size` adds up, so the entries below a limit are those that are too many. */
function newestBeyondBytes(table: ObjectTable, limit: number, from: number): number {
  const row = table
    .prepared(
      'SELECT max(rv) AS rv FROM (SELECT rv, size FROM log WHERE rv >= ? ORDER BY rv LIMIT ?) WHERE size <= ?',
    )
    .get(from, mostAtOnce, limit) as { rv: number | null };
  return row.rv ?? 0;
}

function raiseFloor(table: ObjectTable, floor: number): void {
  table.prepared('DELETE FROM log WHERE rv <= ?').run(floor);
  table.prepared("UPDATE setting SET value = ? WHERE key = 'floor'").run(floor);
}
