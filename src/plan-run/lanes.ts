/** Which actions run beside each other, and which wait. */
import { RemedyError } from '../errors/remedy-error.ts';
import { isRemedy, type PlannedAction } from '../plan/plan.ts';
import type { ActionProgress } from './run-progress.ts';

/** Actions that run one after another. */
export type Lane = readonly ActionProgress[];

/** Lanes run beside each other, phases one after the other. */
export function phasesOf(actions: Lane, concurrent: boolean): Lane[][] {
  const first = actions.filter(({ action }) => action.phase === 1);
  const second = actions.filter(({ action }) => action.phase === 2);
  if (!concurrent) return [[first], [second]];
  const isLate = ({ action }: ActionProgress): boolean => !isRemedy(action) && hasNotes(action);
  return [lanesOf(first.filter((one) => !isLate(one))), lanesOf(first.filter(isLate)), [second]];
}

function hasNotes(action: PlannedAction): boolean {
  return action.type === 'backplane_report' && action.fromNotes === true;
}

function lanesOf(actions: Lane): Lane[] {
  const lanes = new Map<string, ActionProgress[]>();
  for (const one of actions) {
    const key = sameness(one.action);
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [one]);
    else lane.push(one);
  }
  return [...lanes.values()];
}

/** Equal for actions that a look-up cannot tell apart. */
function sameness(action: PlannedAction): string {
  switch (action.type) {
    case 'service_log':
      return JSON.stringify([action.type, action.summary, action.description, action.internalOnly]);
    case 'limited_support':
      return JSON.stringify([action.type, action.summary, action.details]);
    case 'backplane_report':
      return JSON.stringify([action.type, action.clusterId, action.summary, action.data ?? true]);
    default:
      throw new RemedyError('INVALID_FIELD', `${action.type} cannot run beside others`);
  }
}
