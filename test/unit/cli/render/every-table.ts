/** Every table of the program, with rows of names. */
import { Chalk } from 'chalk';
import { acquiredColumns, changedLockColumns } from '../../../../src/cli/render/lock-change-columns.ts';
import { actionColumns, whyColumn } from '../../../../src/cli/plan-run/print-runs.ts';
import { boardColumns } from '../../../../src/cli/render/show-changes.ts';
import { changeColumns } from '../../../../src/cli/render/change-lines.ts';
import { comparisonColumns } from '../../../../src/cli/retry/comparison-text.ts';
import { doctorColumns } from '../../../../src/cli/render/doctor-text.ts';
import { historyColumns, stateColumns } from '../../../../src/cli/render/dedup-columns.ts';
import { ingestColumns } from '../../../../src/cli/render/ingest-columns.ts';
import { sendColumns } from '../../../../src/cli/render/send-columns.ts';
import { lockColumns } from '../../../../src/cli/render/lock-columns.ts';
import { lockDetailColumns, lockDetailRows } from '../../../../src/cli/render/lock-details.ts';
import { normalizeColumns } from '../../../../src/cli/render/signal-columns.ts';
import {
  pathColumns,
  settingColumns,
  versionColumns,
  wroteColumns,
} from '../../../../src/cli/render/program-columns.ts';
import { previewColumns } from '../../../../src/cli/plan/preview-text.ts';
import { requestColumns } from '../../../../src/cli/render/request-columns.ts';
import { runListColumns } from '../../../../src/cli/plan-run/print-run-list.ts';
import { scheduleColumns, scheduleRows } from '../../../../src/cli/retry/schedule-view.ts';
import { signalStateColumns } from '../../../../src/cli/render/dedup-signal-columns.ts';
import {
  storeExportColumns,
  storeImportColumns,
  storeInfoColumns,
  storeResetColumns,
  storeServerColumns,
} from '../../../../src/cli/render/store-columns.ts';
import type { TableColumn } from '../../../../src/cli/render/table.ts';
import { templateColumns } from '../../../../src/cli/plan/print-template.ts';
import { validationColumns } from '../../../../src/cli/plan/print-validation.ts';
import * as programs from './program-rows.ts';
import * as plans from './plan-rows.ts';
import * as rows from './sample-rows.ts';
import type { Sample } from './sample-names.ts';

/** One table, of rows that nobody needs to know. */
export interface SampleTable {
  /** Below src/cli: where its headers stand. */
  file: string;
  columns: readonly TableColumn<unknown>[];
  rows: (samples: readonly Sample[]) => readonly unknown[];
  /** One thing in full: laid out on a terminal, nothing is cut. */
  inFull?: boolean;
  /** Its rows come one by one. */
  goesOn?: boolean;
  /** Shown off a terminal only, or with `-o wide`. */
  onlyWide?: boolean;
}

function table<Row>(
  file: string,
  columns: readonly TableColumn<Row>[],
  rowsOf: (samples: readonly Sample[]) => readonly Row[],
  kind: Pick<SampleTable, 'inFull' | 'goesOn' | 'onlyWide'> = {},
): SampleTable {
  return { file, columns: columns as readonly TableColumn<unknown>[], rows: rowsOf, ...kind };
}

const paint = new Chalk({ level: 0 });
const { nowMs } = rows;
const now = (): number => nowMs;
const inAll = { now, paint, withNamespace: true };
const inOne = { now, paint, withNamespace: false };
const changed = <T>(objects: readonly T[]) =>
  objects.map((object, index) => ({ type: index === 2 ? 'DELETED' : 'MODIFIED', object }) as const);
const onBoard = <T>(objects: readonly T[]) => objects.map((object) => ({ object, changedMs: nowMs }));
const narrow = <T>(columns: readonly TableColumn<T>[]) => columns.filter(({ wide }) => wide !== true);

export const tables: Readonly<Record<string, SampleTable>> = {
  'signal-ingest': table('render/ingest-columns.ts', ingestColumns(paint), rows.ingestItems),
  'signal-send': table('render/send-columns.ts', sendColumns(paint, { compare: true }), rows.sendItems),
  'signal-normalize': table('render/signal-columns.ts', normalizeColumns(paint), rows.signalItems),
  'request-list': table('render/request-columns.ts', requestColumns(inOne), rows.requests),
  'request-list-A': table('render/request-columns.ts', requestColumns(inAll), rows.requests),
  'request-watch': table(
    'render/change-lines.ts',
    changeColumns(narrow(requestColumns(inOne)), { now, paint }),
    (samples) => changed(rows.requests(samples)),
    { goesOn: true },
  ),
  'request-watch-terminal': table(
    'render/show-changes.ts',
    boardColumns(narrow(requestColumns(inAll))),
    (samples) => onBoard(rows.requests(samples)),
  ),
  'lease-list': table('render/lock-columns.ts', lockColumns(inOne), rows.locks),
  'lease-list-A': table('render/lock-columns.ts', lockColumns(inAll), rows.locks),
  'lease-get': table(
    'render/lock-details.ts',
    lockDetailColumns(paint),
    (samples) => rows.locks(samples).flatMap((lock) => lockDetailRows(lock, nowMs)),
    { inFull: true },
  ),
  'lease-acquire': table('render/lock-change-columns.ts', acquiredColumns, (samples) =>
    rows.locks(samples).map((lock) => ({ ...lock, acquired: true, token: '104523', waitedSeconds: 1.204 })),
  ),
  'lease-renew': table('render/lock-change-columns.ts', changedLockColumns('renew'), (samples) =>
    rows.locks(samples).map((lock) => ({
      lock,
      outcome: 'renewed',
      forced: true,
      event: { namespace: 'kubernaut-system', name: `${lock.name}.18a1b2c3d4e5f607` },
    })),
  ),
  'dedup-list': table('render/dedup-columns.ts', stateColumns({ now, paint }), rows.states),
  'dedup-show-history': table('render/dedup-columns.ts', historyColumns({ now, paint }), rows.history),
  'dedup-show-signals': table(
    'render/dedup-signal-columns.ts',
    signalStateColumns({ nowMs, paint }),
    rows.signalStates,
  ),
  'dedup-list-watch': table(
    'render/change-lines.ts',
    changeColumns(narrow(stateColumns({ now, paint })), { now, paint }),
    (samples) => changed(rows.states(samples)),
    { goesOn: true },
  ),
  'plan-status-list': table('plan-run/print-run-list.ts', runListColumns(nowMs), plans.runs),
  'plan-status': table('plan-run/print-runs.ts', actionColumns, plans.results),
  'plan-status-piped': table('plan-run/print-runs.ts', [...actionColumns, whyColumn], plans.results, {
    onlyWide: true,
  }),
  'plan-show': table('plan/preview-text.ts', previewColumns, plans.actions, { inFull: true }),
  'plan-validate': table('plan/print-validation.ts', validationColumns(false), plans.valid),
  'plan-new': table('plan/print-template.ts', templateColumns, plans.templateRows),
  'retry-schedule': table('retry/schedule-view.ts', scheduleColumns(false), () =>
    scheduleRows(plans.schedules().slice(0, 1)),
  ),
  'retry-schedule-several': table('retry/schedule-view.ts', scheduleColumns(true), () =>
    scheduleRows(plans.schedules()),
  ),
  'retry-compare': table('retry/comparison-text.ts', comparisonColumns, plans.comparisons),
  'store-info': table('render/store-columns.ts', storeInfoColumns, programs.kinds),
  'store-import': table('render/store-columns.ts', storeImportColumns, programs.importedKinds),
  'store-serve': table('render/store-columns.ts', storeServerColumns, programs.served),
  'store-reset': table('render/store-columns.ts', storeResetColumns, programs.emptied),
  'store-export': table('render/store-columns.ts', storeExportColumns, rows.requests, { onlyWide: true }),
  'config-show': table('render/program-columns.ts', settingColumns, programs.settings, { inFull: true }),
  'config-path': table('render/program-columns.ts', pathColumns, programs.paths),
  'config-init': table('render/program-columns.ts', wroteColumns, programs.written),
  version: table('render/program-columns.ts', versionColumns, programs.versions),
  doctor: table('render/doctor-text.ts', doctorColumns, programs.checks, { onlyWide: true }),
};
