/** The objects and paths that the cases speak of. */
const inNamespace = (group: string, plural: string): string => `${group}/namespaces/{ns}/${plural}`;

export const requests = inNamespace('/apis/kubernaut.ai/v1alpha1', 'remediationrequests');
export const allRequests = '/apis/kubernaut.ai/v1alpha1/remediationrequests';
export const leases = inNamespace('/apis/coordination.k8s.io/v1', 'leases');
export const events = inNamespace('/api/v1', 'events');
export const namespaces = '/api/v1/namespaces';

export const fingerprint = (digit: string): string => digit.repeat(64);

type Fields = Record<string, unknown>;

export function requestSpec(overrides: Fields = {}): Fields {
  return {
    signalFingerprint: fingerprint('a'),
    signalName: 'KubePodCrashLooping',
    severity: 'critical',
    signalType: 'alert',
    signalSource: 'prometheus-adapter',
    targetType: 'kubernetes',
    targetResource: { kind: 'Deployment', name: 'checkout', namespace: 'shop' },
    firingTime: '2026-11-20T10:00:00Z',
    receivedTime: '2026-11-20T10:00:05Z',
    ...overrides,
  };
}

/** A request that holds every rule; `rest` replaces top-level fields, `metadata` adds to name. */
export function request(name: string, rest: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, ...metadata },
    spec: requestSpec(),
    ...rest,
  };
}

/** The same with one field of the spec changed; undefined leaves the field out. */
export function requestWith(name: string, spec: Fields): Fields {
  return request(name, { spec: requestSpec(spec) });
}

export function statusOf(name: string, status: unknown, metadata: Fields = {}): Fields {
  return { ...request(name, {}, metadata), status };
}

export function lease(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, ...metadata },
    spec: {
      holderIdentity: 'host/1/abc',
      leaseDurationSeconds: 30,
      acquireTime: '2026-11-20T10:00:00.000000Z',
      renewTime: '2026-11-20T10:00:00.000000Z',
      leaseTransitions: 0,
      ...spec,
    },
  };
}

export function event(name: string, rest: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: '{ns}' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'checkout-0', namespace: '{ns}' },
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    type: 'Warning',
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: '2026-11-20T10:00:00Z',
    lastTimestamp: '2026-11-20T10:05:00Z',
    count: 7,
    ...rest,
  };
}
