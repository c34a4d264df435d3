import { coreCases } from './cases/core.ts';
import { createCases } from './cases/create.ts';
import { leaseCases } from './cases/lease.ts';
import { listCases } from './cases/list.ts';
import { pathCases } from './cases/paths.ts';
import { removeCases } from './cases/remove.ts';
import { schemaCases } from './cases/schema.ts';
import { tableCases } from './cases/tables.ts';
import { updateCases } from './cases/update.ts';
import { watchCases } from './cases/watch.ts';
import type { ContractCase } from './contract-case.ts';

/** Subject -> its cases; what the real API server answered to them lies in `answers/<subject>.json`. */
export const subjects: Record<string, ContractCase[]> = {
  create: createCases,
  schema: schemaCases,
  update: updateCases,
  remove: removeCases,
  list: listCases,
  watch: watchCases,
  lease: leaseCases,
  core: coreCases,
  paths: pathCases,
  tables: tableCases,
};
