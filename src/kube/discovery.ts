import type { ApiResource } from '../api/objects.ts';

/** How RemediationRequest.status is laid out by the schema that is served. */
export type StatusLayout = 'nested' | 'flat';

export interface ServedRequestKind {
  resource: ApiResource;
  statusLayout: StatusLayout;
  /** Whether the served schema has this field, dotted from the root: `status.deduplication.occurrenceCount`. */
  hasField(path: string): boolean;
}

/** What the API server serves. Every answer is asked for once and kept for the life of the client. */
export interface Discovery {
  /** Every served resource (preferred versions first), subresources left out. */
  resources(): Promise<ApiResource[]>;
  remediationRequests(): Promise<ServedRequestKind>;
}
