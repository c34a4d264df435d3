import type { KubeObject } from '../../api/objects.ts';
import type { ImportResult, StoreInfo } from '../../store/store-types.ts';
import type { TableColumn } from './table.ts';

/** What a store holds, a line a kind. */
export const storeInfoColumns: readonly TableColumn<StoreInfo['objects'][number]>[] = [
  { header: 'KIND', cell: ({ kind }) => kind, key: true },
  { header: 'API VERSION', cell: ({ apiVersion }) => apiVersion, spare: 1 },
  { header: 'OBJECTS', cell: ({ count }) => String(count) },
];

/** What an import did, a line a kind. */
export const storeImportColumns: readonly TableColumn<ImportResult['kinds'][number]>[] = [
  { header: 'KIND', cell: ({ kind }) => kind, key: true },
  { header: 'API VERSION', cell: ({ apiVersion }) => apiVersion, spare: 1 },
  { header: 'CREATED', cell: ({ created }) => String(created) },
  { header: 'UPDATED', cell: ({ updated }) => String(updated) },
];

/** A store that was emptied. */
export const storeResetColumns: readonly TableColumn<{ target: { store: string }; deleted: number }>[] = [
  { header: 'STORE', cell: ({ target }) => target.store, key: true },
  { header: 'DELETED', cell: ({ deleted }) => String(deleted) },
];

/** Every object of a store. */
export const storeExportColumns: readonly TableColumn<KubeObject>[] = [
  { header: 'KIND', cell: ({ kind }) => kind, key: true },
  { header: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace, key: true },
  { header: 'NAME', cell: ({ metadata }) => metadata.name, key: true },
];

/** A store that is served. */
export const storeServerColumns: readonly TableColumn<{
  target: { store: string };
  server: string;
  kubeconfig: string;
}>[] = [
  { header: 'SERVER', cell: ({ server }) => server, key: true },
  { header: 'STORE', cell: ({ target }) => target.store },
  { header: 'KUBECONFIG', cell: ({ kubeconfig }) => kubeconfig },
];
