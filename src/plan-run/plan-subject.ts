import { RemedyError } from '../errors/remedy-error.ts';
import type { LoggedCluster } from '../ocm/ocm-requests.ts';
import type { Plan, PlanCluster, PlanIncident } from '../plan/plan.ts';

/** Errors: INVALID_FIELD; a validated plan has one wherever it needs one. */
export function clusterOf({ name, cluster }: Plan): PlanCluster {
  if (cluster !== undefined) return cluster;
  throw missing(name, 'cluster', 'spec.cluster');
}

/** By which id its service logs are looked for: one whose installation failed has no other than the internal one. */
export function loggedCluster({ id, externalId }: PlanCluster): LoggedCluster {
  return externalId ?? { clusterId: id };
}

/** Errors: INVALID_FIELD; a validated plan has one wherever it needs one. */
export function incidentOf({ name, incident }: Plan): PlanIncident {
  if (incident !== undefined) return incident;
  throw missing(name, 'incident', 'spec.incident');
}

function missing(plan: string, what: string, field: string): RemedyError {
  return new RemedyError('INVALID_FIELD', `the plan ${plan} names no ${what}`, {
    hint: `add ${field}.id`,
    details: { field },
  });
}
