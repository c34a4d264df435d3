/** What only the systems know about a plan: its cluster, its incident, and who may write. Nothing is written. */
import { RemedyError } from '../errors/remedy-error.ts';
import { arrangePlan } from './arrange.ts';
import { isPagerDutyAction, type Plan, type PlannedAction } from './plan.ts';
import { clusterOfAlerts } from './incident-cluster.ts';
import { linksOfOtherProduct, type PlanFinding } from './plan-checks.ts';
import {
  reportFindings,
  serviceLogFindings,
  unknownQuestion,
  unlessUnknown,
  userFindings,
  type PermissionQuestion,
} from './permission-findings.ts';

/** What the systems are asked with. */
export interface OnlineQuestion extends PermissionQuestion {
  /** Of the configuration; a plan may name its own. */
  readonly silentPolicy: string | undefined;
  /** As whom PagerDuty is written to. */
  readonly from: string | undefined;
}

/** A question, and what its findings are about. */
interface Asking {
  readonly about: string;
  readonly ask: () => Promise<PlanFinding[]>;
}

/**
 * Whether the cluster is the one that the plan means, the incident open, the silent policy there, and whether the
 * credentials may write. A system that does not answer is a finding; a question that it does not know is not.
 */
export async function onlineFindings(plan: Plan, question: OnlineQuestion): Promise<PlanFinding[]> {
  const running = arrangePlan(plan).flatMap(({ action, treatment }) => (treatment === 'run' ? [action] : []));
  const askings = [...aboutCluster(plan, running, question), ...aboutIncident(plan, running, question)];
  const answers = await Promise.all(askings.map(orUnanswered));
  // what keeps a system from being asked at all is said once
  const failed = answers.map(({ failure }) => failure);
  return answers.flatMap(({ about, findings, failure }, index) => {
    if (failure === undefined) return findings;
    return failed.indexOf(failure) === index ? [{ message: `${about}: ${failure}` }] : [];
  });
}

function aboutCluster(
  { cluster }: Plan,
  running: readonly PlannedAction[],
  question: OnlineQuestion,
): Asking[] {
  const askings: Asking[] = [];
  if (cluster !== undefined && running.some((action) => !isPagerDutyAction(action))) {
    askings.push(
      { about: 'spec.cluster', ask: () => clusterFindings(cluster, running, question) },
      { about: 'OCM', ask: () => serviceLogFindings(cluster.id, running, question) },
    );
  }
  if (running.some(({ type }) => type === 'backplane_report')) {
    askings.push({ about: 'Backplane', ask: () => reportFindings(running, question) });
  }
  return askings;
}

function aboutIncident(
  { cluster, incident }: Plan,
  running: readonly PlannedAction[],
  question: OnlineQuestion,
): Asking[] {
  const { from } = question;
  const policy = incident?.silentPolicy ?? question.silentPolicy;
  const askings: Asking[] = [];
  if (incident !== undefined && running.some(isPagerDutyAction)) {
    askings.push({ about: 'spec.incident', ask: () => incidentFindings(incident, cluster, question) });
  }
  if (policy !== undefined && running.some(({ type }) => type === 'silence_incident')) {
    askings.push({ about: 'the silent policy', ask: () => policyFindings(policy, question) });
  }
  if (from !== undefined && running.some(isPagerDutyAction)) {
    askings.push({ about: 'pagerduty.from', ask: () => userFindings(from, question) });
  }
  return askings;
}

async function policyFindings(policy: string, { systems, call }: OnlineQuestion): Promise<PlanFinding[]> {
  await (await systems.pagerduty()).getEscalationPolicy(policy, call);
  return [];
}

async function clusterFindings(
  { id, externalId, product }: NonNullable<Plan['cluster']>,
  running: readonly PlannedAction[],
  { systems, call }: OnlineQuestion,
): Promise<PlanFinding[]> {
  const cluster = await (await systems.ocm()).getCluster(id, call);
  const say = (what: string, own: string, real: string): PlanFinding => ({
    message: `spec.cluster: the ${what} of cluster ${id} is ${real}, not ${own}`,
  });
  const found: PlanFinding[] = [];
  if (externalId !== undefined && cluster.externalId !== undefined && cluster.externalId !== externalId) {
    found.push(say('external id', externalId, cluster.externalId));
  }
  if (product === undefined) found.push(...linksOfOtherProduct(running, cluster.product ?? ''));
  else if (cluster.product !== undefined && cluster.product.toLowerCase() !== product) {
    found.push(say('product', product, cluster.product));
  }
  if (cluster.state === 'uninstalling') {
    found.push({ message: `spec.cluster: cluster ${id} is uninstalling, and takes no limited support` });
  }
  return found;
}

async function incidentFindings(
  { id }: NonNullable<Plan['incident']>,
  cluster: Plan['cluster'],
  question: OnlineQuestion,
): Promise<PlanFinding[]> {
  const { status } = await (await question.systems.pagerduty()).getIncident(id, question.call);
  if (cluster !== undefined) await remarkOtherCluster(id, cluster, question);
  return status === 'resolved' ? [{ message: `spec.incident: incident ${id} is resolved` }] : [];
}

/** No finding: the alerts of some incidents name another cluster, such as the one that manages theirs. */
async function remarkOtherCluster(
  incidentId: string,
  cluster: NonNullable<Plan['cluster']>,
  question: OnlineQuestion,
): Promise<void> {
  const { systems, call, tell } = question;
  const client = await systems.pagerduty();
  try {
    const meant = await clusterOfAlerts(client.listAlerts(incidentId, call));
    if (meant === undefined || meant === cluster.id) return;
    const externalId = cluster.externalId ?? (await knownExternalId(cluster.id, question));
    if (externalId === undefined || meant === externalId) return;
    tell(`warning: the alerts of incident ${incidentId} are about cluster ${meant}, not ${cluster.id}`);
  } catch (thrown) {
    unlessUnknown(thrown, [403, ...unknownQuestion], (why) => {
      tell(`could not ask PagerDuty for the alerts of incident ${incidentId}: ${why}`);
    });
  }
}

/** A plan for PagerDuty alone needs no OCM: without it there is nothing to compare with. */
async function knownExternalId(id: string, { systems, call }: OnlineQuestion): Promise<string | undefined> {
  try {
    return (await (await systems.ocm()).getCluster(id, call)).externalId;
  } catch (thrown) {
    if (thrown instanceof RemedyError) return undefined;
    throw thrown;
  }
}

interface Answer {
  readonly about: string;
  readonly findings: readonly PlanFinding[];
  readonly failure?: string;
}

async function orUnanswered({ about, ask }: Asking): Promise<Answer> {
  try {
    return { about, findings: await ask() };
  } catch (thrown) {
    if (!(thrown instanceof RemedyError) || thrown.code === 'ABORTED') throw thrown;
    return { about, findings: [], failure: thrown.message };
  }
}
