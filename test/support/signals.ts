import { createHash } from 'node:crypto';

export const namespace = 'shop';

export interface AlertFields {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  status?: string;
  startsAt?: string;
}

/** A firing alert about a Deployment of the namespace `shop`. */
export function alert(deployment: string, { labels, ...fields }: AlertFields = {}): object {
  return {
    status: 'firing',
    labels: { alertname: 'ReplicasMissing', namespace, deployment, severity: 'warning', ...labels },
    annotations: {},
    startsAt: '2026-11-20T10:00:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: '',
    fingerprint: '0',
    ...fields,
  };
}

export function webhook(alerts: readonly object[]): string {
  return JSON.stringify({
    version: '4',
    groupKey: '{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'ops',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com',
    alerts,
  });
}

export function fingerprintOf(deployment: string): string {
  return createHash('sha256').update(`${namespace}:Deployment:${deployment}`).digest('hex');
}

/** Somebody else's lock on a Deployment's fingerprint, renewed so many seconds before `nowMs`. */
export function foreignLease(deployment: string, nowMs: number, ageSeconds = 0): object {
  const time = new Date(nowMs - ageSeconds * 1000).toISOString().replace('Z', '000Z');
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: `gw-lock-${fingerprintOf(deployment).slice(0, 16)}`,
      namespace: 'kubernaut-system',
    },
    spec: {
      holderIdentity: 'gateway-0',
      leaseDurationSeconds: 30,
      acquireTime: time,
      renewTime: time,
      leaseTransitions: 0,
    },
  };
}
