import { statSync } from 'node:fs';
import { apiVersionOf } from '../api/objects.ts';
import type { StoredKindCount, StoreInfo } from './store-types.ts';
import { readSchemaVersion } from '../sqlite/migrations.ts';
import type { SqliteDatabase } from '../sqlite/sqlite.ts';
import type { StoreScope } from './store-scope.ts';

export function readStoreInfo(
  database: SqliteDatabase,
  scope: StoreScope,
  place: { directory: string; file: string },
): StoreInfo {
  const { table } = scope;
  const version = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  return {
    directory: place.directory,
    schemaVersion: readSchemaVersion(database),
    sqliteVersion: version.version,
    resourceVersion: table.newestVersion(),
    historyFloor: table.historyFloor(),
    databaseBytes: sizeOf(place.file),
    walBytes: sizeOf(`${place.file}-wal`),
    objects: countObjects(scope),
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function countObjects(scope: StoreScope): StoredKindCount[] {
  const { table } = scope;
  const kinds = scope.catalog();
  return table.resources().map((res) => {
    const kind = kinds.byStorageKey(res);
    const row = table.prepared('SELECT count(*) AS n FROM obj WHERE res = ?').get(res) as { n: number };
    return {
      apiVersion: kind === undefined ? '' : apiVersionOf(kind),
      kind: kind?.kind ?? res,
      count: row.n,
    };
  });
}
