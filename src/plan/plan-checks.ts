/** What the fields of one action cannot say: whether a plan holds together. */
import { wrongProductLink } from './documentation-links.ts';
import {
  isPagerDutyAction,
  isRemedy,
  tellsCustomer,
  type Action,
  type PlanCluster,
  type PlanIncident,
  type PlanOptions,
  type PlannedAction,
} from './plan.ts';

/** What is wrong, with the index of the action that it is about; without one it is about the plan. */
export interface PlanFinding {
  readonly message: string;
  readonly index?: number;
  /** The field of the action, or of the plan's `spec`. */
  readonly field?: string;
  /** The key of the configuration that is not set. */
  readonly setting?: string;
}

/** What a plan is checked for: everything but its texts. */
export interface CheckedPlan {
  readonly cluster?: PlanCluster | undefined;
  readonly incident?: PlanIncident | undefined;
  readonly options: Pick<PlanOptions, 'mode' | 'infraCluster'>;
  /** In the order of the file. */
  readonly actions: ReadActions;
}

/** An action that could not be read is `undefined`: nothing is said of what it may be. */
export type ReadActions = readonly (Action | undefined)[];

/** Everything that would fail or do harm at run time and can be known before. */
export function planFindings(plan: CheckedPlan): PlanFinding[] {
  const missing = ofEach(plan.actions, (action) => missingSubjects(action, plan));
  return [...missing, ...actionFindings(plan.actions, plan.cluster?.product)];
}

/** Links about another product than this one, where a plan names none and somebody else knows it. */
export function linksOfOtherProduct(actions: readonly PlannedAction[], product: string): PlanFinding[] {
  return actions.flatMap((action) =>
    linkFindings(action, product).map((finding) => ({ ...finding, index: action.index })),
  );
}

/** The findings that need no more of a plan than its actions and the product of its cluster. */
export function actionFindings(actions: ReadActions, product: string | undefined): PlanFinding[] {
  return [...ofEach(actions, (action) => linkFindings(action, product)), ...contradictions(actions)];
}

type Finding = Omit<PlanFinding, 'index'>;

function ofEach(actions: ReadActions, find: (action: Action) => Finding[]): PlanFinding[] {
  return actions.flatMap((action, index) =>
    action === undefined ? [] : find(action).map((finding) => ({ ...finding, index })),
  );
}

function missingSubjects(action: Action, plan: CheckedPlan): Finding[] {
  return [...missingIncident(action, plan), ...missingCluster(action, plan)];
}

function missingIncident(
  action: Action,
  { incident, options: { mode, infraCluster } }: CheckedPlan,
): Finding[] {
  if (incident !== undefined || mode === 'manual') return [];
  if (isPagerDutyAction(action)) return [{ message: 'needs an incident: the plan has no spec.incident' }];
  // what is not done is told to those who look after the incident
  const isNoted = mode === 'informing' || (infraCluster && isRemedy(action));
  if (!isNoted) return [];
  const why = mode === 'informing' ? 'mode informing' : 'infraCluster';
  return [
    { message: `needs an incident for the note that ${why} makes of it: the plan has no spec.incident` },
  ];
}

function missingCluster(action: Action, { cluster }: CheckedPlan): Finding[] {
  if (isPagerDutyAction(action)) return [];
  if (action.type === 'backplane_report') {
    if (action.clusterId !== '') return [];
    return [{ message: 'needs a cluster: give clusterId, or spec.cluster' }];
  }
  if (cluster === undefined) return [{ message: 'needs a cluster: the plan has no spec.cluster' }];
  return [];
}

function linkFindings(action: Action, product: string | undefined): Finding[] {
  if (!isRemedy(action)) return [];
  const field = action.type === 'service_log' ? 'description' : 'details';
  const text = action.type === 'service_log' ? action.description : action.details;
  const wrong = wrongProductLink(text, product);
  if (wrong === undefined) return [];
  return [
    {
      field,
      message: `the documentation link ${JSON.stringify(wrong.link)} is about ${wrong.about}, and the cluster is ${wrong.product}`,
    },
  ];
}

function contradictions(actions: ReadActions): PlanFinding[] {
  const isTold = actions.some((action) => action === undefined || tellsCustomer(action));
  const escalated = actions.findIndex((action) => action?.type === 'escalate_incident');
  return actions.flatMap((action, index): PlanFinding[] => {
    if (action?.type !== 'silence_incident') return [];
    const found: PlanFinding[] = [];
    if (!isTold && !action.withoutRemedy) {
      const message =
        'silences the incident with nothing sent to the customer before: add a limited support or a service log that is not internalOnly, or say withoutRemedy: true';
      found.push({ index, message });
    }
    if (escalated !== -1) {
      found.push({ index, message: `contradicts action ${escalated}: the plan both silences and escalates` });
    }
    return found;
  });
}
