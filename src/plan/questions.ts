/**
 * What is asked before the first write of a run: one cheap read of every system that it writes to, which proves the
 * credentials, and the cluster, where the plan names it by two ids, which have to be those of one cluster.
 */
import { listReportsRequest } from '../backplane/report-requests.ts';
import type { RemoteRequest } from '../http/remote-request.ts';
import { getClusterRequest } from '../ocm/ocm-requests.ts';
import { getIncidentRequest } from '../pagerduty/incident-requests.ts';
import { isPagerDutyAction, isRemedy, type Plan, type PlannedAction } from './plan.ts';

/** A read of one system; `id` is the cluster's, or the incident's. */
export interface Question {
  readonly system: 'ocm' | 'pagerduty' | 'backplane';
  readonly id: string;
  /** What the cluster has to be called outside of OCM. */
  readonly externalId?: string;
}

/** How many reports are asked for: only that there is an answer counts. */
export const askedReports = 1;

/** The questions for these actions of the plan, those that will run. */
export function questionsOf(
  { cluster, incident }: Pick<Plan, 'cluster' | 'incident'>,
  running: readonly PlannedAction[],
): Question[] {
  const questions: Question[] = [];
  const needsCluster = running.some(
    (action) => isRemedy(action) || (cluster?.externalId !== undefined && !isPagerDutyAction(action)),
  );
  if (cluster !== undefined && needsCluster) {
    const { id, externalId } = cluster;
    questions.push({ system: 'ocm', id, ...(externalId === undefined ? {} : { externalId }) });
  }
  const report = running.find((action) => action.type === 'backplane_report');
  if (report !== undefined) questions.push({ system: 'backplane', id: report.clusterId });
  if (incident !== undefined && running.some(isPagerDutyAction)) {
    questions.push({ system: 'pagerduty', id: incident.id });
  }
  return questions;
}

/** Those of several plans: one for each system, and one for each pair of ids. */
export function withoutRepeats(questions: readonly Question[]): Question[] {
  const proven = new Set<string>();
  const kept: Question[] = [];
  // what compares ids proves the credentials too
  for (const question of questions.filter(({ externalId }) => externalId !== undefined)) {
    const pair = JSON.stringify([question.id, question.externalId]);
    if (proven.has(pair)) continue;
    proven.add(pair).add(question.system);
    kept.push(question);
  }
  for (const question of questions.filter(({ externalId }) => externalId === undefined)) {
    if (proven.has(question.system)) continue;
    proven.add(question.system);
    kept.push(question);
  }
  return kept;
}

/** The one request that asks it. */
export function questionRequest({ system, id }: Question): RemoteRequest {
  switch (system) {
    case 'ocm':
      return getClusterRequest(id);
    case 'backplane':
      return listReportsRequest(id, askedReports);
    case 'pagerduty':
      return getIncidentRequest(id);
  }
}
