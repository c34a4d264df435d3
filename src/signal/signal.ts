import type { Notice, Reason } from '../errors/reason.ts';

/** Where a signal came from: `document` counts documents in the file, `index` items in one, both from 0. */
export interface SignalSource {
  file: string;
  document: number;
  index: number;
  /** The format that the alert or event was wrapped in, by its name in docs/signal-formats.md; absent for none. */
  wrapper?: string;
}

/** Which alert or event an item is that is no signal, as far as the document tells. */
export interface SignalAbout {
  /** The alert's name, or the event's reason. */
  signalName?: string;
  /** What its labels or the event name, before owners are looked up. */
  resource?: TargetResource;
}

/** The resource that a signal is about; a cluster-scoped one has no namespace, an unknown apiVersion is absent. */
export interface TargetResource {
  kind: string;
  name: string;
  namespace?: string;
  apiVersion?: string;
}

/** A signal as the gateway sees it once its target's owner is known (docs/gateway-semantics.md 1 and 2). */
export interface NormalizedSignal {
  /** 64 lower-case hex digits. */
  fingerprint: string;
  signalName: string;
  severity: string;
  signalType: 'alert';
  signalSource: 'prometheus' | 'kubernetes-events';
  /** Absent where no cluster is named. */
  clusterID?: string;
  /** The namespace in the fingerprint; empty for a cluster-scoped target without one. */
  namespace: string;
  /** What the fingerprint was made of. */
  resource: TargetResource;
  /** Absent for events, as the reference has them nil there. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339 with the offset of the input, second precision. */
  firingTime?: string;
  /** RFC 3339 in UTC, second precision. */
  receivedTime: string;
}

/** One signal, or one item that is none: the shape that `signal normalize` prints and `signal ingest` extends. */
export type SignalItem = NormalizedItem | RefusedItem;

/** A signal whose target and owner are known. */
export interface NormalizedItem {
  source: SignalSource;
  outcome: 'normalized';
  resolution: 'owner' | 'resource';
  /** `Kind/name`, from the signal's own target to the resource of the fingerprint. */
  ownerChain: string[];
  signal: NormalizedSignal;
  warnings: Notice[];
  /** spec.originalPayload, within the API server's limits; computed when asked for. */
  originalPayload: () => OriginalPayload;
}

/** The signal's own text, or the warning that says why it is left out. */
export interface OriginalPayload {
  text?: string;
  warning?: Notice;
}

/** A signal that does not go on: `skipped` is no fault, `rejected` stays so, `failed` may pass. */
export interface RefusedItem {
  source: SignalSource;
  outcome: 'skipped' | 'rejected' | 'failed';
  reason: Reason;
  /** `failed` only: whether trying again can help. */
  retryable?: boolean;
  about?: SignalAbout;
  warnings: Notice[];
}
