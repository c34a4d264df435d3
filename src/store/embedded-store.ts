import type { StoreInspection } from './inspect-store.ts';
import type { EmbeddedStore, EmbeddedStoreOptions } from './store-types.ts';

export type { StoreInspection } from './inspect-store.ts';
export type {
  EmbeddedStore,
  EmbeddedStoreOptions,
  ImportedKindCount,
  ImportResult,
  StoredKindCount,
  StoreInfo,
} from './store-types.ts';

/** Errors: STORE_UNAVAILABLE, STORE_READ_ONLY, STORE_FULL, STORE_CORRUPT, STORE_TOO_NEW, STORE_BUSY. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const { openStore } = await import('./open-store.ts');
  return openStore(options);
}

/**
 * What can be told of a store's files without changing them; undefined where there is none. Reads the whole
 * database and blocks the thread for as long. Errors: STORE_UNAVAILABLE, STORE_READ_ONLY, STORE_CORRUPT, STORE_BUSY.
 */
export async function inspectEmbeddedStore(directory: string): Promise<StoreInspection | undefined> {
  const { inspectStore } = await import('./inspect-store.ts');
  return inspectStore(directory);
}

/** Whether there is a store in the directory; none is made. */
export async function embeddedStoreExists(directory: string): Promise<boolean> {
  const { storeExists } = await import('./inspect-store.ts');
  return storeExists(directory);
}
