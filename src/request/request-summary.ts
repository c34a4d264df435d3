/**
 * How often and when one resource was reported: `status.deduplication`, or `spec.deduplication` in the 2025 layout.
 * A part that the object does not have is absent. Times are RFC 3339 as stored.
 */
export interface DeduplicationRecord {
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
}

/**
 * What remedyctl remembers of one RemediationRequest: everything that the decision and the next write need, and
 * nothing more, since a bulk run holds one of these for each request of the namespace.
 */
export interface RequestSummary {
  fingerprint: string;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  /** `status.overallPhase`, empty where there is none. */
  phase: string;
  outcome?: string;
  /** RFC 3339, as stored. */
  nextAllowedExecution?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  /** `spec.targetResource`, where it has a kind and a name; `namespace` absent for cluster-scoped ones. */
  target?: { kind: string; name: string; namespace?: string };
  /** `spec.clusterID`. */
  clusterID?: string;
  /** `spec.signalSource`. */
  source?: string;
  /** `spec.receivedTime`. */
  receivedTime?: string;
  deduplication?: DeduplicationRecord;
  /** Where the status has no count and no times, and `deduplication` is what the creator wrote into the spec. */
  deduplicationIn?: 'spec';
}
