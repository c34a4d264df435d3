import { readBody } from './stored-object.ts';
import { KindCatalog } from './served-kind.ts';
import type { ObjectTable } from './object-table.ts';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** The catalog of kinds, read again only after a definition was written by this process or another one. */
export class CatalogCache {
  readonly #table: ObjectTable;
  #catalog: KindCatalog | undefined;
  #mark = '';

  constructor(table: ObjectTable) {
    this.#table = table;
  }

  current(): KindCatalog {
    const mark = this.#readMark();
    if (this.#catalog === undefined || mark !== this.#mark) {
      this.#mark = mark;
      this.#catalog = new KindCatalog(this.#definitions());
    }
    return this.#catalog;
  }

  /** Few rows, read through the index and the first bytes of each. */
  #readMark(): string {
    const row = this.#table
      .prepared('SELECT count(*) AS n, max(rv) AS rv FROM obj WHERE res = ?')
      .get(definitions) as { n: number; rv: number | null };
    return `${row.n}/${row.rv ?? 0}`;
  }

  *#definitions(): Generator<Record<string, unknown>> {
    let after = '';
    for (;;) {
      const [row] = this.#table.range({ res: definitions, ns: '', after, limit: 1 });
      if (row === undefined) return;
      yield readBody(row.body);
      after = row.name;
    }
  }
}
