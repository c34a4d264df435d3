/** How the investigation of a cluster that has gone missing ends. */
import { reportAndNoteActions, type PlanTemplate } from './template.ts';

const chgm = { alertType: 'chgm', noteTitle: 'CHGM' };
const begin = reportAndNoteActions('chgm');
const notStopped = { success: 'Customer did not stop nodes.' };
const escalateWithoutRemedy = {
  escalate_incident: { reason: 'No automated remediation available - manual investigation required' },
};
const unsupported = 'Cluster is in Limited Support due to unsupported cloud provider configuration';

/** The outcomes of investigations of clusters that have gone missing. */
export const chgmTemplates: readonly PlanTemplate[] = [
  {
    ...chgm,
    name: 'instances-stopped',
    summary: 'The customer stopped instances of the cluster.',
    notes: [{ warning: 'Customer stopped instances.' }],
    actions: [
      {
        limited_support: {
          summary: unsupported,
          details:
            'Instances of this cluster were stopped or terminated in the cloud account by somebody other than the cluster itself, and the cluster no longer answers. Start the instances again. Support is limited until all of them run.',
          context: 'StoppedInstances',
        },
      },
      ...begin,
      { silence_incident: { reason: 'Customer stopped instances - cluster in limited support' } },
    ],
  },
  {
    ...chgm,
    name: 'egress-blocked',
    summary: "The cluster cannot reach the dead man's snitch.",
    notes: [notStopped, { warning: 'Egress `nosnch.in` blocked.' }],
    actions: [
      {
        limited_support: {
          summary: unsupported,
          details:
            'This cluster cannot reach nosnch.in, the address at which it reports that it is alive, so it cannot be monitored. Let the network of the cluster reach every address that the documentation of its product lists. Support is limited until it does.',
          context: 'EgressBlocked',
        },
      },
      ...begin,
      { silence_incident: { reason: "Deadman's snitch blocked - cluster in limited support" } },
    ],
  },
  {
    ...chgm,
    name: 'network-misconfigured',
    summary: "Addresses are blocked, but not the dead man's snitch.",
    notes: [
      notStopped,
      {
        warning:
          'NetworkVerifier found unreachable targets, but deadmanssnitch is not blocked! Unreachable: ${targets}',
      },
    ],
    actions: [
      {
        service_log: {
          severity: 'Critical',
          summary: 'Action required: Network misconfiguration',
          description:
            'This cluster cannot reach addresses that it needs: ${targets}. Updates, support and monitoring may fail. Let the network of the cluster reach them.',
        },
      },
      ...begin,
      {
        escalate_incident: {
          reason: "Egress blocked but not deadman's snitch - manual investigation required",
        },
      },
    ],
  },
  {
    ...chgm,
    name: 'investigation-incomplete',
    summary: 'The instances could not be looked into to the end.',
    notes: [{ warning: 'Could not complete instance investigation: ${finding}' }],
    actions: [
      ...begin,
      { escalate_incident: { reason: 'Investigation incomplete - manual review required' } },
    ],
  },
  {
    ...chgm,
    name: 'investigation-failed',
    summary: 'The investigation of the instances failed.',
    notes: [{ warning: 'Unexpected error during instance investigation: ${error}' }],
    actions: [...begin, { escalate_incident: { reason: 'Investigation error - manual review required' } }],
  },
  {
    ...chgm,
    name: 'verifier-failed',
    summary: 'The instances run, and the network could not be verified.',
    notes: [notStopped, { warning: 'NetworkVerifier failed to run: ${error}' }],
    actions: [...begin, escalateWithoutRemedy],
  },
  {
    ...chgm,
    name: 'no-remediation',
    summary: 'Nothing was found that could be mended without a person.',
    notes: [notStopped, { success: 'Network verifier passed' }],
    actions: [...begin, escalateWithoutRemedy],
  },
];
