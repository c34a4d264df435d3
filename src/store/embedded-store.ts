import type { EmbeddedStore, EmbeddedStoreOptions } from './store-types.ts';

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
