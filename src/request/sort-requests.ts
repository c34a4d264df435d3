import type { KubeObject } from '../api/objects.ts';
import type { SortKeys } from '../jsonpath/sort-by.ts';

/** What RemediationRequests can be sorted by; times and counts where the newest schema has them. */
export const requestSortKeys: SortKeys<KubeObject> = {
  noun: 'requests',
  fields: {
    name: '.metadata.name',
    namespace: '.metadata.namespace',
    age: '.metadata.creationTimestamp',
    phase: '.status.overallPhase',
    outcome: '.status.completionStatus.outcome',
    signalName: '.spec.signalName',
    severity: '.spec.severity',
    occurrenceCount: '.status.deduplication.occurrenceCount',
    lastSeenAt: '.status.deduplication.lastSeenAt',
  },
  nameOf: ({ metadata }) => metadata.name,
};
