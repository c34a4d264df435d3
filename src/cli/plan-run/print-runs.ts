import type { ActionResult, PlanRun } from '../../plan/run/run-document.ts';
import { exitCodeOfInterruption, exitCodes } from '../exit-codes.ts';
import { printDocument } from '../render/document.ts';
import { BlockTable, type TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';

/** Prints runs that have come to an end, or one as it stands. */
export async function printRuns(session: Session, runs: readonly PlanRun[]): Promise<void> {
  const { output, render } = session;
  const { kind } = render.format;
  if (kind === 'table' || kind === 'wide') {
    return output.write(runs.map((run) => runText(session, run)).join('\n'));
  }
  const [first, second] = runs;
  const document =
    first !== undefined && second === undefined
      ? first
      : { apiVersion: 'remedyctl.dev/v1', kind: 'PlanRunList', items: runs };
  await printDocument(
    output,
    { document, rows: runs, columns: [], name: ({ run }) => `planrun/${run}`, lines: runs },
    render,
  );
}

const columns: readonly TableColumn<ActionResult>[] = [
  { header: '#', cell: ({ index }) => String(index) },
  { header: 'ACTION', cell: ({ type }) => type },
  { header: 'OUTCOME', cell: ({ outcome }) => outcome },
  { header: 'ATTEMPTS', cell: ({ attempts }) => String(attempts) },
  { header: 'LAST STATUS', cell: ({ requests }) => requests.at(-1)?.status?.toString() },
  { header: 'MADE', cell: ({ id }) => id },
  { header: 'REPLACES', cell: ({ replaces }) => replaces?.toString(), wide: true },
  { header: 'STARTED', cell: ({ startedAt }) => startedAt, wide: true },
  { header: 'ENDED', cell: ({ endedAt }) => endedAt, wide: true },
  { header: 'WHY', cell: ({ error }) => error?.message },
];

function runText({ render, paint }: Session, run: PlanRun): string {
  const style = render.format.kind === 'wide' ? { ...render.table, maxWidth: undefined } : render.table;
  const shown = columns.filter(({ wide }) => wide !== true || render.format.kind === 'wide');
  const table = new BlockTable(shown, style).block(run.actions);
  return `${paint.bold(`run ${run.run}: ${run.state}`)}\n${table}`;
}

/** 0: everything, 1: nothing, 4: some of it; an interruption has its own. */
export function exitCodeOfRuns({ runtime }: Session, runs: readonly PlanRun[]): number {
  const interruption = runtime.interruption();
  if (interruption !== undefined && runs.some(({ state }) => state === 'interrupted')) {
    return exitCodeOfInterruption(interruption);
  }
  if (runs.every(({ state }) => state === 'succeeded')) return exitCodes.done;
  return runs.every(({ state }) => state === 'failed') ? exitCodes.error : exitCodes.partial;
}
