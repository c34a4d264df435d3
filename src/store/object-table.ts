/**
 * The two tables behind the store. Every method runs one or a few statements at once, never across an await;
 * whoever needs several to agree runs them inside one transaction.
 */
import { DamageError } from '../sqlite/damage-error.ts';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite.ts';

/** Where an object lives: `res` is the plural with its group, `ns` empty for what is in no namespace. */
export interface ObjectKey {
  res: string;
  ns: string;
  name: string;
}

export interface StoredRow {
  ns: string;
  name: string;
  rv: number;
  body: string;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface LoggedChange extends ObjectKey {
  rv: number;
  type: ChangeType;
  /** Of a deletion the last state. */
  after: string | null;
}

export interface RowRange {
  res: string;
  ns: string;
  /** Names greater than this one, compared as bytes. */
  after: string;
  limit: number;
  fingerprint?: string;
}

export class ObjectTable {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  prepared(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  get(key: ObjectKey): StoredRow | undefined {
    return this.prepared('SELECT ns, name, rv, body FROM obj WHERE res = ? AND ns = ? AND name = ?').get(
      key.res,
      key.ns,
      key.name,
    ) as StoredRow | undefined;
  }

  has(key: ObjectKey): boolean {
    return (
      this.prepared('SELECT 1 FROM obj WHERE res = ? AND ns = ? AND name = ?').get(
        key.res,
        key.ns,
        key.name,
      ) !== undefined
    );
  }

  insert(key: ObjectKey, rv: number, body: string): void {
    this.prepared('INSERT INTO obj (res, ns, name, rv, body) VALUES (?, ?, ?, ?, ?)').run(
      key.res,
      key.ns,
      key.name,
      rv,
      body,
    );
  }

  update(key: ObjectKey, rv: number, body: string): void {
    this.prepared('UPDATE obj SET rv = ?, body = ? WHERE res = ? AND ns = ? AND name = ?').run(
      rv,
      body,
      key.res,
      key.ns,
      key.name,
    );
  }

  remove(key: ObjectKey): void {
    this.prepared('DELETE FROM obj WHERE res = ? AND ns = ? AND name = ?').run(key.res, key.ns, key.name);
  }

  /** Ordered by name; `body` included. */
  range(range: RowRange): StoredRow[] {
    if (range.fingerprint !== undefined) {
      return this.prepared(
        `SELECT ns, name, rv, body FROM obj INDEXED BY obj_fingerprint
         WHERE res = ? AND ns = ? AND fp = ? AND name > ? ORDER BY name LIMIT ?`,
      ).all(range.res, range.ns, range.fingerprint, range.after, range.limit) as StoredRow[];
    }
    return this.prepared(
      'SELECT ns, name, rv, body FROM obj WHERE res = ? AND ns = ? AND name > ? ORDER BY name LIMIT ?',
    ).all(range.res, range.ns, range.after, range.limit) as StoredRow[];
  }

  count(range: { res: string; ns: string; after: string }): number {
    const row = this.prepared('SELECT count(*) AS n FROM obj WHERE res = ? AND ns = ? AND name > ?').get(
      range.res,
      range.ns,
      range.after,
    );
    return (row as { n: number }).n;
  }

  /** Several reads of one state; `read` runs to its end at once and writes nothing. */
  snapshot<T>(read: () => T): T {
    this.#database.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  /** Distinct resources, or namespaces of one resource, by leaps through the index. */
  resources(): string[] {
    return this.#leap(
      `WITH RECURSIVE leap(v) AS (SELECT min(res) FROM obj
         UNION ALL SELECT (SELECT min(res) FROM obj WHERE res > leap.v) FROM leap WHERE leap.v IS NOT NULL)
       SELECT v FROM leap WHERE v IS NOT NULL`,
    );
  }

  namespacesOf(res: string): string[] {
    return this.#leap(
      `WITH RECURSIVE leap(v) AS (SELECT min(ns) FROM obj WHERE res = ?1
         UNION ALL SELECT (SELECT min(ns) FROM obj WHERE res = ?1 AND ns > leap.v) FROM leap WHERE leap.v IS NOT NULL)
       SELECT v FROM leap WHERE v IS NOT NULL`,
      res,
    );
  }

  #leap(sql: string, ...values: string[]): string[] {
    return (this.prepared(sql).all(...values) as { v: string }[]).map((row) => row.v);
  }

  /** The newest resourceVersion given out. */
  newestVersion(): number {
    const row = this.prepared("SELECT seq FROM sqlite_sequence WHERE name = 'log'").get();
    return (row as { seq: number } | undefined)?.seq ?? 0;
  }

  historyFloor(): number {
    const row = this.prepared("SELECT value FROM setting WHERE key = 'floor'").get();
    if (row === undefined) throw new DamageError('the beginning of its history is missing');
    return (row as { value: number }).value;
  }

  /** How often everything was deleted by a reset. */
  resets(): number {
    const row = this.prepared("SELECT value FROM setting WHERE key = 'resets'").get();
    return (row as { value: number } | undefined)?.value ?? 0;
  }

  countReset(): void {
    this.prepared(
      "INSERT INTO setting VALUES ('resets', 1) ON CONFLICT (key) DO UPDATE SET value = value + 1",
    ).run();
  }

  /** To be called before the change itself: what is there then is what was before. */
  append(change: LoggedChange): void {
    const { rv, res, ns, name, type, after } = change;
    this.prepared(
      `INSERT INTO log (rv, res, ns, name, type, before, after, size)
       SELECT ?1, ?2, ?3, ?4, ?5, old.body, ?6, 100 + ifnull(length(old.body), 0) + ifnull(length(?6), 0)
         + ifnull((SELECT size FROM log ORDER BY rv DESC LIMIT 1), 0)
       FROM (SELECT 1) LEFT JOIN obj AS old ON old.res = ?2 AND old.ns = ?3 AND old.name = ?4`,
    ).run(rv, res, ns, name, type, after);
  }
}
