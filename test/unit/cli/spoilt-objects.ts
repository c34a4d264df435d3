export const fingerprint = 'a'.repeat(64);
/** What the commands read, whole: requests, locks, and an owner. */
export const readableObjects: readonly object[] = [
  ...['one', 'two'].map((name, index) => ({
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace: 'kubernaut-system', labels: { a: 'b' }, annotations: { c: 'd' } },
    spec: {
      signalFingerprint: String.fromCharCode(97 + index).repeat(64),
      signalName: 'KubePodCrashLooping',
      severity: 'critical',
      signalType: 'alert',
      targetType: 'kubernetes',
      targetResource: { kind: 'Deployment', name: 'api', namespace: 'prod', apiVersion: 'apps/v1' },
      firingTime: '2026-11-01T10:00:00Z',
      receivedTime: '2026-11-01T10:00:05Z',
    },
    status: {
      overallPhase: index === 0 ? 'Executing' : 'Completed',
      outcome: 'ManualReviewRequired',
      requiresManualReview: true,
      completedAt: '2026-11-01T10:01:00Z',
      nextAllowedExecution: '2026-11-01T11:00:00Z',
      deduplication: {
        occurrenceCount: 3,
        firstSeenAt: '2026-11-01T10:00:05Z',
        lastSeenAt: '2026-11-01T10:00:09Z',
      },
      completionStatus: { outcome: 'ManualReviewRequired' },
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-01T10:00:05Z' }],
    },
  })),
  ...['a', 'b'].map((letter) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: `rr-lock-${letter.repeat(16)}`, namespace: 'kubernaut-system' },
    spec: {
      holderIdentity: 'gateway-1',
      leaseDurationSeconds: 30,
      acquireTime: '2026-11-01T10:00:00.000000Z',
      renewTime: '2026-11-01T10:00:00.000000Z',
      leaseTransitions: 2,
    },
  })),
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'checkout', namespace: 'prod', labels: { 'kubernaut.ai/managed': 'true' } },
  },
];
