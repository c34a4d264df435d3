/**
 * The order of execution: what tells the customer first, then what tells colleagues, and last what ends the alarm.
 * It is the same in both modes and stable: actions of one rank keep the order of the file.
 */
import { isPagerDutyAction, isRemedy, type Action, type ActionType, type PlannedAction } from './plan.ts';

const ranks: Readonly<Record<ActionType, number>> = {
  limited_support: 0,
  service_log: 0,
  backplane_report: 1,
  pagerduty_note: 2,
  pagerduty_title_update: 3,
  silence_incident: 4,
  escalate_incident: 4,
};

/** Actions in the order of the file, put into the order of execution with their places. */
export function inOrder(actions: readonly Action[]): PlannedAction[] {
  const remedies = actions.flatMap((action, index) => (isRemedy(action) ? [index] : []));
  return actions
    .map((action, index) => plannedAction(action, { index, remedies }))
    .sort((one, other) => ranks[one.type] - ranks[other.type]);
}

function plannedAction(
  action: Action,
  { index, remedies }: { index: number; remedies: readonly number[] },
): PlannedAction {
  // only a silence is wrong without what comes before it; a note or an escalation is wanted all the more
  const dependsOn = action.type === 'silence_incident' ? remedies : [];
  return { ...action, index, phase: phaseOf(action), dependsOn };
}

/** 1: in parallel where the plan is concurrent. 2: PagerDuty, one after another. */
export function phaseOf(action: Action): 1 | 2 {
  return isPagerDutyAction(action) ? 2 : 1;
}
