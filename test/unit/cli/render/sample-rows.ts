/** Rows of tables about signals, requests and locks, made of names. */
import type { KubeObject } from '../../../../src/api/objects.ts';
import type { DeduplicationState, HistoryEntry } from '../../../../src/dedup/deduplication-state.ts';
import type { SignalState } from '../../../../src/dedup/signal-states.ts';
import type { Reason } from '../../../../src/errors/reason.ts';
import type { SendItem } from '../../../../src/send/send-item.ts';
import type { IngestItem } from '../../../../src/ingest/ingest-item.ts';
import type { LockRecord } from '../../../../src/lease/lock-record.ts';
import type { NormalizedSignal, SignalItem, SignalSource } from '../../../../src/signal/signal.ts';
import type { Sample } from './sample-names.ts';

/** What ages are relative to. */
export const nowMs = Date.parse('2026-03-04T03:00:00Z');
const phases = ['AwaitingApproval', 'Executing', 'Completed', 'Failed'] as const;
const file = 'alerts/alertmanager-webhook-2026-03-04.json';

function of<T>(choices: readonly T[], index: number): T {
  return choices[index % choices.length] as T;
}

/** Times that differ from row to row. */
function grown(base: number, index: number): number {
  return base ** (index % 4);
}

function before(seconds: number): string {
  return new Date(nowMs - seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

function sourceOf(index: number): SignalSource {
  return { file, document: 0, index: index * 17, wrapper: 'alertmanagerWebhook' };
}

function requestOf({ namespace, request }: Sample): { namespace: string; name: string } {
  return { namespace, name: request };
}

function resourceOf({ kind, name, namespace }: Sample) {
  return { kind, name, namespace };
}

function signalOf(sample: Sample): NormalizedSignal {
  return {
    fingerprint: sample.fingerprint,
    signalName: sample.signalName,
    severity: 'critical',
    signalType: 'alert',
    signalSource: 'prometheus',
    ...(sample.cluster === undefined ? {} : { clusterID: sample.cluster }),
    namespace: sample.namespace,
    resource: resourceOf(sample),
    receivedTime: before(4),
  };
}

function unmanaged({ namespace, kind, name }: Sample): Reason {
  return {
    code: 'UNMANAGED',
    message: `neither the namespace ${namespace} nor ${kind}/${name} has the label kubernaut.ai/managed=true`,
  };
}

export function ingestItems(samples: readonly Sample[]): IngestItem[] {
  return samples.map((sample, index) => {
    const about = { source: sourceOf(index), signal: signalOf(sample), ownerChain: [`Pod/${sample.name}`] };
    const request = requestOf(sample);
    switch (index % 4) {
      case 0:
        return {
          ...about,
          outcome: 'created',
          request,
          deduplication: { occurrenceCount: 1, persisted: true },
        };
      case 1:
        return { ...about, outcome: 'rejected', reason: unmanaged(sample) };
      case 2:
        return {
          ...about,
          outcome: 'duplicate',
          request,
          decision: { reason: 'active', request, phase: 'AwaitingApproval' },
          deduplication: { occurrenceCount: 118, persisted: true },
        };
      default:
        return {
          ...about,
          outcome: 'failed',
          error: {
            code: 'LOCK_TIMEOUT',
            message: `the lock gw-lock-${sample.fingerprint.slice(0, 16)} is held by ${sample.holder} until 2026-03-04T04:58:27Z`,
            type: 'lock',
            retryable: true,
            attempts: 1,
          },
        };
    }
  });
}

export function sendItems(samples: readonly Sample[]): SendItem[] {
  return samples.map((sample, index) => {
    const about = { source: sourceOf(index), signal: signalOf(sample), ownerChain: [`Pod/${sample.name}`] };
    const request = requestOf(sample);
    switch (index % 4) {
      case 0:
        return {
          ...about,
          outcome: 'created',
          request,
          gateway: { status: 201, body: {} },
          deduplication: { occurrenceCount: 1, persisted: true },
          ours: { outcome: 'wouldCreate' },
          differs: false,
        };
      case 1:
        return { ...about, outcome: 'dropped', reason: unmanaged(sample), ours: { outcome: 'rejected' } };
      case 2:
        return {
          ...about,
          outcome: 'duplicate',
          request,
          gateway: { status: 202, body: {} },
          deduplication: { occurrenceCount: 118, claimedCount: 119, persisted: false },
          ours: { outcome: 'wouldCreate' },
          differs: true,
          differences: ['we: wouldCreate, the gateway: duplicate'],
        };
      default:
        return {
          ...about,
          outcome: 'unknown',
          reason: {
            code: 'OUTCOME_UNKNOWN',
            message: 'whether the gateway took it is not known: no whole answer within 60 s',
          },
        };
    }
  });
}

export function signalItems(samples: readonly Sample[]): SignalItem[] {
  return samples.map((sample, index) =>
    index % 4 === 1
      ? {
          source: sourceOf(index),
          outcome: 'skipped',
          reason: {
            code: 'RESOLVED_ALERT',
            message: 'the alert is resolved: nothing is to be done about it',
          },
          about: { signalName: sample.signalName, resource: resourceOf(sample) },
          warnings: [],
        }
      : {
          source: sourceOf(index),
          outcome: 'normalized',
          resolution: 'owner',
          ownerChain: [`Pod/${sample.name}`, `${sample.kind}/${sample.name}`],
          signal: signalOf(sample),
          warnings: [],
          originalPayload: () => ({}),
        },
  );
}

export function requests(samples: readonly Sample[]): KubeObject[] {
  return samples.map((sample, index) => ({
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: {
      namespace: sample.namespace,
      name: sample.request,
      creationTimestamp: before(7_200 + index * 86_400),
    },
    spec: {
      signalFingerprint: sample.fingerprint,
      signalName: sample.signalName,
      severity: 'critical',
      clusterID: sample.cluster ?? '',
      targetResource: resourceOf(sample),
    },
    status: {
      overallPhase: of(phases, index),
      ...(index % 4 < 2
        ? {}
        : { completionStatus: { outcome: index % 4 === 2 ? 'Remediated' : 'ManualReviewRequired' } }),
      deduplication: { occurrenceCount: grown(7, index), lastSeenAt: before(90 * grown(7, index)) },
    },
  }));
}

export function locks(samples: readonly Sample[]): LockRecord[] {
  const states = ['held', 'held', 'orphaned', 'noExpiry'] as const;
  return samples.map((sample, index) => ({
    name: `gw-lock-${sample.fingerprint.slice(0, 16)}`,
    namespace: index % 4 === 1 ? sample.namespace : 'kubernaut-system',
    fingerprint: sample.fingerprint,
    state: of(states, index),
    holder: sample.holder,
    acquiredAt: before(93 * grown(9, index)),
    renewedAt: before(12 * grown(9, index)),
    durationSeconds: index % 4 === 1 ? 7_200 : 30,
    ...(index % 4 === 3
      ? {}
      : { expiresAt: before(-6_907), expiresInSeconds: index % 4 === 2 ? -300_000 : 6_907 }),
    transitions: index,
    resourceVersion: String(10_452 * grown(7, index)),
    resource: resourceOf(sample),
    request: { name: sample.request, phase: of(phases, index) },
  }));
}

export function states(samples: readonly Sample[]): DeduplicationState[] {
  const standings = ['active', 'suppressed', 'manualReview', 'open'] as const;
  const reasons = ['active', 'backoff', 'manualReview', 'none'] as const;
  return samples.map((sample, index) => ({
    fingerprint: sample.fingerprint,
    resource: resourceOf(sample),
    ...(sample.cluster === undefined ? {} : { clusterID: sample.cluster }),
    state: of(standings, index),
    decision: {
      reason: of(reasons, index),
      ...(index % 4 === 3 ? {} : { request: requestOf(sample), phase: of(phases, index) }),
    },
    occurrenceCount: grown(7, index),
    firstSeenAt: before(86_400),
    lastSeenAt: before(90 * grown(7, index)),
    since: before(3_600),
    ...(index % 4 === 1 ? { until: before(-900) } : {}),
    history: history(samples.slice(0, index + 1)),
  }));
}

export function history(samples: readonly Sample[]): HistoryEntry[] {
  return samples.map((sample, index) => ({
    name: sample.request,
    phase: of(phases, index),
    ...(index % 4 < 2 ? {} : { outcome: 'ManualReviewRequired', completedAt: before(1_800) }),
    createdAt: before(7_200),
    occurrenceCount: grown(7, index),
    firstSeenAt: before(7_200),
    lastSeenAt: before(90),
    counted: index === 0,
    considered:
      index === 0
        ? `stands in the way: it is active (phase AwaitingApproval)`
        : `does not count: it has failed at ${before(1_800)} and holds nothing back`,
  }));
}

export function signalStates(samples: readonly Sample[]): SignalState[] {
  return states(samples).map((state, index) => {
    const sample = samples[index] as Sample;
    const about = { source: sourceOf(index), signalName: sample.signalName };
    if (index % 4 === 3) return { ...about, outcome: 'rejected', reason: unmanaged(sample) };
    return { ...about, ...state, outcome: index === 0 ? 'wouldCreate' : 'wouldDuplicate' };
  });
}
