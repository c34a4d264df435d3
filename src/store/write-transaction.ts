import type { ChangeType, ObjectKey, ObjectTable } from './object-table.ts';
import { NotedChanges } from './recent-changes.ts';
import { readBody, renderBody, type StoredObject } from './stored-object.ts';

const rowsAtOnce = 64;

/**
 * The changes of one transaction. Each gets the next resourceVersion; objects and history change together.
 * Made right after BEGIN IMMEDIATE, so that no other process can hand out versions meanwhile.
 */
export class WriteTransaction {
  readonly table: ObjectTable;
  /** For the watches of this process, where that was asked for. */
  readonly noted: NotedChanges | undefined;
  #version: number;
  #changes = 0;

  constructor(table: ObjectTable, { notes = false } = {}) {
    this.table = table;
    this.#version = table.newestVersion();
    this.noted = notes ? new NotedChanges(this.#version) : undefined;
  }

  get changes(): number {
    return this.#changes;
  }

  insert(key: ObjectKey, object: StoredObject): string {
    const rv = this.#next();
    const body = renderBody(object, rv);
    this.table.append({ ...key, rv, type: 'ADDED', after: null });
    this.table.insert(key, rv, body);
    this.#note(key, { rv, type: 'ADDED', after: body });
    return body;
  }

  update(key: ObjectKey, object: StoredObject): string {
    const rv = this.#next();
    const body = renderBody(object, rv);
    this.table.append({ ...key, rv, type: 'MODIFIED', after: null });
    this.table.update(key, rv, body);
    this.#note(key, { rv, type: 'MODIFIED', after: body });
    return body;
  }

  /** `object`: the last state, which watchers get with the resourceVersion of the deletion. */
  remove(key: ObjectKey, object: StoredObject): string {
    const rv = this.#next();
    const body = renderBody(object, rv);
    this.table.append({ ...key, rv, type: 'DELETED', after: body });
    this.table.remove(key);
    this.#note(key, { rv, type: 'DELETED', after: body });
    return body;
  }

  /** Deletes every object of every kind, as single deletions. */
  removeEverything(): void {
    for (const res of this.table.resources()) {
      for (const ns of this.table.namespacesOf(res)) this.removeAll(res, ns);
    }
  }

  removeAll(res: string, ns: string): void {
    for (;;) {
      const rows = this.table.range({ res, ns, after: '', limit: rowsAtOnce });
      for (const row of rows) this.remove({ res, ns, name: row.name }, readBody(row.body));
      if (rows.length < rowsAtOnce) return;
    }
  }

  #note({ res, ns, name }: ObjectKey, change: { rv: number; type: ChangeType; after: string }): void {
    this.noted?.add({ res, ns, name, ...change });
  }

  #next(): number {
    this.#version += 1;
    this.#changes += 1;
    return this.#version;
  }
}
