import type { ActionResult, PlanRun } from '../../plan-run/run-document.ts';
import { exitCodeOfInterruption, exitCodes } from '../exit-codes.ts';
import { nextStep } from '../next-step.ts';
import { printDocument } from '../render/document.ts';
import { BlockTable, type TableColumn } from '../render/table.ts';
import { wrapText } from '../render/wrapped-text.ts';
import type { Session } from '../session.ts';
import { toTerminalText } from '../terminal-text.ts';

/**
 * Prints runs that have come to an end, or one as it stands. `planCount`: how many were to be run, which decides the
 * shape: of several plans it is a list, whatever became of them.
 */
export async function printRuns(session: Session, runs: readonly PlanRun[], planCount = 1): Promise<void> {
  const { output, render } = session;
  const { kind } = render.format;
  if (kind === 'table' || kind === 'wide') {
    return output.write(runs.map((run) => runText(session, run)).join('\n'));
  }
  const [first] = runs;
  const document =
    planCount === 1 && first !== undefined
      ? first
      : { apiVersion: 'remedyctl.dev/v1', kind: 'PlanRunList', items: runs };
  await printDocument(
    output,
    { document, rows: runs, columns: [], name: ({ run }) => `planrun/${run}`, lines: runs },
    render,
  );
}

/** The actions of a run. */
export const actionColumns: readonly TableColumn<ActionResult>[] = [
  { header: '#', cell: ({ index }) => String(index), key: true },
  { header: 'ACTION', cell: ({ type }) => type, key: true },
  { header: 'OUTCOME', cell: ({ outcome }) => outcome, key: true },
  { header: 'ATTEMPTS', cell: ({ attempts }) => String(attempts), spare: 2 },
  { header: 'LAST STATUS', cell: ({ requests }) => requests.at(-1)?.status?.toString(), spare: 1 },
  { header: 'MADE', cell: ({ id }) => id, whole: true },
  { header: 'REPLACES', cell: ({ replaces }) => replaces?.toString(), wide: true },
  { header: 'STARTED', cell: ({ startedAt }) => startedAt, wide: true },
  { header: 'ENDED', cell: ({ endedAt }) => endedAt, wide: true },
];
/** Off a terminal, where a line has no end. */
export const whyColumn: TableColumn<ActionResult> = { header: 'WHY', cell: whyOf };

/** On a terminal the reasons follow the table: there they have the room to be read whole. */
function runText(session: Session, run: PlanRun): string {
  const { render, paint } = session;
  const isWide = render.format.kind === 'wide';
  const { maxWidth } = render.table;
  const isTerminal = maxWidth !== undefined && !isWide;
  const style = isWide ? { ...render.table, maxWidth: undefined } : render.table;
  const shown = actionColumns.filter(({ wide }) => wide !== true || isWide);
  const table = new BlockTable(isTerminal ? shown : [...shown, whyColumn], style).block(run.actions);
  const reasons = isTerminal ? run.actions.flatMap((action) => reasonLines(action, maxWidth)) : [];
  const next = nextText(session, run);
  return [
    `${paint.bold(`run ${run.run}: ${run.state}`)}\n${toTerminalText(aboutText(run))}\n${table}`,
    ...[...reasons, ...next].map((line) => `${line}\n`),
  ].join('');
}

/** What the operator does now. */
function nextText(session: Session, { run, state, actions }: PlanRun): string[] {
  if (state === 'interrupted') return [nextStep(session, 'to go on with it', ['plan', 'resume', run])];
  if (state !== 'partial' && state !== 'failed') return [];
  const failed = actions.filter(({ outcome }) => outcome === 'failed').map(({ index }) => index);
  if (failed.length === 0) return [];
  const [subject, object] = failed.length === 1 ? ['Action', 'it'] : ['Actions', 'them'];
  const which = `${subject} ${failed.join(', ')} failed, and plan resume does not repeat ${object}.`;
  const how =
    state === 'failed'
      ? 'Mend the cause, then run the plan with --again.'
      : 'Mend the cause, then put only what failed into a plan of its own: with --again the whole plan is sent once more.';
  return wrapText(`${which} ${how}`, session.render.table.maxWidth);
}

/** `plan egress-blocked, cluster prod-east (1a2b3c), incident Q2I4AV3ZURABC`. */
function aboutText({ plan, cluster, incident }: PlanRun): string {
  const named = cluster?.name === undefined ? cluster?.id : `${cluster.name} (${cluster.id})`;
  return [
    `plan ${plan.name}`,
    ...(named === undefined ? [] : [`cluster ${named}`]),
    ...(incident === undefined ? [] : [`incident ${incident.id}`]),
  ].join(', ');
}

/** Why an action has its outcome, where that is not plain. */
function whyOf({ error, found }: ActionResult): string | undefined {
  if (error !== undefined) return error.message;
  if (found === undefined) return undefined;
  const { id, createdAt, createdBy } = found;
  const facts = [id, createdAt && `of ${createdAt}`, createdBy && `by ${createdBy}`];
  return ['there already:', ...facts.filter((fact) => fact !== undefined && fact !== '')].join(' ');
}

function reasonLines(action: ActionResult, columns: number): string[] {
  const why = whyOf(action);
  if (why === undefined) return [];
  const { index, type, error } = action;
  const texts = [`${index} ${type}: ${why}`, ...(error?.hint === undefined ? [] : [error.hint])];
  return texts.flatMap((text, at) => {
    const indent = at === 0 ? '' : '  ';
    return wrapText(toTerminalText(text), columns - 2).map((line, row) => (row === 0 ? indent : '  ') + line);
  });
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
