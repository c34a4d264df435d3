import type { KubeObject } from '../api/objects.ts';
import type { Drive, ReplayStage } from '../retry/replay.ts';
import { statusUpdate, withoutLastAttempt } from '../retry/retry-policy.ts';
import { recordDuplicateSettling, recordFirstOccurrence } from '../request/record-occurrence.ts';
import type { RemediationRequest, RequestAccess } from '../request/request-access.ts';
import type { RequestSummary } from '../request/request-summary.ts';
import { ScriptedObjects } from './scripted-objects.ts';
import type { TraceOperation } from './trace-operation.ts';

/** How long conflicts are retried where a policy has neither a last attempt nor a time. */
const usualLimitMs = 30_000;

const kind: RequestAccess['kind'] = {
  resource: {
    group: 'kubernaut.ai',
    version: 'v1alpha1',
    plural: 'remediationrequests',
    singular: 'remediationrequest',
    kind: 'RemediationRequest',
    namespaced: true,
  },
  statusLayout: 'nested',
  hasField: () => true,
};

/** Replays a write of the count by the code that writes it, over conflicts as the trace has them. */
export function statusDrive(operation: TraceOperation): Drive {
  const request = summaryOf(operation);
  return async (stage) => {
    const { clock, random, recorder, signal, policy = withoutLastAttempt(statusUpdate) } = stage;
    const { side } = recorder;
    side.tries = 1;
    const objects = new ScriptedObjects(stage, (_key, ahead) => requestFound(request, ahead[0]?.request));
    const access: RequestAccess = { objects, kind, namespace: request.namespace };
    const patience = {
      clock,
      random,
      signal,
      policy,
      nowMs: clock.now(),
      deadlineMonotonicMs: clock.monotonicMs() + limitOf(policy),
      onWait: (waitMs: number): void => {
        recorder.waits(waitMs, { policy, attempt: side.tries });
        side.tries += 1;
      },
    };
    const result = isFirst(operation)
      ? await recordFirstOccurrence(access, { request, object: unwritten(request), adopted: false }, patience)
      : await recordDuplicateSettling(access, request, {
          ...patience,
          occurrences: 1,
          stillDuplicate: () => !wasDecidedAnew(operation, stage),
        });
    if (result.kind === 'unrecorded') throw result.error;
  };
}

function limitOf({ maxAttempts, withinMs }: NonNullable<ReplayStage['policy']>): number {
  return withinMs ?? (Number.isFinite(maxAttempts) ? Number.POSITIVE_INFINITY : usualLimitMs);
}

/** The creator's own write is a PUT. */
function isFirst({ tries }: TraceOperation): boolean {
  return tries[0]?.[0]?.request?.startsWith('update ') === true;
}

/** It ended well with a read: the decision that it was to count for no longer held. */
function wasDecidedAnew({ recorded, result }: TraceOperation, { server }: ReplayStage): boolean {
  if (recorded === undefined || result !== 'ok' || server.ahead().length > 0) return false;
  const last = recorded.attempts.at(-1);
  return last?.request?.startsWith('get ') === true && last.outcome === 'ok';
}

function summaryOf({ object = 'replayed' }: TraceOperation): RequestSummary {
  return {
    fingerprint: object,
    namespace: 'replayed',
    name: 'replayed',
    uid: 'replayed',
    resourceVersion: '1',
    phase: 'Pending',
    deduplication: { occurrenceCount: 1 },
  };
}

/** With the count of who came between, unless a patch follows: that is how the creator finds its own missing. */
function requestFound(request: RequestSummary, next: string | undefined): KubeObject {
  const counted = next?.startsWith('patch ') === true ? {} : { deduplication: { occurrenceCount: 2 } };
  return { ...unwritten(request), status: counted };
}

function unwritten({
  fingerprint,
  name,
  namespace,
  uid,
  resourceVersion,
}: RequestSummary): RemediationRequest {
  return {
    metadata: { name, namespace, uid, resourceVersion },
    spec: { signalFingerprint: fingerprint },
  };
}
