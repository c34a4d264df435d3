import { arrangePlan } from '../../../src/plan/arrange.ts';
import { inOrder } from '../../../src/plan/order.ts';
import type { Action, Plan, PlanOptions } from '../../../src/plan/plan.ts';
import type { RunHead, RunSettings } from '../../../src/plan-run/journal.ts';

export const serviceLog: Action = {
  type: 'service_log',
  severity: 'Major',
  summary: 'Action required: network',
  description: 'Open the firewall.',
  serviceName: 'SREManualAction',
  internalOnly: false,
  allowDuplicates: false,
};
export const limitedSupport: Action = {
  type: 'limited_support',
  summary: 'Cluster is in Limited Support',
  details: 'Instances were stopped.',
  context: 'StoppedInstances',
  allowDuplicates: false,
};
export const report: Action = {
  type: 'backplane_report',
  clusterId: 'c1',
  summary: 'chgm',
  timestamped: true,
  fromNotes: true,
};
export const note: Action = { type: 'pagerduty_note', fromNotes: true };
export const title: Action = { type: 'pagerduty_title_update', prefix: '[LS]' };
export const silence: Action = {
  type: 'silence_incident',
  reason: 'in limited support',
  withoutRemedy: false,
};
export const escalate: Action = { type: 'escalate_incident', reason: 'a person has to look' };

/** All seven types; silence and escalate would contradict each other in a file, the executor takes both. */
export const allSeven: readonly Action[] = [
  report,
  note,
  limitedSupport,
  serviceLog,
  title,
  silence,
  escalate,
];

export function planOf(actions: readonly Action[], options: Partial<PlanOptions> = {}): Plan {
  return {
    name: 'chgm',
    alertType: 'chgm',
    noteTitle: 'CHGM',
    cluster: { id: 'c1', externalId: 'e1' },
    incident: { id: 'Q1' },
    options: {
      concurrent: false,
      stopOnError: false,
      maxRetries: 3,
      mode: 'execute',
      infraCluster: false,
      ...options,
    },
    notes: [{ kind: 'warning', text: 'Instances are stopped.' }],
    actions: inOrder(actions),
  };
}

const settings: RunSettings = { silentPolicy: 'PSILENT', escalationLevel: 2 };

export function runOf(plan: Plan, id = 'run-1'): RunHead {
  return { id, hash: 'a'.repeat(64), plan, steps: arrangePlan(plan), settings, startedAt: 1_000_000 };
}
