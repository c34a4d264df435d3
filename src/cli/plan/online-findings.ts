/** What only the systems know about a plan's cluster and incident. Nothing is written. */
import { RemedyError } from '../../errors/remedy-error.ts';
import { arrangePlan } from '../../plan/arrange.ts';
import { isPagerDutyAction, type Plan } from '../../plan/plan.ts';
import type { PlanFinding } from '../../plan/plan-checks.ts';
import type { RemoteSystems } from '../remote-systems.ts';

type Asked = Pick<RemoteSystems, 'ocm' | 'pagerduty'>;

/** Whether the cluster is the one that the plan means, and the incident open. A system that cannot be asked is a finding. */
export async function onlineFindings(
  plan: Plan,
  systems: Asked,
  signal: AbortSignal,
): Promise<PlanFinding[]> {
  const running = arrangePlan(plan).flatMap(({ action, treatment }) => (treatment === 'run' ? [action] : []));
  const findings = await Promise.all([
    plan.cluster !== undefined && running.some((action) => !isPagerDutyAction(action))
      ? orUnasked('spec.cluster', () => clusterFindings(plan.cluster ?? { id: '' }, systems, signal))
      : [],
    plan.incident !== undefined && running.some(isPagerDutyAction)
      ? orUnasked('spec.incident', () => incidentFindings(plan.incident ?? { id: '' }, systems, signal))
      : [],
  ]);
  return findings.flat();
}

async function clusterFindings(
  { id, externalId, product }: NonNullable<Plan['cluster']>,
  systems: Asked,
  signal: AbortSignal,
): Promise<PlanFinding[]> {
  const cluster = await (await systems.ocm()).getCluster(id, { signal });
  const say = (what: string, own: string, real: string): PlanFinding => ({
    message: `spec.cluster: the ${what} of cluster ${id} is ${real}, not ${own}`,
  });
  const found: PlanFinding[] = [];
  if (externalId !== undefined && cluster.externalId !== undefined && cluster.externalId !== externalId) {
    found.push(say('external id', externalId, cluster.externalId));
  }
  if (product !== undefined && cluster.product !== undefined && cluster.product.toLowerCase() !== product) {
    found.push(say('product', product, cluster.product));
  }
  if (cluster.state === 'uninstalling') {
    found.push({ message: `spec.cluster: cluster ${id} is uninstalling, and takes no limited support` });
  }
  return found;
}

async function incidentFindings(
  { id }: NonNullable<Plan['incident']>,
  systems: Asked,
  signal: AbortSignal,
): Promise<PlanFinding[]> {
  const { status } = await (await systems.pagerduty()).getIncident(id, { signal });
  return status === 'resolved' ? [{ message: `spec.incident: incident ${id} is resolved` }] : [];
}

async function orUnasked(field: string, ask: () => Promise<PlanFinding[]>): Promise<PlanFinding[]> {
  try {
    return await ask();
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code === 'ABORTED') throw thrown;
    return [{ message: `${field}: ${thrown.message}` }];
  }
}
