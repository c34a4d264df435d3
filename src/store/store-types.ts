import type { KubeObject } from '../api/objects.ts';
import type { Send } from '../api/wire.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What `openEmbeddedStore` goes by. */
export interface EmbeddedStoreOptions {
  /** Made with mode 0700 when it is missing. */
  directory: string;
  clock: Clock;
  random: Random;
  /** Namespaces that a new store holds, besides `default`. */
  namespaces: readonly string[];
}

/** How many objects of a kind there are. */
export interface StoredKindCount {
  apiVersion: string;
  kind: string;
  count: number;
}

/** What a store says of itself. */
export interface StoreInfo {
  directory: string;
  schemaVersion: number;
  sqliteVersion: string;
  /** The newest resourceVersion given out. */
  resourceVersion: number;
  /** Watches and continue tokens older than this resourceVersion are answered 410. */
  historyFloor: number;
  databaseBytes: number;
  walBytes: number;
  objects: StoredKindCount[];
}

/** How many objects of a kind an import made and changed. */
export interface ImportedKindCount {
  apiVersion: string;
  kind: string;
  created: number;
  updated: number;
}

/** What an import did. */
export interface ImportResult {
  kinds: ImportedKindCount[];
  /** Namespaces that the objects name and that did not exist. */
  namespacesCreated: string[];
}

/**
 * A Kubernetes API in a directory. `send` answers as a kube-apiserver does: refusals are answers with a Status
 * body; it throws STORE_FULL, STORE_BUSY, STORE_READ_ONLY, STORE_CORRUPT or STORE_UNAVAILABLE when the disk or
 * the database fails, and the reason of `request.signal` when that aborts first.
 */
export interface EmbeddedStore {
  send: Send;
  info(): StoreInfo;
  /** Takes objects as they are: no validation, no pruning; one transaction, all or nothing. */
  importObjects(objects: Iterable<KubeObject>): ImportResult;
  /** Every object, imported definitions and namespaces first, so that the result can be imported again. */
  exportObjects(): Iterable<KubeObject>;
  /** Deletes every object; the namespaces of a new store are there again. Watches see the deletions. */
  reset(): void;
  /** Everything before now becomes too old for continue tokens and for watches that did not read it yet (410). */
  dropHistory(): void;
  /** Ends every watch, answers what was accepted, closes the files. */
  close(): Promise<void>;
}
