/** How the investigation of a cluster whose monitoring burns its error budget ends. */
import { reportAndNoteActions, type PlanTemplate } from './template.ts';

const monitoring = {
  alertType: 'clustermonitoringerrorbudgetburn',
  noteTitle: 'clustermonitoringerrorbudgetburn',
};
const begin = reportAndNoteActions('clustermonitoringerrorbudgetburn');

/** A customer's own monitoring that keeps the operator from being available. */
function misconfigured(what: {
  name: string;
  summary: string;
  note: string;
  description: string;
  reason: string;
}): PlanTemplate {
  return {
    ...monitoring,
    name: what.name,
    summary: what.summary,
    notes: [{ warning: what.note }],
    actions: [
      {
        service_log: {
          severity: 'Major',
          summary: 'Action required: review user-workload-monitoring configuration',
          description: what.description,
        },
      },
      ...begin,
      { silence_incident: { reason: what.reason } },
    ],
  };
}

/** The outcomes of investigations of monitoring. */
export const monitoringTemplates: readonly PlanTemplate[] = [
  misconfigured({
    name: 'uwm-configmap-invalid',
    summary: 'The ConfigMap of user workload monitoring cannot be parsed.',
    note: 'Customer misconfigured the UWM configmap',
    description:
      'The ConfigMap user-workload-monitoring-config of the namespace openshift-user-workload-monitoring cannot be read, so the monitoring of this cluster cannot be updated. Correct its config.yaml, or remove the ConfigMap to go back to the defaults.',
    reason: 'Customer misconfigured UWM configmap',
  }),
  misconfigured({
    name: 'uwm-alertmanager-misconfigured',
    summary: 'The Alertmanager of user workload monitoring does not start.',
    note: 'Customer misconfigured the UWM (UpdatingUserWorkloadAlertmanager)',
    description:
      'The Alertmanager for user workloads of this cluster does not become ready, which keeps the monitoring of the cluster from being available. Review its configuration, its resources and its storage in the namespace openshift-user-workload-monitoring.',
    reason: 'Customer misconfigured UWM AlertManager',
  }),
  misconfigured({
    name: 'uwm-prometheus-misconfigured',
    summary: 'No pod of the Prometheus of user workload monitoring is ready.',
    note: 'Customer misconfigured the UWM (UpdatingUserWorkloadPrometheus)',
    description:
      'No pod of the Prometheus for user workloads of this cluster is ready, which keeps the monitoring of the cluster from being available. Review its configuration, its resources and its storage in the namespace openshift-user-workload-monitoring.',
    reason: 'Customer misconfigured UWM Prometheus',
  }),
  {
    ...monitoring,
    name: 'monitoring-not-uwm',
    summary: 'The monitoring is unavailable, and not because of user workload monitoring.',
    notes: [{ success: 'Monitoring CO not degraded due to UWM misconfiguration' }],
    actions: [
      ...begin,
      {
        escalate_incident: {
          reason: 'Monitoring CO not degraded due to UWM misconfiguration - manual investigation required',
        },
      },
    ],
  },
  {
    ...monitoring,
    name: 'monitoring-operator-count',
    summary: 'There is not exactly one ClusterOperator of monitoring.',
    notes: [{ warning: 'Found ${count} monitoring clusteroperators, expected 1' }],
    actions: [
      ...begin,
      {
        escalate_incident: {
          reason: 'Unexpected monitoring clusteroperator count - manual investigation required',
        },
      },
    ],
  },
  {
    ...monitoring,
    name: 'cluster-access-refused',
    summary: 'Backplane refuses the credentials, so nothing could be looked at.',
    notes: [],
    actions: [{ escalate_incident: { reason: '${message}' } }],
  },
];
