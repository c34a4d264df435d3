import type { KubeObject } from '../api/objects.ts';
import type { ObjectTable } from './object-table.ts';
import { readBody } from './stored-object.ts';

const first = ['customresourcedefinitions.apiextensions.k8s.io', 'namespaces'];
const rowsAtOnce = 64;

/** Definitions, namespaces, then the rest by kind, namespace and name; not one state if others write meanwhile. */
export function* exportFrom(table: ObjectTable): Generator<KubeObject> {
  const resources = table.resources();
  const rest = resources.filter((res) => !first.includes(res));
  for (const res of [...first.filter((one) => resources.includes(one)), ...rest]) {
    for (const ns of table.namespacesOf(res)) yield* exportNamespace(table, res, ns);
  }
}

function* exportNamespace(table: ObjectTable, res: string, ns: string): Generator<KubeObject> {
  let after = '';
  for (;;) {
    const rows = table.range({ res, ns, after, limit: rowsAtOnce });
    for (const row of rows) yield readBody(row.body) as unknown as KubeObject;
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) return;
    after = last.name;
  }
}
