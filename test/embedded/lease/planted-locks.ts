import type { KubeObject } from '../../../src/api/objects.ts';
import type { Lease, LeaseSpec } from '../../../src/lease/lease-object.ts';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { formatMicroTime } from '../../../src/lease/micro-time.ts';

export const namespace = 'kubernaut-system';

/** 64 digits that begin with these. */
export function fingerprintLike(digits: string): string {
  return digits.padEnd(64, '0');
}

export function lease(name: string, spec: LeaseSpec, where = namespace): Lease {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: where },
    spec,
  };
}

/** A lock of the fingerprint that was taken and renewed so many seconds before `nowMs`. */
export function lockOf(
  fingerprint: string,
  nowMs: number,
  ages: { acquired: number; renewed?: number; holder?: string; duration?: number },
): Lease {
  const { acquired, renewed = acquired, holder = 'gateway-7d9f-abcde', duration = 30 } = ages;
  return lease(leaseName(fingerprint), {
    holderIdentity: holder,
    leaseDurationSeconds: duration,
    acquireTime: formatMicroTime(nowMs - acquired * 1000),
    renewTime: formatMicroTime(nowMs - renewed * 1000),
  });
}

export function request(
  fingerprint: string,
  overallPhase: string,
  name = `rr-${fingerprint.slice(0, 12)}-1`,
): KubeObject {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace, creationTimestamp: '2026-08-22T11:00:00Z' },
    spec: {
      signalFingerprint: fingerprint,
      signalName: 'KubePodCrashLooping',
      severity: 'warning',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: 'checkout', namespace: 'prod', apiVersion: 'apps/v1' },
      firingTime: '2026-08-22T11:00:00Z',
      receivedTime: '2026-08-22T11:00:00Z',
    },
    status: { overallPhase },
  };
}

/** A pod where locks are, running since then. */
export function podOf(name: string, startTime: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    status: { phase: 'Running', startTime },
  };
}
