/** What the fields of one action cannot say: whether a plan holds together. */
import { wrongProductLink } from './documentation-links.ts';
import { isPagerDutyAction, isRemedy, type Action, type PlanCluster, type PlanIncident } from './plan.ts';

/** What is wrong, with the index of the action that it is about; without one it is about the plan. */
export interface PlanFinding {
  readonly message: string;
  readonly index?: number;
  /** The field of the action, or of the plan's `spec`. */
  readonly field?: string;
}

export interface CheckedPlan {
  readonly cluster?: PlanCluster | undefined;
  readonly incident?: PlanIncident | undefined;
  /** manual: there is no incident. */
  readonly mode: string;
  /** In the order of the file. */
  readonly actions: readonly Action[];
}

/** Everything that would fail or do harm at run time and can be known before. */
export function planFindings(plan: CheckedPlan): PlanFinding[] {
  return [
    ...plan.actions.flatMap((action, index) =>
      actionFindings(action, plan).map((finding) => ({ ...finding, index })),
    ),
    ...contradictions(plan.actions),
  ];
}

type Finding = Omit<PlanFinding, 'index'>;

function actionFindings(action: Action, plan: CheckedPlan): Finding[] {
  return [...missingSubjects(action, plan), ...linkFindings(action, plan.cluster)];
}

function missingSubjects(action: Action, { cluster, incident, mode }: CheckedPlan): Finding[] {
  if (isPagerDutyAction(action)) {
    if (incident !== undefined || mode === 'manual') return [];
    return [{ message: 'needs an incident: the plan has no spec.incident' }];
  }
  if (action.type === 'backplane_report') {
    if (action.clusterId !== '') return [];
    return [{ message: 'needs a cluster: give clusterId, or spec.cluster' }];
  }
  if (cluster === undefined) return [{ message: 'needs a cluster: the plan has no spec.cluster' }];
  if (action.type === 'service_log' && cluster.externalId === undefined) {
    return [
      { message: 'needs spec.cluster.externalId: without it a search for duplicates covers every cluster' },
    ];
  }
  return [];
}

function linkFindings(action: Action, cluster: PlanCluster | undefined): Finding[] {
  if (!isRemedy(action)) return [];
  const field = action.type === 'service_log' ? 'description' : 'details';
  const text = action.type === 'service_log' ? action.description : action.details;
  const wrong = wrongProductLink(text, cluster?.product);
  if (wrong === undefined) return [];
  return [
    {
      field,
      message: `the documentation link ${JSON.stringify(wrong.link)} is about ${wrong.about}, and the cluster is ${wrong.product}`,
    },
  ];
}

function contradictions(actions: readonly Action[]): PlanFinding[] {
  const hasRemedy = actions.some(isRemedy);
  const escalated = actions.findIndex(({ type }) => type === 'escalate_incident');
  return actions.flatMap((action, index): PlanFinding[] => {
    if (action.type !== 'silence_incident') return [];
    const found: PlanFinding[] = [];
    if (!hasRemedy && !action.withoutRemedy) {
      const message =
        'silences the incident with nothing sent to the customer before: add a service log or a limited support, or say withoutRemedy: true';
      found.push({ index, message });
    }
    if (escalated !== -1) {
      found.push({ index, message: `contradicts action ${escalated}: the plan both silences and escalates` });
    }
    return found;
  });
}
