import { apiVersionOf } from '../api/objects.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import type { NormalizedItem, NormalizedSignal, TargetResource } from '../signal/signal.ts';
import type { Random } from '../time/random.ts';
import { goJsonMap, goJsonString } from './go-json.ts';
import type { RemediationRequest } from './request-access.ts';
import { checkRequestFields } from './request-checks.ts';
import { formatUtcSeconds } from '../time/rfc3339.ts';
import { cutToBytes } from './text-limits.ts';

/** What a new request has beside its signal. */
export interface BuildOptions {
  /** From `requestName`. */
  name: string;
  /** The controller namespace. */
  namespace: string;
  kind: ServedRequestKind;
  /** Annotation `kubernaut.ai/created-at`, milliseconds since the epoch. */
  createdAtMs: number;
  /** `gateway-service` only when asked to look like the gateway. */
  managedBy: 'remedyctl' | 'gateway-service';
  /** `user@host`, for the audit trail. */
  injectedBy?: string | undefined;
}

const labelValueBytes = 63;
const annotationValueBytes = 262_000;

/** `rr-{first 12 digits of the fingerprint}-{8 random hex digits}`: made once per creation, kept over its retries. */
export function requestName(fingerprint: string, random: Random): string {
  return `rr-${Buffer.from(fingerprint).toString('utf8', 0, 12)}-${random.uuid().slice(0, 8)}`;
}

/**
 * The RemediationRequest that the gateway would make of a signal, with the fields that the served schema has.
 * Values of labels are cut to 63 bytes and those of annotations to 262,000, between characters; `providerData`
 * keeps the labels whole. Throws INVALID_FIELD where the API server would refuse it.
 */
export function buildRemediationRequest(item: NormalizedItem, options: BuildOptions): RemediationRequest {
  const { signal } = item;
  checkRequestFields(signal);
  const { kind } = options;
  return {
    apiVersion: apiVersionOf(kind.resource),
    kind: kind.resource.kind,
    metadata: {
      name: options.name,
      namespace: options.namespace,
      labels: {
        'app.kubernetes.io/managed-by': options.managedBy,
        'app.kubernetes.io/component': 'remediation',
      },
      annotations: annotationsOf(options),
    },
    spec: servedFields(specOf(signal, item.originalPayload().text), 'spec', kind),
  };
}

function annotationsOf({ createdAtMs, injectedBy }: BuildOptions): Record<string, string> {
  const annotations = { 'kubernaut.ai/created-at': formatUtcSeconds(createdAtMs) };
  return injectedBy === undefined
    ? annotations
    : { ...annotations, 'remedyctl.dev/injected-by': cutToBytes(injectedBy, annotationValueBytes) };
}

function specOf(signal: NormalizedSignal, originalPayload: string | undefined): Record<string, unknown> {
  const receivedTime = inUtc(signal.receivedTime);
  return {
    signalFingerprint: signal.fingerprint,
    signalName: signal.signalName,
    severity: signal.severity,
    signalType: signal.signalType,
    signalSource: nonEmpty(signal.signalSource),
    targetType: 'kubernetes',
    clusterID: nonEmpty(signal.clusterID),
    targetResource: targetOf(signal.resource),
    firingTime: signal.firingTime === undefined ? receivedTime : inUtc(signal.firingTime),
    receivedTime,
    signalLabels: cutValues(signal.labels, labelValueBytes),
    signalAnnotations: cutValues(signal.annotations, annotationValueBytes),
    providerData: `{"labels":${goJsonMap(signal.labels)},"namespace":${goJsonString(signal.namespace)}}`,
    originalPayload: nonEmpty(originalPayload),
    deduplication: { occurrenceCount: 1, firstSeen: receivedTime, lastSeen: receivedTime },
  };
}

function targetOf(resource: TargetResource): Record<string, unknown> {
  return {
    kind: resource.kind,
    name: resource.name,
    namespace: nonEmpty(resource.namespace),
    apiVersion: nonEmpty(resource.apiVersion),
  };
}

/** Drops what is absent, and what the served schema does not know: the server would warn and drop it. */
function servedFields(
  fields: Record<string, unknown>,
  path: string,
  kind: ServedRequestKind,
): Record<string, unknown> {
  const served = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && kind.hasField(`${path}.${name}`),
  );
  return Object.fromEntries(
    served.map(([name, value]) => [
      name,
      structured.has(name) ? servedFields(value as Record<string, unknown>, `${path}.${name}`, kind) : value,
    ]),
  );
}

/** Fields whose own fields are the schema's, unlike the free keys of a map. */
const structured: ReadonlySet<string> = new Set(['targetResource', 'deduplication']);

function cutValues(
  map: Record<string, string> | undefined,
  maxBytes: number,
): Record<string, string> | undefined {
  const entries = Object.entries(map ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key, cutToBytes(value, maxBytes)]));
}

function inUtc(time: string): string {
  return formatUtcSeconds(Date.parse(time));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
