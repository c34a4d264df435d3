const policy = { multiplier: 2, jitter: 0.1, growth: 'exponential', spread: 'around' };
/** The first line of the trace. */
export const recordedHeader = {
  apiVersion: 'remedyctl.dev/v1',
  kind: 'RetryTrace',
  startedAt: '2026-08-22T00:00:00.000Z',
  program: 'remedyctl/0.1.0',
  policies: {
    creation: { ...policy, maxAttempts: 3, initialSeconds: 0.1, maxSeconds: 5 },
    lockContention: { ...policy, maxAttempts: 10, initialSeconds: 0.1, maxSeconds: 1 },
    statusUpdate: { ...policy, spread: 'above', initialSeconds: 0.01, maxSeconds: 0.275, withinSeconds: 30 },
  },
};

const steps = [
  ['check_deduplication', 'list remediationrequests.kubernaut.ai', 'creation'],
  ['acquire_lock', 'create leases.coordination.k8s.io', 'lockContention'],
  ['create_remediation_request', 'create remediationrequests.kubernaut.ai', 'creation'],
  ['update_status', 'update remediationrequests.kubernaut.ai', 'statusUpdate'],
  ['release_lock', 'delete leases.coordination.k8s.io', undefined],
] as const;

/** The trace of a day: so many operations, every hundredth creation of them retried once. */
export function recordedDay(operations: number): string {
  const lines = [JSON.stringify(recordedHeader)];
  const error = {
    type: 'service_unavailable',
    status: 503,
    reason: 'ServiceUnavailable',
    message: 'service unavailable',
  };
  for (let id = 1; id <= operations; id += 1) {
    const [operation, request, name] = steps[id % steps.length]!;
    const ok = { attempt: 1, request, atSeconds: 0, durationSeconds: 0.003, outcome: 'ok' };
    const failed = { ...ok, outcome: 'error', error, retryable: true, waitSeconds: 0.104 };
    const attempts = id % 500 === 2 ? [failed, { ...ok, attempt: 2, atSeconds: 0.107 }] : [ok];
    const startedAt = new Date(Date.parse(recordedHeader.startedAt) + id * 432).toISOString();
    lines.push(
      JSON.stringify({
        ...{ id, operation, object: String(id).padStart(64, '0'), startedAt, attempts },
        ...(name === undefined ? {} : { policy: name }),
        ...{ result: 'ok', totalSeconds: 0.003 },
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}
