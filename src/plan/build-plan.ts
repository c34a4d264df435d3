import { inOrder } from './order.ts';
import type { Action, ActionType, Plan, PlanCluster, PlanIncident, PlanOptions, NoteLine } from './plan.ts';

/** A plan whose parts have been checked, with the actions in the order of the file. */
export interface PlanParts {
  readonly name: string;
  readonly alertType?: string | undefined;
  readonly noteTitle?: string | undefined;
  readonly cluster?: PlanCluster | undefined;
  readonly incident?: PlanIncident | undefined;
  readonly options?: Partial<PlanOptions> | undefined;
  readonly notes?: readonly NoteLine[] | undefined;
  readonly actions: readonly Action[];
}

const defaultOptions: PlanOptions = {
  concurrent: false,
  stopOnError: false,
  maxRetries: 3,
  mode: 'execute',
  infraCluster: false,
};

/** The canonical plan of its parts: defaults filled in, actions in the order of execution. */
export function planOf(parts: PlanParts): Plan {
  const { name, cluster, incident } = parts;
  return {
    name,
    alertType: parts.alertType ?? name,
    noteTitle: parts.noteTitle ?? name,
    ...(cluster === undefined ? {} : { cluster: canonicalCluster(cluster) }),
    ...(incident === undefined ? {} : { incident }),
    options: { ...defaultOptions, ...parts.options },
    notes: parts.notes ?? [],
    actions: inOrder(parts.actions),
  };
}

function canonicalCluster(cluster: PlanCluster): PlanCluster {
  return cluster.product === undefined ? cluster : { ...cluster, product: cluster.product.toLowerCase() };
}

/** An action of its checked fields; a report without a cluster of its own is about the plan's (or '' without one). */
export function actionOf(
  type: ActionType,
  fields: Readonly<Record<string, unknown>>,
  cluster: PlanCluster | undefined,
): Action {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const own = type === 'backplane_report' ? { clusterId: cluster?.id ?? '', ...given } : given;
  // the fields were checked by the schema of the type
  return { type, ...own } as unknown as Action;
}
