import type { KubeObject } from '../../../src/api/objects.ts';

interface RequestGiven {
  name: string;
  fingerprint?: string;
  created?: string;
  target?: { kind: string; name: string; namespace?: string };
  status?: object;
  annotations?: Record<string, string>;
}

/** A RemediationRequest as a cluster has them. */
export function requestObject({
  name,
  fingerprint = 'a'.repeat(64),
  created = '2026-08-22T11:00:00Z',
  target = { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
  status = {},
  annotations = {},
}: RequestGiven): KubeObject {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: {
      name,
      namespace: 'kubernaut-system',
      uid: `uid-${name}`,
      creationTimestamp: created,
      annotations,
    },
    spec: {
      signalFingerprint: fingerprint,
      signalName: 'KubePodCrashLooping',
      severity: 'critical',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: target,
      firingTime: created,
      receivedTime: created,
    },
    status,
  };
}
