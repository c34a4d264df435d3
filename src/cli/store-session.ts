import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded-store.ts';
import type { Session } from './session.ts';

/** The `target` of what a store command prints. */
export function storeTarget({ config }: Session): { kind: 'embedded'; store: string; namespace: string } {
  return { kind: 'embedded', store: config.values.store, namespace: config.values.namespace };
}

/** Opens the configured embedded store for `work`, and closes it whatever happens. Errors: STORE_*. */
export async function withStore<T>(
  { config, runtime }: Session,
  work: (store: EmbeddedStore) => T | Promise<T>,
): Promise<T> {
  const store = await openEmbeddedStore({
    directory: config.values.store,
    clock: runtime.clock,
    random: runtime.random,
    namespaces: [config.values.namespace],
  });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
