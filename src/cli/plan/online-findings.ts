/** What only the systems know about a plan's cluster and incident. Nothing is written. */
import { RemedyError } from '../../errors/remedy-error.ts';
import { arrangePlan } from '../../plan/arrange.ts';
import { isPagerDutyAction, type Plan } from '../../plan/plan.ts';
import type { PlanFinding } from '../../plan/plan-checks.ts';
import type { RemoteSystems } from '../remote-systems.ts';

type Asked = Pick<RemoteSystems, 'ocm' | 'pagerduty'>;

export interface OnlineQuestion {
  readonly systems: Asked;
  /** Of the configuration; a plan may name its own. */
  readonly silentPolicy: string | undefined;
  readonly signal: AbortSignal;
}

/** Whether the cluster is the one that the plan means, the incident open, and the silent policy there. A system that cannot be asked is a finding. */
export async function onlineFindings(
  plan: Plan,
  { systems, silentPolicy, signal }: OnlineQuestion,
): Promise<PlanFinding[]> {
  const running = arrangePlan(plan).flatMap(({ action, treatment }) => (treatment === 'run' ? [action] : []));
  const { cluster, incident } = plan;
  const policy = incident?.silentPolicy ?? silentPolicy;
  const questions: Promise<PlanFinding[]>[] = [];
  if (cluster !== undefined && running.some((action) => !isPagerDutyAction(action))) {
    questions.push(orUnasked('spec.cluster', () => clusterFindings(cluster, systems, signal)));
  }
  if (incident !== undefined && running.some(isPagerDutyAction)) {
    questions.push(orUnasked('spec.incident', () => incidentFindings(incident, systems, signal)));
  }
  if (policy !== undefined && running.some(({ type }) => type === 'silence_incident')) {
    questions.push(orUnasked('the silent policy', () => policyFindings(policy, systems, signal)));
  }
  return (await Promise.all(questions)).flat();
}

async function policyFindings(policy: string, systems: Asked, signal: AbortSignal): Promise<PlanFinding[]> {
  await (await systems.pagerduty()).getEscalationPolicy(policy, { signal });
  return [];
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
