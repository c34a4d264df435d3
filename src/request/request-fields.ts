import type { KubeObject } from '../api/objects.ts';
import type { DeduplicationRecord, RequestSummary } from './request-summary.ts';

/**
 * Bytes of the longest text that a summary may need. Names, times and fingerprints are far shorter; a request
 * itself carries whole webhooks.
 */
export const longestSummaryText = 1024;

/**
 * Reads a RemediationRequest of either status layout: nested first (`completionStatus.outcome`,
 * `routingStatus.nextAllowedExecution`; 2026-08 and later), then flat. Fields of a wrong type count as absent, so
 * an object that somebody bent by hand never stops a run.
 */
export function summarizeRequest(object: KubeObject): RequestSummary {
  const spec = recordIn(object, 'spec');
  const status = recordIn(object, 'status');
  const { metadata } = object;
  return {
    fingerprint: textIn(spec, 'signalFingerprint') ?? '',
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    phase: textIn(status, 'overallPhase') ?? '',
    ...present({
      outcome: textIn(recordIn(status, 'completionStatus'), 'outcome') ?? textIn(status, 'outcome'),
      nextAllowedExecution:
        textIn(recordIn(status, 'routingStatus'), 'nextAllowedExecution') ??
        textIn(status, 'nextAllowedExecution'),
      creationTimestamp: metadata.creationTimestamp,
      deletionTimestamp: metadata.deletionTimestamp,
      target: targetIn(recordIn(spec, 'targetResource')),
      clusterID: textIn(spec, 'clusterID'),
      source: textIn(spec, 'signalSource'),
      receivedTime: textIn(spec, 'receivedTime'),
      ...readDeduplication(spec, status),
    }),
  };
}

function targetIn(resource: Record<string, unknown>): RequestSummary['target'] {
  const kind = textIn(resource, 'kind');
  const name = textIn(resource, 'name');
  if (kind === undefined || name === undefined) return undefined;
  return { kind, name, ...present({ namespace: textIn(resource, 'namespace') }) };
}

function readDeduplication(
  spec: Record<string, unknown>,
  status: Record<string, unknown>,
): Pick<RequestSummary, 'deduplication' | 'deduplicationIn'> {
  const current = recordIn(status, 'deduplication');
  const record = deduplicationRecord(current, { first: 'firstSeenAt', last: 'lastSeenAt' });
  if (Object.keys(record).length > 0) return { deduplication: record };
  const old = deduplicationRecord(recordIn(spec, 'deduplication'), { first: 'firstSeen', last: 'lastSeen' });
  return Object.keys(old).length > 0 ? { deduplication: old, deduplicationIn: 'spec' } : {};
}

function deduplicationRecord(
  from: Record<string, unknown>,
  names: { first: string; last: string },
): DeduplicationRecord {
  const occurrenceCount = from['occurrenceCount'];
  return present({
    occurrenceCount: Number.isInteger(occurrenceCount) ? (occurrenceCount as number) : undefined,
    firstSeenAt: textIn(from, names.first),
    lastSeenAt: textIn(from, names.last),
  });
}

/** Empty where there is none. */
export function recordIn(from: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = from[key];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Undefined for an empty text too. */
export function textIn(from: Record<string, unknown>, key: string): string | undefined {
  const value = from[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
