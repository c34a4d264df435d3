/** The embedded store put together; embedded-store.ts is its door. */
import type { KubeObject } from '../api/objects.ts';
import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import { Refusal } from './answer.ts';
import { CatalogCache } from './catalog-cache.ts';
import { ChangeFeed } from './change-feed.ts';
import { inTransaction, openDatabase } from './database-file.ts';
import type { EmbeddedStore, EmbeddedStoreOptions, ImportResult, StoreInfo } from './store-types.ts';
import { exportFrom } from './export-objects.ts';
import { dropHistory, trimHistory, trimEveryChanges } from './history-trimming.ts';
import { createNamespace, importInto } from './import-objects.ts';
import { ObjectTable } from './object-table.ts';
import { toResponse } from './response.ts';
import { serve, type ServingContext } from './served-requests.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { storeError } from './store-errors.ts';
import { readStoreInfo } from './store-info.ts';
import type { StoreScope } from './store-scope.ts';
import { WriteQueue } from './write-queue.ts';
import { WriteTransaction } from './write-transaction.ts';

const alwaysThere = 'default';

export async function openStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { directory } = options;
  const opened = await openDatabase(directory, (database) => {
    makeNamespaces(new ObjectTable(database), options);
  });
  return new SqliteStore(opened.database, opened.file, options);
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
  readonly #file: string;
  readonly #options: EmbeddedStoreOptions;
  readonly #scope: StoreScope;
  readonly #writes: WriteQueue<WriteTransaction>;
  readonly #feed: ChangeFeed;
  readonly #closing = new AbortController();
  #changesSinceTrim = 0;

  constructor(database: SqliteDatabase, file: string, options: EmbeddedStoreOptions) {
    const { clock, random, directory } = options;
    this.#database = database;
    this.#file = file;
    this.#options = options;
    const table = new ObjectTable(database);
    const catalogs = new CatalogCache(table);
    this.#scope = { table, catalog: () => catalogs.current(), clock, random };
    this.#feed = new ChangeFeed(database, clock);
    this.#writes = new WriteQueue({
      database,
      clock,
      random,
      directory,
      begun: () => new WriteTransaction(table),
      onCommit: ({ changes }) => {
        if (changes > 0) this.#committed(changes);
      },
    });
    this.send = (request) => this.#answer(request);
  }

  info(): StoreInfo {
    return this.#guarded(() =>
      readStoreInfo(this.#database, this.#scope, { directory: this.#options.directory, file: this.#file }),
    );
  }

  importObjects(objects: Iterable<KubeObject>): ImportResult {
    return this.#write((transaction) => importInto(transaction, this.#scope, objects));
  }

  exportObjects(): Iterable<KubeObject> {
    return exportFrom(this.#scope.table);
  }

  reset(): void {
    this.#write((transaction) => {
      transaction.removeEverything();
    });
    this.#write(() => makeNamespaces(this.#scope.table, this.#options));
  }

  dropHistory(): void {
    this.#guarded(() => {
      inTransaction(this.#database, () => {
        dropHistory(this.#scope.table);
      });
    });
    this.#feed.announce();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writes.idle();
    this.#feed.close();
    this.#database.close();
  }

  async #answer(request: ApiRequest): Promise<ApiResponse> {
    request.signal?.throwIfAborted();
    const context: ServingContext = {
      scope: this.#scope,
      writes: this.#writes,
      feed: this.#feed,
      closing: this.#closing.signal,
    };
    try {
      return toResponse(await serve(context, request), this.#options.clock);
    } catch (error) {
      if (error instanceof Refusal) return toResponse(error.answer, this.#options.clock);
      throw storeError(error, this.#options.directory);
    }
  }

  #write<T>(run: (transaction: WriteTransaction) => T): T {
    return this.#guarded(() => {
      const result = inTransaction(this.#database, () => run(new WriteTransaction(this.#scope.table)));
      this.#committed(1);
      return result;
    });
  }

  #guarded<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw storeError(error, this.#options.directory);
    }
  }

  #committed(changes: number): void {
    this.#feed.announce();
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
