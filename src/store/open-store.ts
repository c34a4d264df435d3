/** The embedded store put together; embedded-store.ts is its door. */
import type { KubeObject } from '../api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { Refusal } from './answer.ts';
import { CatalogCache } from './catalog-cache.ts';
import { ChangeFeed } from './change-feed.ts';
import { inTransaction } from '../sqlite/database-file.ts';
import { openDatabase } from './store-database.ts';
import type { DatabaseGuard } from '../sqlite/database-guard.ts';
import type { EmbeddedStore, EmbeddedStoreOptions, ImportResult, StoreInfo } from './store-types.ts';
import { exportFrom } from './export-objects.ts';
import { dropHistory, trimHistory, trimEveryChanges } from './history-trimming.ts';
import { createNamespace, importInto } from './import-objects.ts';
import { ObjectTable } from './object-table.ts';
import type { NotedChanges } from './recent-changes.ts';
import { toResponse } from './response.ts';
import { serve, type ServingContext } from './served-requests.ts';
import type { SqliteDatabase } from '../sqlite/sqlite.ts';
import { readStoreInfo } from './store-info.ts';
import type { StoreScope } from './store-scope.ts';
import { WriteQueue } from '../sqlite/write-queue.ts';
import { WriteTransaction } from './write-transaction.ts';

const alwaysThere = 'default';

export async function openStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { directory } = options;
  const opened = await openDatabase(directory, (database) => {
    makeNamespaces(new ObjectTable(database), options);
  });
  return new SqliteStore(opened.database, opened.guard, options);
}

function makeNamespaces(table: ObjectTable, options: EmbeddedStoreOptions): number {
  const transaction = new WriteTransaction(table);
  for (const name of new Set([alwaysThere, ...options.namespaces])) {
    createNamespace(transaction, { ...options, table }, name);
  }
  return transaction.changes;
}

class SqliteStore implements EmbeddedStore {
  readonly send: Send;
  readonly #database: SqliteDatabase;
  readonly #guard: DatabaseGuard;
  readonly #options: EmbeddedStoreOptions;
  readonly #scope: StoreScope;
  readonly #writes: WriteQueue<WriteTransaction>;
  readonly #feed: ChangeFeed;
  readonly #closing = new AbortController();
  /** How often the store had been reset when it was opened. */
  #resets: number;
  #hasWritten = false;
  #changesSinceTrim = 0;

  constructor(database: SqliteDatabase, guard: DatabaseGuard, options: EmbeddedStoreOptions) {
    const { clock, random } = options;
    this.#database = database;
    this.#guard = guard;
    this.#options = options;
    const table = new ObjectTable(database);
    const catalogs = new CatalogCache(table);
    this.#resets = table.resets();
    this.#scope = { table, catalog: () => catalogs.current(), clock, random };
    this.#feed = new ChangeFeed(database, clock, () => {
      guard.requireThere();
    });
    this.#writes = new WriteQueue({
      database,
      clock,
      random,
      guard,
      begun: () => {
        this.#requireKept();
        return new WriteTransaction(table, { notes: true });
      },
      onCommit: ({ changes, noted }) => {
        if (changes > 0) this.#committed(changes, noted);
      },
      refuses: (thrown) => thrown instanceof Refusal,
    });
    this.send = (request) => this.#answer(request);
  }

  info(): StoreInfo {
    return this.#guarded(() =>
      readStoreInfo(this.#database, this.#scope, {
        directory: this.#options.directory,
        file: this.#guard.file,
      }),
    );
  }

  importObjects(objects: Iterable<KubeObject>): ImportResult {
    return this.#write((transaction) => importInto(transaction, this.#scope, objects));
  }

  *exportObjects(): Iterable<KubeObject> {
    try {
      yield* exportFrom(this.#scope.table);
    } catch (error) {
      throw this.#guard.explain(error);
    }
  }

  reset(): void {
    this.#write((transaction) => {
      transaction.removeEverything();
      makeNamespaces(this.#scope.table, this.#options);
      this.#scope.table.countReset();
    });
    this.#resets = this.#scope.table.resets();
  }

  dropHistory(): void {
    this.#guarded(() => {
      inTransaction(this.#database, () => {
        dropHistory(this.#scope.table);
      });
    });
    this.#feed.committed();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writes.idle();
    this.#feed.close();
    try {
      if (this.#hasWritten)
        this.#guarded(() => {
          this.#requireKept();
        });
    } finally {
      this.#guard.close(this.#database);
    }
  }

  /** What this connection has written is deleted by a reset of another one. @throws STORE_LOST */
  #requireKept(): void {
    this.#guard.requireThere();
    const resets = this.#scope.table.resets();
    if (resets === this.#resets) return;
    if (this.#hasWritten) throw this.#guard.reset();
    this.#resets = resets;
  }

  async #answer(request: ApiRequest): Promise<ApiResponse> {
    request.signal?.throwIfAborted();
    const context: ServingContext = {
      scope: this.#scope,
      writes: this.#writes,
      feed: this.#feed,
      guard: this.#guard,
      closing: this.#closing.signal,
    };
    try {
      const answer = await serve(context, request);
      const { body } = answer;
      const readable = typeof body === 'string' ? body : this.#explained(body);
      return toResponse({ ...answer, body: readable }, this.#options.clock);
    } catch (error) {
      if (error instanceof Refusal) return toResponse(error.answer, this.#options.clock);
      throw this.#guard.explain(error);
    }
  }

  /** What is read bit by bit may fail long after the answer has begun. */
  async *#explained<T>(parts: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* parts;
    } catch (error) {
      throw this.#guard.explain(error);
    }
  }

  #write<T>(run: (transaction: WriteTransaction) => T): T {
    return this.#guarded(() => {
      const result = inTransaction(this.#database, () => {
        this.#requireKept();
        return run(new WriteTransaction(this.#scope.table));
      });
      this.#guard.committed();
      this.#committed(1);
      return result;
    });
  }

  #guarded<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw this.#guard.explain(error);
    }
  }

  #committed(changes: number, noted?: NotedChanges): void {
    this.#hasWritten = true;
    this.#feed.committed(noted);
    this.#changesSinceTrim += changes;
    if (this.#changesSinceTrim < trimEveryChanges) return;
    this.#changesSinceTrim = 0;
    // A trim that fails is made up for by the next one; the writes that need the room say what is wrong.
    this.#writes
      .submit(() => {
        trimHistory(this.#scope.table);
      })
      .catch(() => undefined);
  }
}
