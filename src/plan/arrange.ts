/** What becomes of each action in the plan's mode, before anything is sent. */
import { isPagerDutyAction, isRemedy, type Plan, type PlannedAction, type PlannedActionOf } from './plan.ts';
import { phaseOf } from './order.ts';

/** What becomes of an action in the mode of its plan. */
export type Treatment =
  | 'run'
  /** Left out by the mode: PagerDuty in manual mode, everything in informing mode. */
  | 'skipped_mode'
  /** An infrastructure cluster: a note and an escalation take its place. */
  | 'intercepted';

/** An action at its place, with what becomes of it. */
export interface ArrangedAction {
  readonly action: PlannedAction;
  readonly treatment: Treatment;
}

/**
 * Every action of the plan in the order of execution, with its treatment, then the stand-ins. Nothing is dropped:
 * what does not run is still there, so that each action has an outcome.
 */
export function arrangePlan(plan: Plan): ArrangedAction[] {
  const arranged = plan.options.infraCluster ? intercepted(plan) : plan.actions.map(running);
  switch (plan.options.mode) {
    case 'execute':
      return arranged;
    case 'manual':
      return arranged.map((one) =>
        one.treatment === 'run' && isPagerDutyAction(one.action)
          ? { ...one, treatment: 'skipped_mode' }
          : one,
      );
    case 'informing':
      return informing(arranged);
  }
}

/** The escalation that takes a silence's place when a remedy before it was not sent. */
export function escalationFor(
  silence: PlannedActionOf<'silence_incident'>,
  index: number,
  why: string,
): PlannedActionOf<'escalate_incident'> {
  return { type: 'escalate_incident', reason: why, index, phase: 2, dependsOn: [], replaces: silence.index };
}

/** The first index that no action of the plan or its arrangement has. */
export function nextIndex(actions: readonly PlannedAction[]): number {
  return actions.reduce((next, { index }) => Math.max(next, index + 1), 0);
}

function running(action: PlannedAction): ArrangedAction {
  return { action, treatment: 'run' };
}

function intercepted(plan: Plan): ArrangedAction[] {
  const arranged = plan.actions.map((action): ArrangedAction =>
    isIntercepted(action) ? { action, treatment: 'intercepted' } : running(action),
  );
  const taken = plan.actions.filter(isIntercepted);
  const [first] = taken;
  if (first === undefined) return arranged;
  const index = nextIndex(plan.actions);
  const note: PlannedAction = {
    type: 'pagerduty_note',
    content: interceptionText(taken),
    index,
    phase: 2,
    dependsOn: [],
  };
  const standIns: PlannedAction[] = [note];
  if (!plan.actions.some(({ type }) => type === 'escalate_incident')) {
    standIns.push({
      type: 'escalate_incident',
      reason: 'Infra cluster: actions intercepted',
      index: index + 1,
      phase: 2,
      dependsOn: [],
      replaces: (taken.find(({ type }) => type === 'silence_incident') ?? first).index,
    });
  }
  return [...arranged, ...standIns.map(running)];
}

function isIntercepted(action: PlannedAction): boolean {
  return isRemedy(action) || action.type === 'silence_incident';
}

function interceptionText(taken: readonly PlannedAction[]): string {
  const lines = taken.map((action) => `- ${actionTitle(action)}`);
  return [
    '⚠️ This is an infrastructure cluster: these actions were held back and need a person to decide.',
    ...lines,
  ].join('\n');
}

function informing(arranged: readonly ArrangedAction[]): ArrangedAction[] {
  if (arranged.length === 0) return [];
  const lines = arranged.map(({ action, treatment }) => {
    const held = treatment === 'intercepted' ? ' (held back: infrastructure cluster)' : '';
    return `- ${actionTitle(action)}${held}`;
  });
  const note: PlannedAction = {
    type: 'pagerduty_note',
    content: ['🤖 Nothing was done. This is what would have been done:', ...lines].join('\n'),
    index: nextIndex(arranged.map(({ action }) => action)),
    phase: phaseOf({ type: 'pagerduty_note', content: '' }),
    dependsOn: [],
  };
  return [
    ...arranged.map(({ action, treatment }): ArrangedAction => ({
      action,
      treatment: treatment === 'run' ? 'skipped_mode' : treatment,
    })),
    running(note),
  ];
}

/** An action in a few words, for a person: type, and what tells it from others of its type. */
function actionTitle(action: PlannedAction): string {
  const detail = detailOf(action);
  return detail === undefined || detail === '' ? action.type : `${action.type}: ${detail}`;
}

function detailOf(action: PlannedAction): string | undefined {
  switch (action.type) {
    case 'service_log':
      return `${action.summary} (${action.severity}${action.internalOnly ? ', internal' : ''})`;
    case 'limited_support':
      return `${action.summary} (${action.context})`;
    case 'backplane_report':
      return action.summary;
    case 'pagerduty_title_update':
      return action.prefix;
    case 'silence_incident':
    case 'escalate_incident':
      return action.reason;
    case 'pagerduty_note':
      return action.fromNotes === true ? 'the notes of the run' : firstLine(action.content);
  }
}

function firstLine(text: string): string {
  const [line = ''] = text.trimStart().split('\n', 1);
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
