/** The notes that each action of a plan will find, when all goes well: what a preview shows of them. */
import type { ArrangedAction } from '../plan/arrange.ts';
import { reportLine, sentLine } from '../plan/notes.ts';
import { isRemedy, type NoteLine, type Plan, type PlannedAction } from '../plan/plan.ts';
import { phasesOf, type Lane } from './lanes.ts';
import { notesText } from './run-lines.ts';
import { RunProgress } from './run-progress.ts';

/**
 * By the index of the action. `unknown` stands for the ids that only the run knows; it is the whole text where the
 * order of actions that run at once decides.
 */
export function expectedNotes(
  plan: Plan,
  steps: readonly ArrangedAction[],
  unknown: string,
): ReadonlyMap<number, string> {
  const progress = new RunProgress(steps);
  const notes = new Map<number, string>();
  const running = progress.actions.filter(({ treatment }) => treatment === 'run');
  for (const lanes of phasesOf(running, plan.options.concurrent)) {
    const [only, another] = lanes;
    if (only === undefined) continue;
    if (another === undefined) expectOneByOne(only);
    else expectAtOnce(lanes);
  }
  return notes;

  function expectOneByOne(lane: Lane): void {
    for (const { action } of lane) {
      notes.set(action.index, notesText(plan, progress));
      settle(action);
    }
  }

  /** Each lane begins before any of them has ended. */
  function expectAtOnce(lanes: readonly Lane[]): void {
    const atStart = notesText(plan, progress);
    for (const { action } of lanes.flat()) notes.set(action.index, unknown);
    for (const [first] of lanes) if (first !== undefined) notes.set(first.action.index, atStart);
    for (const { action } of lanes.flat()) settle(action);
  }

  function settle(action: PlannedAction): void {
    const lines = linesOfSuccess(action, unknown);
    const place = { action: action.index, at: 0, attempts: 1 };
    progress.apply({ kind: 'settled', ...place, outcome: 'succeeded', lines });
  }
}

function linesOfSuccess(action: PlannedAction, reportId: string): NoteLine[] {
  if (isRemedy(action)) return [sentLine(action)];
  return action.type === 'backplane_report' ? [reportLine(action.clusterId, reportId)] : [];
}
