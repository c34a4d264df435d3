import type { KubeObject } from '../../src/api/objects.ts';

const managed = { 'kubernaut.ai/managed': 'true' };

function workload(kind: string, namespace: string, name: string, labels = {}): KubeObject {
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1';
  return { apiVersion, kind, metadata: { name, namespace, labels } };
}

function namespaceOf(name: string, labels = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** The cluster around the recorded gateway, as far as its answers depend on it. */
export const gatewayObjects: readonly KubeObject[] = [
  namespaceOf('prod', managed),
  namespaceOf('data', managed),
  namespaceOf('legacy'),
  workload('Deployment', 'prod', 'payment-api', managed),
  workload('Deployment', 'prod', 'checkout'),
  workload('Deployment', 'prod', 'late'),
  workload('Deployment', 'prod', 'twice'),
  workload('Deployment', 'prod', 'opted-out', { 'kubernaut.ai/managed': 'false' }),
  workload('Pod', 'prod', 'standalone'),
  workload('Deployment', 'legacy', 'notebook'),
  workload('Deployment', 'data', 'over-quota'),
  workload('StatefulSet', 'data', 'ledger'),
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-9' } },
];

/** An alert about a resource, by its labels. */
export function alertOf(labels: Record<string, string>, fields: Record<string, unknown> = {}): object {
  return {
    status: 'firing',
    labels: { alertname: 'KubeDeploymentDegraded', severity: 'warning', ...labels },
    annotations: {},
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    ...fields,
  };
}

/** A webhook of these alerts. */
export function webhookText(alerts: readonly object[], common: Record<string, string> = {}): string {
  return JSON.stringify({
    version: '4',
    groupKey: '{}',
    status: 'firing',
    receiver: 'ops',
    groupLabels: {},
    commonLabels: common,
    commonAnnotations: {},
    externalURL: '',
    alerts,
  });
}

/** A core v1 Event of a pod; its age in milliseconds, negative for one that is to come. */
export function eventOf(
  name: string,
  { ageMs = 1_000, ...fields }: { ageMs?: number } & Record<string, unknown> = {},
): object {
  const at = new Date(Date.now() - ageMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.1`, namespace: 'prod' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'prod', name },
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    type: 'Warning',
    firstTimestamp: at,
    lastTimestamp: at,
    ...fields,
  };
}
